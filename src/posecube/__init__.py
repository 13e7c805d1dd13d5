"""posecube recognises human actions from skeletons: a video goes in, who does what and when comes out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from posecube.recognizer import Recognizer as Recognizer
    from posecube.skeleton import SkeletonLayout as SkeletonLayout
    from posecube.skeleton import SkeletonSequence as SkeletonSequence
    from posecube.store import SkeletonStore as SkeletonStore

__version__ = "0.3.0"

# Public name -> its module, imported when the name is first used: `posecube --help` must not wait for torch.
_MODULES = {
    "Recognizer": "posecube.recognizer",
    "SkeletonLayout": "posecube.skeleton",
    "SkeletonSequence": "posecube.skeleton",
    "SkeletonStore": "posecube.store",
}

__all__ = ["Recognizer", "SkeletonLayout", "SkeletonSequence", "SkeletonStore", "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'posecube' has no attribute {name!r}; it offers {', '.join(_MODULES)}")
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
