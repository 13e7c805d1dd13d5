"""The folder of NTU RGB+D, written: skeletons, videos, depth, and beside them flow and the exact truth of each clip.

Source: names, folders and the lines of a ``.skeleton`` file as `datasets.ntu_recording` reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Float32
from numpy import ndarray

from posecube.skeleton.layouts import NTU25
from posecube_studio.render import RenderedFrame
from posecube_studio.take import Take
from posecube_studio.truth import below_skin, is_seen

COLOUR_HW = (1080, 1920)  # of Kinect's colour camera, whose pixels a .skeleton file counts in
CLASSES = "classes.txt"
_FIRST_BODY = 2**56  # Kinect's numbers of bodies have 64 bits; real ones begin about here
_OPEN, _CLOSED = 2, 3  # state of a hand
_TRACKED, _INFERRED, _NOT_TRACKED = 2, 1, 0


@dataclass(frozen=True)
class ClipPaths:
    """Where the parts of one clip lie."""

    skeleton: Path
    video: Path
    depth: Path
    flow: Path
    truth: Path

    @classmethod
    def of(cls, folder: Path, name: str) -> ClipPaths:
        """Depth and flow are folders of a PNG file a frame."""
        return cls(
            skeleton=folder / "nturgb+d_skeletons" / f"{name}.skeleton",
            video=folder / "nturgb+d_rgb" / f"{name}_rgb.mp4",
            depth=folder / "nturgb+d_depth_masked" / name,
            flow=folder / "flow" / name,
            truth=folder / "truth" / f"{name}.npz",
        )


def depth_name(index: int) -> str:
    """File of the depth of a frame, counted from 0."""
    return f"MDepth-{index + 1:08d}.png"


def flow_name(index: int) -> str:
    """File of the flow from a frame, counted from 0, to the next."""
    return f"{index + 1:08d}.png"


def ntu_joints(take: Take, index: int) -> tuple[Float[ndarray, "M 25 2"], Float[ndarray, "M 25"]]:
    """Pixels of the picture and depth of NTU's joints in a frame."""
    x, y, depth = np.moveaxis(take.keypoints_3d[:, index].astype(np.float64), -1, 0)
    lens = take.lenses[index]
    over = np.where(depth > 0, depth, np.inf)  # behind the camera a pixel means nothing
    pixels = np.stack([x / over, -y / over], axis=-1) * lens.scale + np.array(lens.center_xy)
    return pixels, depth


def see_ntu_joints(take: Take, index: int, picture: RenderedFrame) -> Bool[ndarray, "M 25"]:
    """Which of NTU's joints the camera sees in a frame."""
    tall = np.array([performer.person.shape.height_m for performer in take.performers])
    return is_seen(*ntu_joints(take, index), below_skin(NTU25) * tall[:, None], picture)


def skeleton_text(take: Take, seen: Bool[ndarray, "M T 25"]) -> str:
    """The ``.skeleton`` file of a clip: what a Kinect at the camera's place would write if it made no error.

    x points to the sensor's left, as in the real files. Our pictures are not mirrored, as the real ones are: so colour
    pixels grow with -x / z. They count in 1920 x 1080, to which the picture is stretched; depth pixels are the
    picture's own. Kinect's orientations are left 0.

    Args:
        seen: Joints that are tracked; the others are inferred.
    """
    lines = [str(take.num_frames)]
    for index in range(take.num_frames):
        lines.append(str(len(take.performers)))
        lines += _frame_lines(take, index, seen[:, index])
    return "\n".join(lines) + "\n"


def _frame_lines(take: Take, index: int, seen: Bool[ndarray, "M 25"]) -> Iterator[str]:
    pixels, depth = ntu_joints(take, index)
    stretched = (pixels + 0.5) * np.array(COLOUR_HW[::-1]) / take.size_hw[::-1] - 0.5  # whole numbers: pixel centres
    joints = take.keypoints_3d[:, index] * np.array([-1, 1, 1])
    tracking = np.where(depth > 0, np.where(seen, _TRACKED, _INFERRED), _NOT_TRACKED)
    for body, performer in enumerate(take.performers):
        hand = _CLOSED if performer.grip else _OPEN
        yield f"{_FIRST_BODY + 1000 * take.subject + body} 0 1 {hand} 1 {hand} 0 0 0 {_TRACKED}"
        yield str(NTU25.num_joints)
        for *numbers, state in zip(joints[body], pixels[body], stretched[body], tracking[body], strict=True):
            row = " ".join(f"{number:.9g}" for number in np.concatenate(numbers))
            yield f"{row} 0 0 0 0 {state}"


def write_truth(path: Path, take: Take, confidence: Float32[ndarray, "M T 17"]) -> None:
    """Write what is exactly known of a clip; docs/studio.md lists the arrays."""
    lens = take.lenses[0]
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            keypoints_xy=take.keypoints_xy,
            confidence=confidence,
            keypoints_3d=take.keypoints_3d,
            focal_px=lens.scale,
            center_xy=np.array(lens.center_xy),
            camera_place_m=np.stack([lens.place_m for lens in take.lenses]),
            camera_axes=np.stack([lens.axes for lens in take.lenses]),
            size_hw=np.array(take.size_hw),
            fps=str(take.fps),
            label=take.action,
            subject=take.subject,
            view=take.view,
            seed=take.seed,
            conditions=json.dumps(asdict(take.conditions)),
        )
