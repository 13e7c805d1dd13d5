"""A heatmap a joint, or a heatmap a limb?

PoseConv3D section 4.3, "Pseudo Heatmaps: Joints or Limbs?". Both volumes are drawn from the same coordinates.

    posecube compare joint-vs-limb --store stores/penn --out runs/joint_vs_limb --views 10 --flip --seeds 0 1 2
"""

from posecube.comparison.graph_variant import needs_volume
from posecube.comparison.question import Question
from posecube.training import Recipe


def _variants(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    needs_volume(base)
    return {name: base.changed(model__representation__shows=f"{name}s") for name in ("joint", "limb")}


JOINT_OR_LIMB = Question(
    name="joint-vs-limb",
    asks="Are joints or limbs better drawn into the volume, and are both better than one?",
    paper="Joints are as good or better, both are best (section 4.3; figures of the published models, 10 views and "
    "flip): NTU-60 X-Sub 93.7, 93.4, both 94.1; FineGYM 93.8, 93.8, both 94.1; Kinetics-400 47.3, 46.9, both 49.1 %",
    differs_in=("model.representation.shows",),
    variants=_variants,
    fusions=(("joint", "limb"),),
)
