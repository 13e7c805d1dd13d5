"""Feet that stand still while they bear weight: the course of a body, and the footprints it leaves.

A course says where the body's middle is at any time; a foot stands where the course was in the middle of its stance.
Places are in legs (hip to ankle), headings in degrees: 0 along z, 90 along x, which is a turn to the left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.rotation import about, turned

Course = Callable[[ndarray], ndarray]  # times -> (T, 3): x, z, heading
Swing = tuple[float, float]  # when a foot leaves the floor, and when it is back

_LONG_S = 100.0  # before the first step and after the last one
_SOLE = 0.103  # heel to ball, of the body's height


def eased(part: Float[ndarray, "*T"] | float) -> Float[ndarray, "*T"]:
    """From 0 to 1 without a jerk; what lies outside is cut off."""
    part = np.clip(part, 0, 1)
    return part * part * (3 - 2 * part)


def travelled(time_s: ndarray, *, ramp_s: float) -> Float[ndarray, " T"]:
    """Distance at a final speed of 1 a second, which is reached smoothly over `ramp_s` from time 0."""
    part = np.clip(time_s / ramp_s, 0, 1)
    return ramp_s * (part**3 - part**4 / 2) + np.maximum(time_s - ramp_s, 0)


def arc(distance: ndarray, *, heading_deg: float, bend_deg: float) -> Float[ndarray, "T 3"]:
    """Where one is after walking some way along an arc that bends by so much each leg length."""
    bent = np.radians(bend_deg) * distance
    chord, toward = distance * np.sinc(bent / (2 * np.pi)), np.radians(heading_deg) + bent / 2
    return np.stack([chord * np.sin(toward), chord * np.cos(toward), heading_deg + np.degrees(bent)], axis=-1)


def beside(course: Float[ndarray, "T 3"], left: ndarray | float, forward: ndarray | float) -> Float[ndarray, "T 2"]:
    """(x, z) of places given from a course's own left and ahead."""
    heading = np.radians(course[:, 2])
    sine, cosine = np.sin(heading), np.cos(heading)
    return course[:, :2] + np.stack([left * cosine + forward * sine, forward * cosine - left * sine], axis=-1)


@dataclass(frozen=True)
class Tread:
    """One foot on its way.

    Attributes:
        place: As in Goals; what lifts it is yet to be added.
        heading_deg: Where the toes point, without their turn outward.
        swing: 0 on the floor, runs from 0 to 1 while the foot is on its way to the next print.
        landed_s: Time since it came down; large before the first step.
        lifts_s: Time until it leaves the floor; large after the last step.
    """

    place: Float[ndarray, "T 3"]
    heading_deg: Float[ndarray, " T"]
    swing: Float[ndarray, " T"]
    landed_s: Float[ndarray, " T"]
    lifts_s: Float[ndarray, " T"]

    def raised(self, height: Float[ndarray, " T"] | float) -> Tread:
        """The same, higher above the floor."""
        return replace(self, place=self.place + np.stack([0 * self.swing, height + 0 * self.swing, 0 * self.swing], -1))


def tread(
    course: Course, time_s: ndarray, swings: Sequence[Swing], *, left: float, forward: float = 0.0, early: float = 0.5
) -> Tread:
    """Footprints along a course, and the foot that goes from one to the next.

    Args:
        swings: Every time the foot is off the floor, in order.
        left: Distance of the prints from the course's line, negative for the right foot.
        early: At which part of its stance the body is right above the foot.
    """
    lifts, lands = np.array(swings, dtype=np.float64).T
    starts, ends = np.append(lifts[0] - _LONG_S, lands), np.append(lifts, lands[-1] + _LONG_S)
    above = starts + early * (ends - starts)
    above[[0, -1]] = starts[0], ends[-1]
    at = course(above)
    prints = np.concatenate([beside(at, left, forward), at[:, 2:]], axis=1)
    begun = np.searchsorted(lifts, time_s, side="right")
    latest = np.maximum(begun - 1, 0)
    swing = np.clip((time_s - lifts[latest]) / (lands - lifts)[latest], 0, 1)
    x, z, heading = (prints[latest] + eased(swing)[:, None] * (prints[latest + 1] - prints[latest])).T
    stance = np.where(swing >= 1, begun, latest)
    return Tread(
        np.stack([x, 0 * x, z], axis=-1), heading, np.where(swing < 1, swing, 0.0),
        np.maximum(time_s - starts[stance], 0), np.maximum(ends[stance] - time_s, 0),
    )  # fmt: skip


