"""Sets of clips to render: what is asked for, checked before any work; the standard sets; what their clips are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from fractions import Fraction
from typing import Any

from posecube import lookup
from posecube.errors import UserError
from posecube_studio.camera import ARC_YAWS_DEG
from posecube_studio.conditions import GOOD_CONDITIONS, Conditions, find_conditions
from posecube_studio.motions import ACTIONS, find_action
from posecube_studio.take import Take, check_take, plan_take

# What the names S001C001P001R001A001 of NTU RGB+D's first edition hold; beyond it other splits apply.
_MOST = {"setup": 17, "views": len(ARC_YAWS_DEG), "repeats": 999, "actions": 60, "subjects": 999}


@dataclass(frozen=True)
class StudioSet:
    """Every action by every subject, several times, each time seen by all cameras of an arc.

    Attributes:
        actions: Their order numbers the classes: action A of a clip's name counts from 1.
        subjects: Numbers of the people, from 0; P of a name is one more.
        num_views: Cameras on the arc, see `camera.arc_cameras`.
        num_repeats: Performances of each action by each subject. People turn to one outer camera in one and to the
            other in the next; neighbouring subjects begin with different cameras.
        num_frames: None takes what shows each action whole.
        size_hw: Even, as H.264 needs it; 16:9 is the shape of NTU's pictures.
        seed: Added to the subject's number and the repeat to make a performance's own seed.
        setup: S of a name: tells recordings of the same actions apart, such as bright and dark ones.

    Raises:
        UserError: If no clip could be made of it.
    """

    actions: tuple[str, ...]
    subjects: tuple[int, ...] = (0,)
    num_views: int = 1
    num_repeats: int = 1
    num_frames: int | None = None
    size_hw: tuple[int, int] = (256, 456)
    fps: Fraction = Fraction(30)
    conditions: Conditions = GOOD_CONDITIONS
    seed: int = 0
    setup: int = 1

    def __post_init__(self) -> None:
        if not self.actions:
            raise UserError(f"no action was named; known actions: {', '.join(ACTIONS)}")
        for name in self.actions:
            find_action(name)
        repeated = sorted({name for name in self.actions if self.actions.count(name) > 1})
        if repeated:
            raise UserError(f"action {repeated[0]!r} was named twice")
        counts = {"subjects": len(self.subjects), "views": self.num_views, "repeats": self.num_repeats}
        for name, count in {**counts, "actions": len(self.actions), "setup": self.setup}.items():
            if not 1 <= count <= _MOST[name]:
                raise UserError(f"{name} must lie between 1 and {_MOST[name]}, got {count}")
        if any(number < 0 or number >= _MOST["subjects"] for number in self.subjects):
            raise UserError(f"subjects are numbered from 0 to {_MOST['subjects'] - 1}, got {self.subjects}")
        check_take(num_frames=self.num_frames, size_hw=self.size_hw, fps=self.fps, view=0, seed=self.seed, rig="arc")
        height, width = self.size_hw
        if height % 2 or width % 2:
            even = f"{height + height % 2}x{width + width % 2}"
            raise UserError(f"H.264 needs even sides, got {height}x{width}; ask for {even} (height x width)")

    def shots(self) -> Iterator[Shot]:
        """The clips, cameras of one performance side by side."""
        for action in self.actions:
            for subject in self.subjects:
                for repeat in range(self.num_repeats):
                    for view in range(self.num_views):
                        yield Shot(self, action, subject, view, repeat)

    @property
    def num_clips(self) -> int:
        return len(self.actions) * len(self.subjects) * self.num_repeats * self.num_views

    def as_dict(self) -> dict[str, Any]:
        """All of it, for a JSON file."""
        return {**asdict(self), "fps": str(self.fps)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> StudioSet:
        """The set that `as_dict` wrote down, maybe among other things.

        Raises:
            UserError: If something is missing or wrong.
        """
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        try:
            known |= {key: tuple(known[key]) for key in ("actions", "subjects", "size_hw")}
            return cls(**{**known, "fps": Fraction(known["fps"]), "conditions": Conditions(**known["conditions"])})
        except (KeyError, TypeError, ZeroDivisionError) as error:
            raise UserError(f"these are no settings of a set of clips: {error!r}") from None


@dataclass(frozen=True)
class Shot:
    """One clip of a set."""

    studio_set: StudioSet
    action: str
    subject: int
    view: int
    repeat: int

    @property
    def name(self) -> str:
        """As NTU RGB+D names a clip: setup, camera, person, repeat, action, each counted from 1."""
        action = self.studio_set.actions.index(self.action)
        return (
            f"S{self.studio_set.setup:03d}C{self.view + 1:03d}P{self.subject + 1:03d}"
            f"R{self.repeat + 1:03d}A{action + 1:03d}"
        )

    def plan(self) -> Take:
        """The clip before any pixel."""
        order = self.studio_set
        return plan_take(
            self.action, subject=self.subject, view=self.view, seed=order.seed + self.subject + self.repeat,
            num_frames=order.num_frames, size_hw=order.size_hw, fps=order.fps, conditions=order.conditions, rig="arc",
        )  # fmt: skip


STUDIO20 = StudioSet(
    actions=(
        "baseball_pitch", "baseball_swing", "bench_press", "bowl", "clean_and_jerk", "drink", "eat", "golf_swing",
        "handshake", "hug", "jump", "jump_rope", "jumping_jacks", "kick", "phone_call", "pick_up", "pullup", "punch",
        "push", "pushup", "run", "sit_down", "situp", "squat", "stand_up", "strum_guitar", "tennis_forehand",
        "tennis_serve", "throw", "turn", "walk", "wave",
    ),
    subjects=tuple(range(16)),
    num_views=3,
    num_frames=64,
    fps=Fraction(20),
)  # fmt: skip
STUDIO_MINI = StudioSet(
    actions=("handshake", "jumping_jacks", "walk", "wave"),
    subjects=(0, 1, 2, 5),
    num_views=3,
    num_frames=16,
    size_hw=(108, 192),
    fps=Fraction(10),
)
SETS: dict[str, StudioSet] = {"studio20": STUDIO20, "studio-mini": STUDIO_MINI}


def find_set(name: str) -> StudioSet:
    """A standard set by its name.

    Raises:
        UserError: If there is none of that name.
    """
    return lookup.find(SETS, name, what="set")


def order_set(
    name: str | None = None,
    *,
    actions: Sequence[str] | None = None,
    subjects: int | None = None,
    conditions: str | None = None,
    **changes: Any,
) -> StudioSet:
    """A standard set, or by default every action once, with what is to be otherwise.

    Args:
        subjects: How many people: numbers 0 to one less.
        conditions: Named ones, see `conditions.CONDITIONS`.
        changes: Fields of `StudioSet` and of `Conditions`; what is None stays as it is.

    Raises:
        UserError: If there is no such set, or no clip could be made.
    """
    chosen = StudioSet(tuple(ACTIONS)) if name is None else find_set(name)
    given = {key: value for key, value in changes.items() if value is not None}
    recorded = {field.name: given.pop(field.name) for field in fields(Conditions) if field.name in given}
    if actions is not None:
        given["actions"] = tuple(actions)
    if subjects is not None:
        given["subjects"] = tuple(range(subjects))
    usual = chosen.conditions if conditions is None else find_conditions(conditions)
    return replace(chosen, **given, conditions=replace(usual, **recorded))
