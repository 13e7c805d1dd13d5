"""What does each stream of a graph network add?

Joints, bones, and the motion of both, from one frame to the next: four networks whose scores are averaged. Not in the
PoseConv3D paper; two streams are from "Two-Stream Adaptive Graph Convolutional Networks" (Shi et al., 2019), four are
what ST-GCN++ and CTR-GCN report. Starts from a graph recipe; of a heatmap recipe it takes the graph beside it.

    posecube compare streams --store stores/nucla --out runs/streams --recipe nucla_ctrgcn --views 10
"""

from posecube.comparison.graph_variant import graph_of
from posecube.comparison.question import Question
from posecube.representation import StreamSpec
from posecube.training import Recipe


def _variants(base: Recipe, num_axes: int) -> dict[str, Recipe]:
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
    variants=_variants,
    fusions=(("joint", "bone"), ("joint", "bone", "joint_motion", "bone_motion")),
    starts_from="graph",
)
