"""A mannequin that acts: labelled clips whose joints, depth and motion are known exactly."""

from posecube_studio.clip import RenderedClip, render_clip
from posecube_studio.clip_folder import RenderReport, render_to_folder
from posecube_studio.depth_and_flow import read_depth, read_flow
from posecube_studio.motions import ACTIONS
from posecube_studio.sets import SETS, StudioSet

__all__ = [
    "ACTIONS",
    "SETS",
    "RenderReport",
    "RenderedClip",
    "StudioSet",
    "read_depth",
    "read_flow",
    "render_clip",
    "render_to_folder",
]  # fmt: skip