@dataclass(frozen=True)
class Stride:
    """Step after step at one pace.

    Attributes:
        start_s: When the first foot leaves the floor.
        period_s: Two steps.
        air_share: Part of the period that a foot is off the floor; above a half the body flies in between.
        num_steps: At least two.
    """

    start_s: float
    period_s: float
    air_share: float
    num_steps: int
    left_first: bool = True

    @property
    def end_s(self) -> float:
        """When the last foot is back on the floor."""
        return self.start_s + (self.num_steps - 1) * self.period_s / 2 + self.air_share * self.period_s

    def swings(self) -> tuple[list[Swing], list[Swing]]:
        """Of the left and of the right foot, half a period apart."""
        swings: tuple[list[Swing], list[Swing]] = ([], [])
        for step in range(self.num_steps):
            lift = self.start_s + step * self.period_s / 2
            swings[(step + (not self.left_first)) % 2].append((lift, lift + self.air_share * self.period_s))
        return swings

    def beat(self, time_s: Float[ndarray, " T"]) -> Float[ndarray, " T"]:
        """Phase in radians, a whole turn each period; 0 whenever the left foot lands."""
        landed_s = self.start_s + (0 if self.left_first else self.period_s / 2) + self.air_share * self.period_s
        return 2 * np.pi * (time_s - landed_s) / self.period_s

    def going(self, time_s: Float[ndarray, " T"]) -> Float[ndarray, " T"]:
        """From 0, standing, to 1, in full stride, and back."""
        into, out = time_s - self.start_s, self.end_s + 0.1 * self.period_s - time_s
        return eased(into / (0.6 * self.period_s)) * eased(out / (0.7 * self.period_s))


def rolled(
    shape: BodyShape, foot: Tread, *, push_deg: float, strike_deg: float, period_s: float
) -> tuple[Tread, Float[ndarray, " T"]]:
    """The foot as it rolls: heel first, flat, off over the toes; with the angle of its heel."""
    on_floor = foot.swing == 0
    leaving = np.where(on_floor, eased(1 - foot.lifts_s / (0.24 * period_s)), 1 - eased(foot.swing / 0.6))
    landing = np.where(on_floor, 1 - eased(foot.landed_s / (0.09 * period_s)), eased(foot.swing / 0.35 - 1.85))
    toes_up = np.radians(strike_deg) * landing
    heel_on_floor = _SOLE * shape.height_m / shape.leg_m * np.sin(toes_up)
    return foot.raised(heel_on_floor), push_deg * leaving - np.degrees(toes_up)


def on_feet(goals: Goals, feet: Sequence[Tread], heels: Sequence[ndarray], *, toes_out_deg: float) -> Goals:
    """Goals with the two feet on their ways."""
    sides = [foot.heading_deg * sign + toes_out_deg for sign, foot in zip((1, -1), feet, strict=True)]
    return replace(
        goals,
        feet=np.stack([foot.place for foot in feet], axis=1),
        feet_deg=np.stack([np.stack([heel, side], axis=-1) for heel, side in zip(heels, sides, strict=True)], axis=1),
    )


def facing(goals: Goals, heading_deg: float) -> Goals:
    """The same motion in another direction."""
    turn, sides = about("y", np.radians(heading_deg)), np.array([1.0, -1.0])
    return replace(
        goals,
        pelvis=turned(turn, goals.pelvis),
        pelvis_deg=goals.pelvis_deg + np.array([0.0, 0.0, heading_deg]),
        feet=turned(turn, goals.feet),
        feet_deg=goals.feet_deg + np.stack([0 * sides, heading_deg * sides], axis=-1),
        fingers=None if goals.fingers is None else turned(turn, goals.fingers),
    )


def swung_arm(
    upper_deg: Float[ndarray, " T"], elbow_deg: Float[ndarray, " T"] | float, *, outward: float = 0.1
) -> Float[ndarray, "T 3"]:
    """Wrist of an arm that swings beside the body: the upper arm forward from hanging, the elbow bent."""
    upper = np.radians(upper_deg)
    fore = upper + np.radians(elbow_deg)
    across = outward - 0.13 * np.maximum(np.sin(fore), 0) * np.radians(elbow_deg)  # the chest is in a bent arm's way
    return np.stack(
        [across + 0 * upper, -0.54 * np.cos(upper) - 0.45 * np.cos(fore), 0.54 * np.sin(upper) + 0.45 * np.sin(fore)],
        axis=-1,
    )
