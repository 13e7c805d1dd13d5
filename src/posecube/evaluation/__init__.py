"""Scores to figures: predict, measure, fuse, report."""

from posecube.evaluation.metrics import Metrics, measure
from posecube.evaluation.predict import predict
from posecube.evaluation.score_table import ScoreTable, fuse

__all__ = ["Metrics", "ScoreTable", "fuse", "measure", "predict"]
