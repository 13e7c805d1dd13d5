"""Heatmap volumes and a 3D network, or coordinates and a graph network?

PoseConv3D section 4.4.1, table 4. Both read the same joints of the same clips; each in its published proportions, the
graph network twice as wide and with twice the frames. On 3D joints the graph network reads the joints themselves, the
heatmap network their projection. The two err on different clips, so their scores are fused as well.

    posecube compare heatmap-vs-graph --store stores/penn --out runs/heatmap_vs_graph --views 10 --flip --seeds 0 1 2
"""

from posecube.comparison.graph_variant import READING, graph_of
from posecube.comparison.question import Question
from posecube.training import Recipe


def _variants(base: Recipe, num_axes: int) -> dict[str, Recipe]:
    graphs = {name: graph_of(base, architecture=name, num_axes=num_axes) for name in ("stgcnpp", "ctrgcn")}
    return {"volume": base, **graphs}


HEATMAP_OR_GRAPH = Question(
    name="heatmap-vs-graph",
    asks="Does a 3D network on heatmap volumes name actions better than a graph network on the same joints?",
    paper="Yes, with several views (table 4, MS-G3D against SlowOnly with 1 and 10 views): FineGYM 92.0, 92.4 / 93.2; "
    "NTU-60 91.9, 93.1 / 93.7; NTU-120 84.8, 85.1 / 86.0; Kinetics-400 44.9, 44.8 / 46.0 %, with 2.0 M parameters for "
    "2.8 M",
    differs_in=READING,
    variants=_variants,
    fusions=(
        ("volume", "stgcnpp"),
        ("volume", "ctrgcn"),
        ("stgcnpp", "ctrgcn"),
        ("volume", "stgcnpp", "ctrgcn"),
    ),
)
