"""A mannequin that acts: labelled clips whose joints and depth are known exactly."""

from posecube.studio.clips import RenderReport, render_to_folder
from posecube.studio.film import Clip, render_clip
from posecube.studio.motions import ACTIONS

__all__ = ["ACTIONS", "Clip", "RenderReport", "render_clip", "render_to_folder"]
