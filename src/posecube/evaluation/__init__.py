"""From a store to metrics: score a store, measure, fuse, report."""

from posecube.evaluation.metrics import Metrics, measure
from posecube.evaluation.score_table import ScoreTable, fuse
from posecube.evaluation.scoring import score_store

__all__ = ["Metrics", "ScoreTable", "fuse", "measure", "score_store"]
