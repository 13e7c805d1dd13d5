"""The paper's comparisons: what they ask, the runs they need, the figures and the chart they give."""

from posecube.comparison.question import Comparison, Question
from posecube.comparison.questions import QUESTIONS, find_question
from posecube.comparison.run import compare_variants

__all__ = ["QUESTIONS", "Comparison", "Question", "compare_variants", "find_question"]
