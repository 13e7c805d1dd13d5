"""What the mannequin can do: each action is a motion program, how long it lasts, and how it is usually filmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy import ndarray

from posecube import lookup
from posecube_studio.body import BodyShape
from posecube_studio.goals import Goals
from posecube_studio.motions import (
    everyday,
    exercise,
    handheld,
    jumping,
    lifting,
    moving,
    push,
    seated,
    sport,
    strike,
    together,
    unnamed,
    variants,
)
from posecube_studio.motions.pairs import Together
from posecube_studio.motions.style import Style, View

__all__ = ["ACTIONS", "MORE_ACTIONS", "Action", "Program", "Style", "Together", "View", "find_action"]

Program = Callable[[BodyShape, Style, ndarray], Goals]


@dataclass(frozen=True)
class Action:
    """One action.

    Attributes:
        program: (shape, style, time_s) -> Goals, or what two people do together.
        duration_s: Length of a clip that shows it whole.
        views: Where it is usually filmed from; a clip's view number picks one.
        cyclic: Whether it repeats as long as the clip lasts; a one-off action is played faster in a shorter clip, and
            in a longer one its end is held.
        scene: Name of the backdrop.
        prop: Name of what is held or used, if anything.
        handed: Whether left-handed people do it mirrored.
        sway: How much the body drifts on top of the program.
        label: What it is called, where that is not its own name; None of what has none.
        tilt_deg: Range of a tilt of the whole body about the toes, as of hands that stand on a bar or feet on a box.
    """

    program: Program | Together
    duration_s: float
    views: tuple[View, ...]
    cyclic: bool = True
    scene: str = "gym"
    prop: str | None = None
    handed: bool = False
    sway: float = 1.0
    label: str | None = None
    tilt_deg: tuple[float, float] = (0.0, 0.0)

    @property
    def num_people(self) -> int:
        return 2 if isinstance(self.program, Together) else 1


def _views(*yaws_deg: float, pitch_deg: float = 5.0, upper_body: bool = False) -> tuple[View, ...]:
    return tuple(View(yaw, pitch_deg, upper_body) for yaw in yaws_deg)


def _sport(program: Program, duration_s: float, views: tuple[View, ...], scene: str, prop: str) -> Action:
    return Action(program, duration_s, views, cyclic=False, scene=scene, prop=prop, handed=True)


def _at_home(program: Program, prop: str, duration_s: float = 3.6) -> Action:
    return Action(program, duration_s, _AROUND, cyclic=False, scene="room", prop=prop, handed=True, sway=0.5)


_AROUND = _views(0, 32, -32)
_BESIDE = _views(0, 30, -30, pitch_deg=4.0)  # two who face each other are seen from the side

ACTIONS: dict[str, Action] = {
    "baseball_pitch": _sport(sport.baseball_pitch, 2.8, _views(-90, -60, -115), "field", "baseball"),
    "baseball_swing": _sport(sport.baseball_swing, 1.8, _views(-90, -60, -115), "field", "bat"),
    "bench_press": Action(exercise.bench_press, 5.0, _views(62, -62, 25, pitch_deg=14), prop="bench", sway=0.3),
    "bowl": _sport(sport.bowl, 2.4, _views(180, 168, 192, pitch_deg=8), "bowling", "bowling_ball"),
    "clean_and_jerk": Action(
        exercise.clean_and_jerk, 4.4, _views(10, 40, -30), cyclic=False, prop="barbell", sway=0.6
    ),
    "drink": _at_home(handheld.drink, "cup"),
    "eat": _at_home(handheld.eat, "food"),
    "golf_swing": _sport(sport.golf_swing, 2.2, _views(-90, -78, 180), "lawn", "golf_club"),
    "handshake": Action(Together(together.handshake), 4.0, _BESIDE, cyclic=False, scene="room"),
    "hug": Action(Together(together.hug), 4.4, _BESIDE, cyclic=False, scene="room"),
    "idle": Action(everyday.stand_about, 3.0, _AROUND, scene="room"),
    "jump": Action(jumping.jump, 3.4, _AROUND, cyclic=False),
    "jump_rope": Action(exercise.jump_rope, 2.5, _views(0, 20, -20), prop="rope", sway=0.6),
    "jumping_jacks": Action(exercise.jumping_jacks, 3.6, _views(0, 18, -18), sway=0.8),
    "kick": Action(strike.kick, 3.0, _AROUND, cyclic=False, handed=True),
    "phone_call": _at_home(handheld.phone_call, "phone"),
    "pick_up": _at_home(lifting.pick_up, "lifted"),
    "pullup": Action(exercise.pullup, 4.4, _views(180, 0, 150, pitch_deg=1), prop="pullup_bar", sway=0.6),
    "punch": Action(strike.punch, 2.6, _AROUND, cyclic=False, handed=True),
    "push": Action(Together(push.push), 2.6, _BESIDE, cyclic=False, scene="room"),
    "pushup": Action(exercise.pushup, 3.2, _views(90, -90, 58, pitch_deg=12), prop="mat", sway=0.15),
    "run": Action(moving.run, 2.4, _AROUND, cyclic=False),
    "sit_down": _at_home(seated.sit_down, "chair", 3.4),
    "situp": Action(exercise.situp, 5.0, _views(90, -90, 70, pitch_deg=12), prop="mat", sway=0.2),
    "squat": Action(exercise.squat, 5.2, _views(55, -55, 10), prop="light_barbell", sway=0.6),
    "stand_up": _at_home(seated.stand_up, "chair", 3.4),
    "strum_guitar": Action(
        everyday.strum_guitar, 3.0, _views(0, -14, 10, pitch_deg=3, upper_body=True),
        scene="room", prop="guitar", handed=True,
    ),
    "tennis_forehand": _sport(sport.tennis_forehand, 1.6, _views(-75, 180, -40, pitch_deg=7), "court", "racket"),
    "tennis_serve": _sport(sport.tennis_serve, 2.3, _views(180, -90, 150, pitch_deg=6), "court", "racket_and_ball"),
    "throw": _at_home(lifting.throw, "thrown_ball", 2.8),
    "turn": Action(moving.turn, 3.0, _AROUND, cyclic=False, scene="room"),
    "walk": Action(moving.walk, 2.6, _AROUND, scene="room"),
    "wave": Action(everyday.wave_hand, 3.2, _AROUND, cyclic=False, scene="room", handed=True),
}  # fmt: skip


def _more(program: Program, duration_s: float, *, label: str | None = None, **options: Any) -> Action:
    return Action(program, duration_s, _AROUND, label=label, **options)


# Other ways to do what has a name, and what has none: for training in the open world. Not part of the standard sets.
MORE_ACTIONS: dict[str, Action] = {
    "squat_free": _more(variants.squat_free, 5.0, label="squat"),
    "squat_wide": _more(variants.squat_wide, 5.0, label="squat"),
    "squat_jump": _more(variants.squat_jump, 4.0, label="squat"),
    "wall_sit": _more(variants.wall_sit, 4.0, label="squat"),
    "jacks_free": _more(variants.jacks_free, 4.0, label="jumping_jacks"),
    "pushup_tilted": _more(exercise.pushup, 4.0, label="pushup", sway=0.15, tilt_deg=(-14.0, 55.0)),
    "situp_free": _more(variants.situp_free, 5.0, label="situp", sway=0.2),
    "pullup_free": _more(variants.pullup_free, 5.0, label="pullup", sway=0.6),
    "wave_both": _more(variants.wave_both, 3.0, label="wave"),
    "sit": _more(variants.sit, 4.0, label="sit"),
    "gestures": _more(unnamed.gestures, 4.0),
    "dancing": _more(unnamed.dance, 4.0),
    "lift_weights": _more(unnamed.lift_weights, 5.0),
    "lunge": _more(unnamed.lunge, 5.0),
    "duck_walk": _more(unnamed.duck_walk, 4.0),
    "leg_raise": _more(unnamed.leg_raise, 4.0),
    "seated_twist": _more(unnamed.seated_twist, 4.0),
    "hips_high": _more(unnamed.hips_high, 4.0),
    "kneeling": _more(unnamed.kneeling, 4.0),
    "bridge": _more(unnamed.bridge, 4.0),
    "plank": _more(unnamed.plank, 4.0, sway=0.3),
    "burpee": _more(unnamed.burpee, 5.0),
    "held_pose": _more(unnamed.held_pose, 4.0),
    "hop_about": _more(unnamed.hop_about, 3.0),
}


def find_action(name: str) -> Action:
    """Look an action up by its name.

    Raises:
        UserError: If there is none of that name.
    """
    return lookup.find({**ACTIONS, **MORE_ACTIONS}, name, what="action")
