"""The graph network that stands beside a heatmap network: the same clips and training, another way to read them."""

from __future__ import annotations

from posecube.errors import UserError
from posecube.networks import find_network
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import ImageSpace, ResampledTimes, UprightSpace
from posecube.training import Recipe

TIMES_AS_LONG = 2  # published lengths: 100 frames of a graph network beside 48 of a heatmap network
# Fields of a recipe in which a graph network differs from the heatmap network beside it.
READING = (
    "model.network",
    "model.representation",
    "model.clip.space",
    "model.clip.clip_len",
    "model.clip.frames",
)


def graph_of(base: Recipe, *, architecture: str = "stgcnpp", num_axes: int) -> Recipe:
    """A graph network in place of the recipe's heatmap network: as near to its published width, twice as many frames.

    3D joints are read upright, in metres about the subject's first place. 2D joints, and with ``num_axes=2`` also
    projections of 3D ones, are read in the image, across the subject's box, with their confidence. The clip is
    resampled at evenly spread times, which coordinates allow and published graph networks do. A dropout that is not the
    published one stays.

    Args:
        num_axes: Axes that the network reads, 2 or 3.

    Raises:
        UserError: If the recipe draws no volumes.

    Source: the proportion of width and length is that of the published configurations; reading 2D joints with their
    confidence and 3D ones without is pyskl's.
    """
    needs_volume(base)
    volume = base.model.network
    dropout = {name: value for name, value in volume.chosen.items() if name == "dropout"}
    graph = find_network(architecture).scaled(volume.relative_width, max_people=base.model.clip.max_people, **dropout)
    return base.changed(
        model__network=graph,
        model__representation=StreamSpec(with_confidence=num_axes == 2),
        model__clip__space=base.model.clip.space.changed_to(ImageSpace if num_axes == 2 else UprightSpace),
        model__clip__clip_len=TIMES_AS_LONG * base.model.clip.clip_len,
        model__clip__frames=ResampledTimes(),
    )


def needs_volume(base: Recipe) -> None:
    """Refuse recipes of other networks than heatmap networks.

    Raises:
        UserError: If the recipe draws no volumes.
    """
    if not isinstance(base.model.representation, VolumeSpec):
        raise UserError(
            f"this comparison starts from a recipe that draws heatmap volumes, {base.name} reads a graph: "
            "give another --recipe, such as penn_joint, or none"
        )
