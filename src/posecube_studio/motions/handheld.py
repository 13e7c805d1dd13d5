"""Things brought to the face: a cup, something to eat, a phone. The arm does much the same; the thing tells them apart.

The thing is in the right hand. `tool` is its own axis: upward through a cup, along a bar or a phone.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import BodyShape, Posture
from posecube_studio.goals import Goals
from posecube_studio.grasp import BITE_M, CUP_OUT_M, PHONE_OUT_M, RIM_M
from posecube_studio.motions.everyday import idle
from posecube_studio.motions.footwork import eased, facing
from posecube_studio.motions.reaching import Step, blended, played, with_palm
from posecube_studio.motions.style import Pose, Style, with_tracks
from posecube_studio.rotation import turned, unit

_WITHIN_S = 3.4
_LIPS = (0.0, 0.0165, 0.064)  # on the head, of the body's height
_EAR = (-0.046, 0.027, 0.045)  # the palm at the cheek, the phone's end at the ear


def drink(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """A cup goes up to the lips, tips with the head, and sinks; perhaps another sip, perhaps a long one."""
    rest = _carried(style) | {"tool": (0, 1, 0)}
    face, level, tipped = _raised(style), style.between(8, 18), style.between(36, 68)
    touch = _cup_at_lips(shape, face | {"nod": style.between(-4, 8)}, level)
    sip = _cup_at_lips(shape, face | {"nod": style.between(-15, 1)}, tipped)
    return _acted(shape, style, time_s, _trips(style, rest, touch, [sip, {}, touch]))


def eat(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """Something small goes to the mouth for a bite or more; the jaw's work shows in the head."""
    rest = _carried(style) | {"tool": (-0.3, 0.8, 0.5)}
    axis = (style.between(-0.7, 0.0), style.between(0.15, 0.65), -0.8)
    mouth = _raised(style) | {"nod": style.between(-8, 9), "tool": axis}
    bite = with_palm(shape, mouth, "right", partial(_before_lips, axis))
    goals = _acted(shape, style, time_s, _trips(style, rest, bite, [bite, {"nod": style.between(-8, 6)}]))
    chewing = eased((time_s - style.between(1.1, 1.6)) / 0.4) * style.between(0.8, 2.2)
    chew = np.sin(2 * np.pi * time_s * style.between(1.4, 2.1)) * chewing
    return with_tracks(goals, nod=goals.neck_deg[:, 0] + chew)


def phone_call(shape: BodyShape, style: Style, time_s: ndarray) -> Goals:
    """A phone goes to the ear, or before the mouth as for a message, and is talked into; most keep it there."""
    rest = _carried(style) | {"tool": (-0.15, 0.6, 0.8), "tilt": 0}
    arm = _raised(style)
    if style.chance(0.45):
        place = (style.between(-0.03, 0.01), style.between(-0.025, 0.01), style.between(0.10, 0.15))
        arm |= {"tool": (-0.1, 0.55, 0.8)}
    else:  # the elbow hangs before the chest
        place = _EAR
        arm |= {"tool": (-0.08, 0.75, -0.65), "right_elbow": (style.between(0.05, 0.65), -0.6, style.between(0.5, 0.8))}
    talk: list[Pose] = []
    for _ in range(3):
        head: Pose = {"nod": style.between(-8, 10), "tilt": style.between(-8, 2), "look": style.between(-15, 15)}
        talk.append(with_palm(shape, arm | head, "right", partial(_on_head, place), out_m=PHONE_OUT_M))
    return _acted(shape, style, time_s, _trips(style, rest, talk[0], talk, stays=0.6))


def _carried(style: Style) -> Pose:
    """The thing before the belly or the chest, as over a table; some look at it."""
    hand = (style.between(-0.22, 0.06), style.between(-0.66, -0.42), style.between(0.42, 0.60))
    looking = style.chance(0.5)
    return {
        "right_hand": hand, "right_elbow": (style.between(0.35, 0.7), -0.8, -0.45), "bend": style.between(0, 6),
        "nod": style.between(10, 20) if looking else style.between(0, 6), "look": style.between(-14, 14),
    }  # fmt: skip


