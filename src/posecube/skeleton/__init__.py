"""What a pose is: layouts, sequences, conversion; numpy only."""

from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.layouts import LAYOUTS, find_layout
from posecube.skeleton.sequence import SkeletonSequence

__all__ = ["LAYOUTS", "SkeletonLayout", "SkeletonSequence", "find_layout"]
