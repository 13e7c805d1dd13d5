"""Frames from the whole clip, or from a window of it?

PoseConv3D section 4.3, figure 3: 32 frames, one from each equal part of the clip, against 32 frames at a fixed distance
of 2, 3 or 4, tested with 10 views. With uniform sampling a single view sees the whole action.

    posecube compare uniform-vs-stride --store stores/penn --out runs/uniform_vs_stride --views 10 --seeds 0 1 2
"""

from posecube.comparison.question import Question
from posecube.sampling import StrideFrames, UniformFrames
from posecube.training import Recipe

STRIDES = (2, 3, 4)


def _variants(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    strides = {f"stride_{stride}": base.changed(model__clip__frames=StrideFrames(stride=stride)) for stride in STRIDES}
    is_uniform = isinstance(base.model.clip.frames, UniformFrames)
    return {"uniform": base if is_uniform else base.changed(model__clip__frames=UniformFrames()), **strides}


UNIFORM_OR_STRIDE = Question(
    name="uniform-vs-stride",
    asks="Are frames spread over the whole clip better than frames at a fixed distance?",
    paper="Yes (section 4.3, figure 3; the figures are in the picture alone): on FineGYM and NTU-60 one uniform "
    "view is better than ten views of stride 2, 3 or 4, most of all on long clips",
    differs_in=("model.clip.frames",),
    variants=_variants,
)
