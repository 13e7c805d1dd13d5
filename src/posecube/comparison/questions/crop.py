"""The box around the subject, or the whole frame?

PoseConv3D section 4.3, "Subjects-Centered Cropping". Without the crop the frame as a whole is scaled to the map.

    posecube compare crop --store stores/penn --out runs/crop --views 10 --flip --seeds 0 1 2
"""

from posecube.comparison.question import Question
from posecube.errors import UserError
from posecube.training import Recipe


def _variants(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    space = base.model.clip.space
    if space.num_axes == 3:
        raise UserError(f"crop acts on an image, recipe {base.name} reads 3D joints (space {space.kind!r})")
    return {
        "crop": base.changed(model__clip__space__crop=True),
        "whole_frame": base.changed(model__clip__space__crop=False),
    }


CROP = Question(
    name="crop",
    asks="Does it help to crop to the subject before drawing?",
    paper="Yes (section 4.3, input 32x56x56): NTU-60 93.2 with the crop, 92.2 % without",
    differs_in=("model.clip.space.crop",),
    variants=_variants,
)
