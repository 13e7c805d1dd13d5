"""How one person does an action: seeded style, and the small language in which motions are written.

A motion is either a wave (a cyclic exercise) or keyed poses between which every track runs on its own monotone cubic.
Angles are degrees; see `posecube_studio.goals.Goals` for the units of places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.interpolate import PchipInterpolator

from posecube.errors import UserError
from posecube_studio.goals import Goals

Value = float | tuple[float, ...]
Pose = dict[str, Value]
Key = tuple[float, Pose]

# Track name -> field of Goals, side (None for the axis of the body), component (None for the whole vector).
_TRACKS: dict[str, tuple[str, int | None, int | None]] = {
    "pelvis": ("pelvis", None, None),
    "pitch": ("pelvis_deg", None, 0),
    "roll": ("pelvis_deg", None, 1),
    "turn": ("pelvis_deg", None, 2),
    "bend": ("spine_deg", None, 0),
    "lean": ("spine_deg", None, 1),
    "twist": ("spine_deg", None, 2),
    "nod": ("neck_deg", None, 0),
    "tilt": ("neck_deg", None, 1),
    "look": ("neck_deg", None, 2),
    "tool": ("tool", None, None),
} | {
    f"{side}_{track}": (field, index, component)
    for index, side in enumerate(("left", "right"))
    for track, field, component in (
        ("hand", "hands", None), ("elbow", "elbows", None), ("foot", "feet", None), ("knee", "knees", None),
        ("heel", "feet_deg", 0), ("toes", "feet_deg", 1),
    )
}  # fmt: skip


class Style:
    """The choices of one performance, drawn in order from one generator; variety 0 takes the middle of every range."""

    def __init__(self, rng: np.random.Generator, *, variety: float = 1.0) -> None:
        if not 0 <= variety <= 1:
            raise UserError(f"variety must lie between 0 (always the typical way) and 1, got {variety}")
        self._rng = rng
        self._variety = variety

    def between(self, low: float, high: float) -> float:
        """A number of the range."""
        middle = (low + high) / 2
        return middle + self._variety * (low + (high - low) * self._rng.random() - middle)

    def chance(self, probability: float) -> bool:
        """Whether something that happens with this probability does; at variety 0 what happens more often."""
        drawn = self._rng.random()
        return bool(drawn < probability) if self._variety > 0 else probability > 0.5

    def wander(self, time_s: Float[ndarray, " T"], *, size: float, num_axes: int) -> Float[ndarray, "T A"]:
        """Slow smooth drift as of a living body: three sines of random pace and phase an axis, `size` at one sigma."""
        hertz = self._rng.uniform(0.15, 0.9, size=(3, num_axes))
        phase = self._rng.uniform(0, 2 * np.pi, size=(3, num_axes))
        waves = np.sin(2 * np.pi * hertz * time_s[:, None, None] + phase)
        return size * self._variety * waves.sum(axis=1) * np.sqrt(2 / 3)


def wave(time_s: Float[ndarray, " T"], *, period_s: float, sharpness: float = 0.0) -> Float[ndarray, " T"]:
    """A cycle from 0 up to 1 and back; sharpness towards 1 dwells at both ends."""
    smooth = 0.5 - 0.5 * np.cos(2 * np.pi * time_s / period_s)
    return (1 - sharpness) * smooth + sharpness * smooth * smooth * (3 - 2 * smooth)


def mixed(low: Value, high: Value, part: Float[ndarray, " T"]) -> ndarray:
    """From low (part 0) to high (part 1); vectors give (T, A)."""
    first, second = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    amount = part if first.ndim == 0 and second.ndim == 0 else part[:, None]
    return first + (second - first) * amount


def with_tracks(goals: Goals, **tracks: ndarray | Value) -> Goals:
    """Goals with some tracks replaced by curves or constants; `hands`, `feet`... without a side means both.

    Raises:
        UserError: If there is no such track.
    """
    changed: dict[str, Any] = {}
    for name, values in tracks.items():
        for side_name in (name,) if name in _TRACKS else (f"left_{name}", f"right_{name}"):
            if side_name not in _TRACKS:
                raise UserError(f"unknown motion track {name!r}; tracks are {', '.join(_TRACKS)}")
            field, side, component = _TRACKS[side_name]
            array = changed.setdefault(field, getattr(goals, field).copy())
            view = array if side is None else array[:, side]
            view[..., slice(None) if component is None else component] = values
    return replace(goals, **changed)


def keyed(time_s: Float[ndarray, " T"], keys: Sequence[Key], *, duration_s: float, base: Goals | None = None) -> Goals:
    """Goals through keyed poses; a key names only the tracks that matter there, times run from 0 to 1.

    Each track is interpolated between the keys that name it (monotone cubic: no overshoot) and held before and after.

    Args:
        base: What the tracks that no key names do; None stands still.
    """
    phase = np.clip(time_s / duration_s, 0, 1)
    keys = [(at, both_sides(tracks)) for at, tracks in keys]
    names = dict.fromkeys(name for _, tracks in keys for name in tracks)
    curves: dict[str, ndarray] = {}
    for name in names:
        points = [(at, np.asarray(tracks[name], dtype=np.float64)) for at, tracks in keys if name in tracks]
        at, values = np.array([point[0] for point in points]), np.stack([point[1] for point in points])
        if len(points) == 1:
            curves[name] = np.broadcast_to(values[0], (len(phase), *values[0].shape))
        else:
            curves[name] = PchipInterpolator(at, values)(np.clip(phase, at[0], at[-1]))
    return with_tracks(Goals.standing(len(time_s)) if base is None else base, **curves)


def both_sides(tracks: Pose) -> Pose:
    """A pose with `hand`, `heel`, ... written as the two tracks they stand for; a side that is named itself wins."""
    written: Pose = {}
    for name, value in tracks.items():
        sides = (name,) if name in _TRACKS else (f"left_{name}", f"right_{name}")
        written |= {side: value for side in sides if side == name or side not in tracks}
    return written


def alive(goals: Goals, style: Style, time_s: Float[ndarray, " T"], *, amount: float = 1.0) -> Goals:
    """The sway that nobody can hold back, on trunk, head and hands; planted feet stay planted."""
    pair = (len(time_s), 2, 3)
    return replace(
        goals,
        pelvis=goals.pelvis + style.wander(time_s, size=0.004 * amount, num_axes=3) * np.array([1, 0.3, 1]),
        pelvis_deg=goals.pelvis_deg + style.wander(time_s, size=0.8 * amount, num_axes=3),
        spine_deg=goals.spine_deg + style.wander(time_s, size=1.0 * amount, num_axes=3),
        neck_deg=goals.neck_deg + style.wander(time_s, size=2.0 * amount, num_axes=3),
        hands=goals.hands
        + (0 if goals.hands_in_world else style.wander(time_s, size=0.008 * amount, num_axes=6).reshape(pair)),
    )


@dataclass(frozen=True)
class View:
    """From where an action is usually filmed.

    Attributes:
        yaw_deg: 0 stands before the person (who faces z), 90 on the person's left, 180 behind.
        pitch_deg: How far the camera looks down.
        upper_body: Frame what is above the hips, as guitar players are filmed.
    """

    yaw_deg: float
    pitch_deg: float = 6.0
    upper_body: bool = False
