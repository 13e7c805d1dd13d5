"""The comparisons of the PoseConv3D paper, and one of graph networks' streams.

Each is a function that makes the variants of a base recipe, and the Question that they answer. How to ask one:

    posecube compare crop --store stores/penn --out runs/crop --views 10 --flip --seeds 0 1 2
"""

from __future__ import annotations

from posecube.comparison.graph_variant import READING, graph_of, needs_volume
from posecube.comparison.question import Question
from posecube.errors import UserError
from posecube.lookup import find
from posecube.representation import StreamSpec
from posecube.sampling import StrideFrames, UniformFrames
from posecube.training import Recipe

STRIDES = (2, 3, 4)


def _heatmap_or_graph(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    """Heatmap volumes and a 3D network, or coordinates and a graph network?

    PoseConv3D section 4.4.1, table 4. Both read the same joints of the same clips; each in its published
    proportions, the graph network twice as wide and with twice the frames. On 3D joints the graph network reads the
    joints themselves, the heatmap network their projection. The two err on different clips, so their scores are
    fused as well.
    """
    graphs = {name: graph_of(base, architecture=name, num_axes=num_axes) for name in ("stgcnpp", "ctrgcn")}
    return {"volume": base, **graphs}


HEATMAP_OR_GRAPH = Question(
    name="heatmap-vs-graph",
    asks="Does a 3D network on heatmap volumes name actions better than a graph network on the same joints?",
    paper="Yes, with several views (table 4, MS-G3D against SlowOnly with 1 and 10 views): FineGYM 92.0, 92.4 / 93.2; "
    "NTU-60 91.9, 93.1 / 93.7; NTU-120 84.8, 85.1 / 86.0; Kinetics-400 44.9, 44.8 / 46.0 %, with 2.0 M parameters for "
    "2.8 M",
    differs_in=READING,
    variants=_heatmap_or_graph,
    fusions=(
        ("volume", "stgcnpp"),
        ("volume", "ctrgcn"),
        ("stgcnpp", "ctrgcn"),
        ("volume", "stgcnpp", "ctrgcn"),
    ),
)


def _input_2d_or_3d(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    """2D joints or 3D joints?

    PoseConv3D section 4.2, table 3a, compares a graph network on 2D joints, estimated from video, with the same
    network on 3D joints, measured by a sensor or estimated: there the 2D ones are the better measured. Here both
    come from one store: the 2D joints are projections of its 3D ones, so this asks what a network loses by the
    projection and what a heatmap network wins back.
    """
    if num_axes != 3:
        raise UserError("2d-vs-3d needs a store of 3D joints, such as N-UCLA or NTU RGB+D; this one's joints are 2D")
    graph_2d = graph_of(base, num_axes=2)
    return {"volume_2d": base, "graph_2d": graph_2d, "graph_3d": graph_of(base, num_axes=3)}


INPUT_2D_OR_3D = Question(
    name="2d-vs-3d",
    asks="Are 3D joints better input than 2D ones: their projections, drawn into volumes or read by a graph network?",
    paper="No, where the 2D joints are estimated from video (table 3a, MS-G3D): NTU-60 2D 91.9, "
    "poorly estimated 2D 90.2, sensor 3D 89.4; FineGYM 2D 92.0, estimated 3D 87.0 %. Projections of the same 3D joints "
    "are not in the paper",
    differs_in=READING,
    variants=_input_2d_or_3d,
    fusions=(("volume_2d", "graph_3d"), ("graph_2d", "graph_3d"), ("volume_2d", "graph_2d", "graph_3d")),
)


def _joint_or_limb(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    """A heatmap a joint, or a heatmap a limb?

    PoseConv3D section 4.3, "Pseudo Heatmaps: Joints or Limbs?". Both volumes are drawn from the same coordinates.
    """
    needs_volume(base)
    return {name: base.changed(model__representation__shows=f"{name}s") for name in ("joint", "limb")}


JOINT_OR_LIMB = Question(
    name="joint-vs-limb",
    asks="Are joints or limbs better drawn into the volume, and are both better than one?",
    paper="Joints are as good or better, both are best (section 4.3; figures of the published models, 10 views and "
    "flip): NTU-60 X-Sub 93.7, 93.4, both 94.1; FineGYM 93.8, 93.8, both 94.1; Kinetics-400 47.3, 46.9, both 49.1 %",
    differs_in=("model.representation.shows",),
    variants=_joint_or_limb,
    fusions=(("joint", "limb"),),
)


def _uniform_or_stride(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    """Frames from the whole clip, or from a window of it?

    PoseConv3D section 4.3, figure 3: 32 frames, one from each equal part of the clip, against 32 frames at a fixed
    distance of 2, 3 or 4, tested with 10 views. With uniform sampling a single view sees the whole action.
    """
    strides = {f"stride_{stride}": base.changed(model__clip__frames=StrideFrames(stride=stride)) for stride in STRIDES}
    is_uniform = isinstance(base.model.clip.frames, UniformFrames)
    return {"uniform": base if is_uniform else base.changed(model__clip__frames=UniformFrames()), **strides}


UNIFORM_OR_STRIDE = Question(
    name="uniform-vs-stride",
    asks="Are frames spread over the whole clip better than frames at a fixed distance?",
    paper="Yes (section 4.3, figure 3; the figures are in the picture alone): on FineGYM and NTU-60 one uniform "
    "view is better than ten views of stride 2, 3 or 4, most of all on long clips",
    differs_in=("model.clip.frames",),
    variants=_uniform_or_stride,
)


def _crop(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    """The box around the subject, or the whole frame?

    PoseConv3D section 4.3, "Subjects-Centered Cropping". Without the crop the frame as a whole is scaled to the
    map.
    """
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
    variants=_crop,
)


def _streams(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    """What does each stream of a graph network add?

    Joints, bones, and the motion of both, from one frame to the next: four networks whose scores are averaged. Not
    in the PoseConv3D paper; two streams are from "Two-Stream Adaptive Graph Convolutional Networks" (Shi et al.,
    2019), four are what ST-GCN++ and CTR-GCN report. Starts from a graph recipe; of a heatmap recipe it takes the
    graph beside it.
    """
    if not isinstance(base.model.representation, StreamSpec):
        base = graph_of(base, num_axes=num_axes)
    variants = {}
    for motion in (False, True):
        for shows in ("joints", "bones"):
            name = shows.removesuffix("s") + ("_motion" if motion else "")
            variants[name] = base.changed(model__representation__shows=shows, model__clip__space__motion=motion)
    return variants


STREAMS = Question(
    name="streams",
    asks="How much do bones and motion add to the joints of a graph network?",
    paper="Two to four points (published ST-GCN++, NTU-60 X-Sub): joints alone 89.3, all four streams 92.1 % on 3D "
    "joints; 89.3 and 93.2 % on 2D joints. CTR-GCN on N-UCLA: one stream 92.0, four 96.5 %",
    differs_in=("model.representation.shows", "model.clip.space.motion"),
    variants=_streams,
    fusions=(("joint", "bone"), ("joint", "bone", "joint_motion", "bone_motion")),
    starts_from="graph",
)


QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (HEATMAP_OR_GRAPH, INPUT_2D_OR_3D, JOINT_OR_LIMB, UNIFORM_OR_STRIDE, CROP, STREAMS)
}


def find_question(name: str) -> Question:
    """A question by its name.

    Raises:
        UserError: If there is none of that name.
    """
    return find(QUESTIONS, name, what="comparison")
