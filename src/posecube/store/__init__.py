"""A data set's skeletons in a folder: Arrow files behind a memory map, a manifest, one writer at a time."""

from posecube.store.skeleton_store import SkeletonStore
from posecube.store.writer import StoreWriter

__all__ = ["SkeletonStore", "StoreWriter"]
