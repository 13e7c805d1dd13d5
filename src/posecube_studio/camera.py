"""Where the camera stands: one that frames a motion, a rig of several on an arc, one that a hand holds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.errors import UserError
from posecube_studio.lens import Lens
from posecube_studio.motions import View
from posecube_studio.rotation import about, unit

ARC_YAWS_DEG = (0.0, -45.0, 45.0, -90.0, 90.0, 180.0, -135.0, 135.0)
"""Where the cameras of an arc stand around the scene; 0 is in front, the first three are those of NTU RGB+D."""

_LENS_ANGLE_DEG = 38.0  # vertical view of a phone held at some distance
_ARC_HEIGHT_M = (1.2, 1.8)
_ARC_NEAREST_M, _ARC_FARTHEST_M = 2.5, 80.0  # nearer, the camera would look down steeply at a motion on the floor
_ARC_JITTER_DEG = (3.0, 1.0)  # of yaw and pitch: tripods are put up by hand
_SHAKE_BAND_HZ = (0.3, 3.0)  # below lies intended panning, above tremor too small to see
_SHAKE_WAVES = 9
_SHAKE_ROLL = 0.4  # of yaw and pitch: two hands keep a camera level


def aim(points_m: Float[ndarray, "T V 3"], view: View, *, size_hw: tuple[int, int], margin: float = 0.10) -> Lens:
    """A camera that looks along a view and steps back until all points of all frames are in the picture.

    Args:
        points_m: What must be seen, world metres.
        margin: Free border, as a share of the picture.

    Raises:
        UserError: If the picture's size is out of range.
    """
    height, width = _check_size(size_hw)
    yaw, pitch = np.radians([view.yaw_deg, view.pitch_deg])
    axes = _looking(-np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)]))
    focal = _focal_px(height)
    seen = points_m.reshape(-1, 3) @ axes.T
    half = np.array([width, height]) / 2 * (1 - 2 * margin) / focal
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    for _ in range(12):  # the middle of the picture moves as the camera does
        distance = max(_needed(seen - middle, axis, half[axis]) for axis in range(2))
        depth = seen[:, 2] - middle[2] + distance
        for axis in range(2):
            low, high = _extent((seen[:, axis] - middle[axis]) / depth)
            middle[axis] += (low + high) / 2 * distance
    place = (middle - np.array([0.0, 0.0, distance])) @ axes
    return Lens(place, axes, focal, _center_xy(size_hw), size_hw)


def arc_cameras(
    points_m: Float[ndarray, "T P 3"],
    *,
    size_hw: tuple[int, int],
    num_views: int = 3,
    rng: np.random.Generator,
    margin: float = 0.10,
) -> tuple[Lens, ...]:
    """Cameras around the scene, at one height and one distance from its middle, which all of them look at.

    Camera 0 stands in front and looks along -z, 1 and 2 at -45 and 45 degrees, more of them on the sides and behind.
    They have one focal length and one distance, just so far that each sees all points of all frames. A rig of three or
    fewer is the beginning of the rig of three; a larger one may stand farther away.

    Args:
        points_m: What must be seen, world metres.
        num_views: How many, 1 to 8.
        rng: Draws the height (1.2 to 1.8 m) and how far each camera stands off its place (3 degrees on the arc) and
            looks past the middle (1 degree up or down) at most.
        margin: Free border, as a share of the picture.

    Raises:
        UserError: If the picture's size or the number of cameras is out of range.

    Source: Shahroudy et al. 2016, NTU RGB+D, section 3.2: three cameras at the same height, at -45, 0 and 45 degrees.
    """
    _check_size(size_hw)
    if not 1 <= num_views <= len(ARC_YAWS_DEG):
        raise UserError(f"an arc holds from 1 to {len(ARC_YAWS_DEG)} cameras, got {num_views}; ask for fewer")
    points = points_m.reshape(-1, 3)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    height = rng.uniform(*_ARC_HEIGHT_M)
    yaws, pitches = rng.uniform(-1, 1, size=(len(ARC_YAWS_DEG), 2)).T * np.array(_ARC_JITTER_DEG)[:, None]
    yaws += ARC_YAWS_DEG

    def stand(distance_m: float, count: int) -> tuple[Lens, ...]:
        places = zip(yaws[:count], pitches[:count], strict=True)
        return tuple(_stand(middle, height, distance_m, yaw, pitch, size_hw) for yaw, pitch in places)

    near, far = _ARC_NEAREST_M, _ARC_FARTHEST_M
    for _ in range(24):  # halves the range to a few micrometres
        distance = (near + far) / 2
        if all(_sees(lens, points, margin) for lens in stand(distance, max(num_views, 3))):
            far = distance
        else:
            near = distance
    return stand(far, num_views)


def shaken(
    lens: Lens, *, num_frames: int, fps: Fraction | float, shake_deg: float, rng: np.random.Generator
) -> tuple[Lens, ...]:
    """The lens in each frame of a hand-held clip: smooth turning between 0.3 and 3 Hz, slow turning the strongest.

    The eye stays where it is. A hand also moves by a few millimetres, which at some metres shifts the picture far less
    than turning does; leaving it away means that a frame's backdrop is the still one, only turned.

    Args:
        shake_deg: Standard deviation of yaw and of pitch over many clips; roll has 0.4 of it. 0 gives the lens itself.
    """
    if shake_deg == 0:
        return (lens,) * num_frames
    time_s = np.arange(num_frames) / float(fps)
    edges = np.geomspace(*_SHAKE_BAND_HZ, _SHAKE_WAVES + 1)
    frequency = rng.uniform(edges[:-1], edges[1:], size=(3, _SHAKE_WAVES))
    phase = rng.uniform(0, 2 * np.pi, size=(3, _SHAKE_WAVES))
    strength = frequency**-0.5
    strength *= np.sqrt(2 / (strength**2).sum(axis=1, keepdims=True))  # a wave's variance is half its square
    waves = (strength[..., None] * np.sin(2 * np.pi * frequency[..., None] * time_s + phase[..., None])).sum(axis=1)
    pitch, yaw, roll = np.radians(shake_deg) * waves * np.array([[1.0], [1.0], [_SHAKE_ROLL]])
    turns = about("y", yaw) @ about("x", pitch) @ about("z", roll)
    return tuple(replace(lens, axes=turn @ lens.axes) for turn in turns)


def _check_size(size_hw: tuple[int, int]) -> tuple[int, int]:
    height, width = size_hw
    if min(size_hw) < 32 or max(size_hw) > 4096:
        raise UserError(f"a picture must have from 32 to 4096 pixels a side, got {width}x{height}; choose another size")
    return height, width


def _stand(
    middle_m: ndarray, height_m: float, distance_m: float, yaw_deg: float, pitch_deg: float, size_hw: tuple[int, int]
) -> Lens:
    """A camera on a tripod that looks at the middle, but for an error in pitch."""
    yaw = np.radians(yaw_deg)
    drop = np.clip(height_m - middle_m[1], -0.9 * distance_m, 0.9 * distance_m)
    away = np.sqrt(distance_m**2 - drop**2)
    place = middle_m + np.array([np.sin(yaw) * away, drop, np.cos(yaw) * away])
    down = np.arctan2(drop, away) + np.radians(pitch_deg)
    forward = np.array([-np.sin(yaw) * np.cos(down), -np.sin(down), -np.cos(yaw) * np.cos(down)])
    return Lens(place, _looking(forward), _focal_px(size_hw[0]), _center_xy(size_hw), size_hw)


def _sees(lens: Lens, points_m: Float[ndarray, "P 3"], margin: float) -> bool:
    pixels, depth = lens.project(points_m)
    half = np.array(lens.size_hw[::-1]) / 2
    inside = np.abs(pixels - lens.center_xy) <= half * (1 - 2 * margin)
    return bool(inside.all() and (depth > 0).all())


def _looking(forward: Float[ndarray, " 3"]) -> Float[ndarray, "3 3"]:
    """Axes of a level camera: right, down, forward."""
    right = unit(np.cross(forward, np.array([0.0, 1.0, 0.0])))
    return np.stack([right, np.cross(forward, right), forward])


def _focal_px(height_px: int) -> float:
    return float(height_px / 2 / np.tan(np.radians(_LENS_ANGLE_DEG) / 2))


def _center_xy(size_hw: tuple[int, int]) -> tuple[float, float]:
    return (size_hw[1] - 1) / 2, (size_hw[0] - 1) / 2


def _needed(offsets: ndarray, axis: int, half: float) -> float:
    """Distance at which every offset lies within half the view: |x| <= half * (z + distance)."""
    return float(np.max(np.abs(offsets[:, axis]) / half - offsets[:, 2]))


def _extent(values: ndarray) -> tuple[float, float]:
    return float(values.min()), float(values.max())
