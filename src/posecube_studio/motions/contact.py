"""Hands that meet a place in the world, whatever the trunk does meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import SIDES, BodyShape, Posture, mirrored, pose_body
from posecube_studio.goals import Goals, reach
from posecube_studio.rotation import transposed, turned, unit

Places = Float[ndarray, "T 3"]
Direction = Places | tuple[float, float, float]


def pose(shape: BodyShape, goals: Goals) -> Posture:
    """Where goals bring a body."""
    return pose_body(shape, reach(shape, goals))


def touching(shape: BodyShape, goals: Goals, wrists_m: Mapping[str, Places], amount: Float[ndarray, " T"]) -> Goals:
    """Goals whose wrists are at places in the body's own world, or on the way there.

    Args:
        wrists_m: Side -> where its wrist shall be.
        amount: 0 leaves a hand where the goals have it, 1 has arrived.
    """
    assert not goals.hands_in_world, "hands must be placed from the shoulder"
    origin, axes = pose(shape, goals).bone("chest")
    hands = goals.hands.copy()
    for side, place in wrists_m.items():
        index, sign = SIDES.index(side), 1 - 2 * SIDES.index(side)
        shoulder = np.array(mirrored(shape.rest_offsets["upper_arm"], sign))
        wanted = (turned(transposed(axes), place - origin) - shoulder) * np.array([sign, 1, 1]) / shape.arm_m
        hands[:, index] += (wanted - hands[:, index]) * amount[:, None]
    return replace(goals, hands=hands)


def pointing(shape: BodyShape, goals: Goals, fingers: Mapping[str, Direction], amount: Float[ndarray, " T"]) -> Goals:
    """Goals whose fingers turn towards directions in the body's own world; a hand not named stays straight."""
    posture = pose(shape, goals)
    along = np.stack([-posture.bone(f"{side}_forearm")[1][:, :, 1] for side in SIDES], axis=1)
    for side, direction in fingers.items():
        index = SIDES.index(side)
        wanted = unit(np.asarray(direction, dtype=np.float64))
        along[:, index] = unit(along[:, index] + (wanted - along[:, index]) * amount[:, None])
    return replace(goals, fingers=along)