def _raised(style: Style) -> Pose:
    """Where the elbow is while the hand is at the face, and where one looks."""
    elbow = (style.between(0.15, 0.75), -1.0, style.between(-0.1, 0.6))
    return {"right_elbow": elbow, "bend": style.between(-3, 4), "look": style.between(-12, 12)}


def _trips(style: Style, rest: Pose, near: Pose, there: list[Pose], *, stays: float = 0.35) -> list[Step]:
    """Up to the face, what is done there, and down; a further trip starts from a part of the way.

    Args:
        stays: Share of those whose hand is still at the face when the clip ends.
    """
    steps: list[Step] = [(style.between(0.05, 0.5), rest)]
    num_trips = 1 + style.chance(0.45) + style.chance(0.2)
    up_s, down_s = style.between(0.5, 0.95) / num_trips**0.5, style.between(0.5, 0.9) / num_trips**0.5
    stay_s = style.between(0.5, 1.5) / num_trips
    for left in reversed(range(num_trips)):
        below = near | blended(near, rest, style.between(0.3, 0.9) if left else 1.0)
        steps += [(up_s, near), *((stay_s / len(there), pose) for pose in there)]
        steps += [(down_s, below), (style.between(0.05, 0.4), {})]
    return steps[:-2] if style.chance(stays) else steps


def _acted(shape: BodyShape, style: Style, time_s: ndarray, steps: list[Step]) -> Goals:
    """The steps by somebody who stands about, facing more or less ahead; the left hand rests or talks along."""
    standing = idle(shape, style, time_s)
    if style.chance(0.3):
        standing = with_tracks(standing, left_hand=(0.02, -0.62, 0.16), left_elbow=(1.0, -0.4, -0.6))  # on the hip
    elif style.chance(0.3):
        standing = with_tracks(standing, left_hand=(-0.30, -0.52, 0.42), left_elbow=(0.7, -0.7, -0.3))  # on the belly
    goals = played(time_s, steps, base=standing, within_s=_WITHIN_S)
    if style.chance(0.3):
        goals = _gesturing(goals, style, time_s)
    return facing(goals, style.between(-40, 40))


def _gesturing(goals: Goals, style: Style, time_s: ndarray) -> Goals:
    """The left hand comes up and beats the air."""
    begin = style.between(0.9, 1.7)
    up = eased((time_s - begin) / 0.7) * eased((begin + style.between(1.6, 2.6) - time_s) / 0.7)
    beat = np.sin(2 * np.pi * time_s / style.between(0.6, 1.0)) * style.between(0.04, 0.1)
    high = style.between(-0.55, -0.3)
    raised = np.stack([0.02 + 0.8 * beat, high + beat, 0.55 + 0.3 * beat], axis=-1)
    hand, elbow = goals.hands[:, 0], goals.elbows[:, 0]
    pointing = np.array([0.6, -0.8, -0.4])
    return with_tracks(
        goals, left_hand=hand + (raised - hand) * up[:, None], left_elbow=elbow + (pointing - elbow) * up[:, None]
    )  # fmt: skip


def _on_head(place: tuple[float, float, float], posture: Posture) -> Float[ndarray, "T 3"]:
    return posture.point("head", np.array(place) * posture.shape.height_m)


def _cup_at_lips(shape: BodyShape, pose: Pose, tilt_deg: float) -> Pose:
    """The near point of the rim touches the lips while the cup leans that far towards the face."""
    sine, cosine = np.sin(np.radians(tilt_deg)), np.cos(np.radians(tilt_deg))
    across, up = RIM_M
    rim = across * np.array([0.0, -sine, -cosine]) + up * np.array([0.0, cosine, -sine])

    def middle(posture: Posture) -> ndarray:
        return _on_head(_LIPS, posture) - turned(posture.bone("chest")[1], rim)

    return with_palm(shape, pose | {"tool": (0.0, float(cosine), -float(sine))}, "right", middle, out_m=CUP_OUT_M)


def _before_lips(axis: tuple[float, float, float], posture: Posture) -> Float[ndarray, "T 3"]:
    """Where the palm is when the end of the food is between the lips; the axis is the right hand's `tool`."""
    along = unit(np.array(axis) * np.array([-1, 1, 1]))
    return _on_head(_LIPS, posture) - BITE_M * turned(posture.bone("chest")[1], along)
