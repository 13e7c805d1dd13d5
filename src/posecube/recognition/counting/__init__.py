"""Repetitions of cyclic actions: how many, when, and how fast."""

from posecube.recognition.counting.actions import CYCLIC_ACTIONS, CyclicAction, find_cyclic
from posecube.recognition.counting.repetitions import Repetitions, count_repetitions

__all__ = ["CYCLIC_ACTIONS", "CyclicAction", "Repetitions", "count_repetitions", "find_cyclic"]
