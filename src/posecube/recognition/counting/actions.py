"""Which actions repeat, what is counted of each, and how long one repetition may take."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.recognition.counting.body_motion import ANKLES, SHOULDERS, WRISTS, BodyMotion

Measure = Callable[[BodyMotion], Float[ndarray, " N"]]


@dataclass(frozen=True)
class CyclicAction:
    """One action that repeats.

    Attributes:
        counted: The far end, in words: one repetition is one arrival there.
        far: A measure of the body that is greatest at the far end; torso lengths.
        period_s: The shortest and the longest time that one repetition is believed to take.
        smallest: Torso lengths; smaller swings are an estimator's noise.
    """

    counted: str
    far: Measure
    period_s: tuple[float, float] = (0.6, 10.0)
    smallest: float = 0.25


def _wrists_near_shoulders(body: BodyMotion) -> Float[ndarray, " N"]:
    return -np.linalg.norm(body.middle(WRISTS) - body.middle(SHOULDERS), axis=1)


def _wrists_high(body: BodyMotion) -> Float[ndarray, " N"]:
    return (body.middle(SHOULDERS) - body.middle(WRISTS))[:, 1]


def _hips_near_ankles(body: BodyMotion) -> Float[ndarray, " N"]:
    return -np.linalg.norm(body.middle(ANKLES), axis=1)


def _trunk_upright(body: BodyMotion) -> Float[ndarray, " N"]:
    return -body.middle(SHOULDERS)[:, 1]


def _body_high(body: BodyMotion) -> Float[ndarray, " N"]:
    return -body.hips[:, 1]


def _shoulders_low(body: BodyMotion) -> Float[ndarray, " N"]:
    return (body.hips + body.middle(SHOULDERS))[:, 1]


_SQUAT = CyclicAction("the lowest point", _hips_near_ankles)
_ARMS_BENT = CyclicAction("arms bent", _wrists_near_shoulders)
_OVERHEAD = CyclicAction("hands overhead", _wrists_high)

# Keys are names as `_plain` writes them, in the singular.
CYCLIC_ACTIONS: dict[str, CyclicAction] = {
    "pushup": CyclicAction("chest at the floor", _wrists_near_shoulders),
    "pullup": CyclicAction("chin at the bar", _wrists_near_shoulders),
    "chinup": CyclicAction("chin at the bar", _wrists_near_shoulders),
    "situp": CyclicAction("upright", _trunk_upright),
    "crunch": CyclicAction("upright", _trunk_upright),
    "squat": _SQUAT,
    "lunge": _SQUAT,
    "burpee": CyclicAction("chest at the floor", _shoulders_low),
    "deadlift": CyclicAction("upright", _wrists_high),
    "benchpress": CyclicAction("bar at the chest", _wrists_near_shoulders),
    "benchpressing": CyclicAction("bar at the chest", _wrists_near_shoulders),
    "overheadpress": _OVERHEAD,
    "latpulldown": CyclicAction("bar at the chest", _wrists_near_shoulders),
    "bicepscurl": _ARMS_BENT,
    "bicepcurl": _ARMS_BENT,
    "dip": CyclicAction("the lowest point", _shoulders_low),
    "jumpingjack": CyclicAction("hands overhead: two hops are one jack", _wrists_high, (0.5, 5.0)),
    "jumprope": CyclicAction("in the air: one jump", _body_high, (0.25, 1.2), 0.06),
    "skippingrope": CyclicAction("in the air: one jump", _body_high, (0.25, 1.2), 0.06),
    "cleanandjerk": CyclicAction("bar overhead", _wrists_high, (2.0, 30.0)),
}


def find_cyclic(label: str) -> CyclicAction | None:
    """The entry of a label however it is written ("Push-ups", "push_up"), or None for what is not counted."""
    name = _plain(label)
    return CYCLIC_ACTIONS.get(name) or CYCLIC_ACTIONS.get(name.removesuffix("s"))


def _plain(label: str) -> str:
    return re.sub(r"[^a-z]", "", label.lower())
