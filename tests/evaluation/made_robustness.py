"""A made-up result with everything in it that a robustness report may show."""

import numpy as np

from posecube.evaluation.robustness.corruptions import Corruption, find_corruptions
from posecube.evaluation.robustness.curves import Curve, Robustness
from posecube.evaluation.robustness.pose_sources import MatchedPoses, PoseGrid, PoseSource

NAMES = tuple(f"clip{number}" for number in range(8))
TAIL = Corruption("tail", "the tail is lost", "probability", (0.0, 1.0), lambda sequence, *_: sequence)


def curve_of(model: str, made: Corruption, *rows: tuple[float, ...], empty: tuple[str, ...] = ()) -> Curve:
    """A row a severity; ``empty`` are the clips in which nobody is left at the worst one."""
    return Curve(model, made, np.array(rows, dtype=float), (*[()] * (len(rows) - 1), empty), len(NAMES))


def made_grid() -> PoseGrid:
    """Two models on two sources, of which the second lacks the last two clips."""
    everything, less = np.arange(8), np.arange(6)
    sources = (
        MatchedPoses(PoseSource("annotated", None), NAMES, everything, everything),
        MatchedPoses(PoseSource("<estimated>", None), NAMES, less, less),
    )
    is_correct = {
        (model, source.source.name): source.is_found & (np.arange(8) % (3 + row) > 0)
        for row, model in enumerate(("one", "<two>"))
        for source in sources
    }
    return PoseGrid(("one", "<two>"), sources, is_correct)


def made_result() -> Robustness:
    """Two models, noise for both, lost joints for both, a tail that one of them has."""
    noise, lost = find_corruptions(["noise", "drop_joint"])
    falling = [(95.0 - 9 * step, 94.0 - 10 * step) for step in range(9)]
    curves = [
        curve_of("one", noise, *falling),
        curve_of("<two>", noise, *falling[:4], *[(60.0, 60.0)] * 5),
        curve_of("one", lost, *falling[:5], empty=NAMES[:7]),
        curve_of("<two>", lost, *[(90.0, 90.0)] * 5),
        curve_of("<two>", TAIL, (90.0, 90.0), (10.0, 20.0)),
    ]
    return Robustness(
        ("one", "<two>"),
        (noise, lost, TAIL),
        {(curve.model, curve.perturbation.name): curve for curve in curves},
        {("one", "tail"): "layout coco17 has no tail"},
        (0, 5),
        clean={"one": 95.0, "<two>": 90.0},
        empty={"one": ("clip3",), "<two>": ("clip3",)},
        grid=made_grid(),
        remarks=("poses gamma 2: clip5 could not be read: cut short",),
    )
