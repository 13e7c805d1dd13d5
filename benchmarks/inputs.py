"""What benchmarks measure on: joints of people who swing arms and legs, and a video of the studio's mannequin."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.skeleton.layouts import COCO17
from posecube.video.writer import VideoWriter

# A standing person within the unit square, x right and y down, in the order of COCO-17.
STANDING_XY = (
    (0.50, 0.08), (0.53, 0.05), (0.47, 0.05), (0.56, 0.07), (0.44, 0.07), (0.62, 0.20), (0.38, 0.20), (0.70, 0.36),
    (0.30, 0.36), (0.75, 0.52), (0.25, 0.52), (0.57, 0.52), (0.43, 0.52), (0.60, 0.74), (0.40, 0.74), (0.62, 0.95),
    (0.38, 0.95),
)  # fmt: skip
SWING = 0.1  # largest amplitude of a joint, as a share of the person's height
ACTION = "jumping_jacks"
CYCLE_FRAMES = 90  # rendered once and repeated: rendering costs more than what is measured


def swinging_people(
    num_clips: int, num_people: int, num_frames: int, *, size_px: float, seed: int = 0
) -> tuple[Float32[ndarray, "N M T V 2"], Float32[ndarray, "N M T V"]]:
    """Joints in pixels of a square of the given size, which people fill but for a margin, and their confidence."""
    rng = np.random.default_rng(seed)
    shape = (num_clips, num_people, 1, COCO17.num_joints, 2)
    phase = 2 * math.pi * (np.arange(num_frames)[:, None, None] / num_frames + rng.uniform(size=shape))
    place = np.array(STANDING_XY) + SWING * rng.uniform(size=shape) * np.sin(phase)
    confidence = rng.uniform(0.3, 1.0, (num_clips, num_people, num_frames, COCO17.num_joints))
    return ((0.1 + 0.8 * place) * size_px).astype(np.float32), confidence.astype(np.float32)


def write_mannequin_video(path: Path, *, num_frames: int, size_hw: tuple[int, int], enlarge: int = 1) -> Path:
    """A 30 frames/s video of one person doing jumping jacks.

    Args:
        size_hw: Size of the rendering.
        enlarge: The video is this many times larger on each side.

    Raises:
        MissingExtraError: If what the studio needs is not installed.
    """
    from posecube_studio import render_clip  # here, since poses need no studio

    images = render_clip(ACTION, size_hw=size_hw, num_frames=min(CYCLE_FRAMES, num_frames)).images
    height, width = size_hw[0] * enlarge, size_hw[1] * enlarge
    with VideoWriter(path, size_hw=(height, width), fps=30) as writer:
        for index in range(num_frames):
            image = images[index % len(images)]
            writer.write(cv2.resize(image, (width, height)) if enlarge > 1 else image)
    return path
