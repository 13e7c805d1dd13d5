"""2D joints or 3D joints?

PoseConv3D section 4.2, table 3a, compares a graph network on 2D joints, estimated from video, with the same network on
3D joints, measured by a sensor or estimated: there the 2D ones are the better measured. Here both come from one store:
the 2D joints are projections of its 3D ones, so this asks what a network loses by the projection and what a heatmap
network wins back.

    posecube compare 2d-vs-3d --store stores/nucla --out runs/2d_vs_3d --views 10 --seeds 0 1 2
"""

from posecube.comparison.graph_variant import READING, graph_of
from posecube.comparison.question import Question
from posecube.errors import UserError
from posecube.training import Recipe


def _variants(base: Recipe, num_axes: int) -> dict[str, Recipe]:
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
    variants=_variants,
    fusions=(("volume_2d", "graph_3d"), ("graph_2d", "graph_3d"), ("volume_2d", "graph_2d", "graph_3d")),
)
