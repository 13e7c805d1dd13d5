"""A video of the studio's mannequin, for benchmarks that need one."""

from __future__ import annotations

from pathlib import Path

import cv2

from posecube.video.writer import VideoWriter
from posecube_studio.film import render_clip

ACTION = "jumping_jacks"
CYCLE_FRAMES = 90  # rendered once and repeated: rendering costs more than what is measured


def write_mannequin_video(path: Path, *, num_frames: int, size_hw: tuple[int, int], enlarge: int = 1) -> Path:
    """A 30 frames/s video of one person doing jumping jacks.

    Args:
        size_hw: Size of the rendering.
        enlarge: The video is this many times larger on each side.
    """
    images = render_clip(ACTION, size_hw=size_hw, num_frames=min(CYCLE_FRAMES, num_frames)).images
    height, width = size_hw[0] * enlarge, size_hw[1] * enlarge
    with VideoWriter(path, size_hw=(height, width), fps=30) as writer:
        for index in range(num_frames):
            image = images[index % len(images)]
            writer.write(cv2.resize(image, (width, height)) if enlarge > 1 else image)
    return path
