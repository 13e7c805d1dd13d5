"""A mannequin that acts: labelled clips whose joints, depth and motion are known exactly."""

from posecube.studio.clips import RenderReport, render_to_folder
from posecube.studio.depth_and_flow import read_depth, read_flow
from posecube.studio.film import Clip, render_clip
from posecube.studio.motions import ACTIONS
from posecube.studio.sets import SETS, StudioSet

__all__ = [
    "ACTIONS", "SETS", "Clip", "RenderReport", "StudioSet", "read_depth", "read_flow", "render_clip",
    "render_to_folder",
]  # fmt: skip
