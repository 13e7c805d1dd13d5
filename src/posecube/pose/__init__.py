"""Pose estimation: frames to joints, people followed through a video, folders of videos to stores."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from posecube.pose.estimators.loading import load_estimator

__all__ = ["load_estimator"]


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: whoever reads a store needs no networks."""
    if name in __all__:
        return getattr(import_module("posecube.pose.estimators.loading"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
