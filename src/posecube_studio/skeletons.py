"""Skeletons without pictures: the joints of performances, in metres; thousands in minutes.

For training that turns a virtual camera around them. The pictures' own truth is in ``clip_folder``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube import lookup
from posecube.errors import UserError
from posecube.parallel import map_in_processes
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import NTU25
from posecube_studio.motions import ACTIONS, MORE_ACTIONS, find_action
from posecube_studio.performance import perform, seeded
from posecube_studio.rotation import about

UNNAMED = "none"
FPS = 25.0
TRAIN_SUBJECTS = (0, 1, 3, 4, 7, 8, 12, 13, 14, 15, 16, 17, 18, 24, 26, 27)  # as NTU RGB+D's cross-subject protocol
TEST_SUBJECTS = (2, 5, 6, 9, 10, 11)
_FAST, _SLOW = 0.8, 2.0  # of an action's usual duration: what is cyclic goes on, what is not is held at its end
_TO_SENSOR = np.array([1.0, 1.0, -1.0])  # people of the studio face z; a sensor's z leads away from it


@dataclass(frozen=True)
class _Job:
    action: str
    subject: int
    repeat: int


def class_of(action: str) -> str:
    """What the performances of an action are called: its own name, another one's, or ``none``."""
    if action in ACTIONS:
        return action
    return find_action(action).label or UNNAMED


def actions_of_kind(kind: str) -> tuple[str, ...]:
    """The standard actions, other ways to do them ("variants"), or what is none of them ("unnamed").

    Raises:
        UserError: If there is no such kind.
    """
    kinds = {
        "actions": tuple(ACTIONS),
        "variants": tuple(name for name, action in MORE_ACTIONS.items() if action.label),
        "unnamed": tuple(name for name, action in MORE_ACTIONS.items() if not action.label),
    }
    return lookup.find(kinds, kind, what="kind of motions")


def classes_of(actions: Sequence[str]) -> tuple[str, ...]:
    """The classes of some actions, in the order of their names."""
    return tuple(sorted({class_of(action) for action in actions}))


def performances(
    actions: Sequence[str],
    *,
    repeats: int = 4,
    subjects: Sequence[int] = (*TRAIN_SUBJECTS, *TEST_SUBJECTS),
    workers: int = 1,
) -> Iterator[tuple[SkeletonSequence, str]]:
    """Every action by every subject, so many times, each of another length; with the split that a clip is of.

    Splits are ``xsub_train`` and ``xsub_val``, by subject, as those of NTU RGB+D; labels count ``classes_of``.

    Raises:
        UserError: If an action is unknown or a number is out of range.
    """
    if repeats < 1 or not subjects or not actions:
        raise UserError(f"skeletons need actions, subjects and repeats, got {actions!r}, {subjects!r} and {repeats}")
    classes = classes_of(actions)
    jobs = [_Job(action, subject, repeat) for action in actions for subject in subjects for repeat in range(repeats)]
    for job, joints in zip(jobs, _joints_of(jobs, workers), strict=True):
        sequence = SkeletonSequence(
            keypoints=joints,
            confidence=np.ones(joints.shape[:-1], dtype=np.float32),
            layout=NTU25,
            size_hw=(0, 0),
            name=f"{job.action}-P{job.subject:03d}-R{job.repeat:03d}",
            label=classes.index(class_of(job.action)),
        )
        yield sequence, "xsub_val" if job.subject in TEST_SUBJECTS else "xsub_train"


def _joints_of(jobs: Sequence[_Job], workers: int) -> Iterator[Float32[ndarray, "M T V 3"]]:
    if workers == 1:
        return map(_perform, jobs)
    return iter(map_in_processes(_perform, jobs, workers=workers, chunk=16))


def _perform(job: _Job) -> Float32[ndarray, "M T V 3"]:
    """Joints in metres, x right, y up, z away from a sensor that the people face."""
    action = find_action(job.action)
    rng = seeded("length", job.action, job.subject, job.repeat)
    # Short ones are played faster: see performance.perform.
    lasts_s = action.duration_s * rng.uniform(_FAST, _SLOW if action.cyclic else 1.3)
    time_s = np.arange(max(8, round(lasts_s * FPS))) / FPS
    acted = perform(job.action, subject=job.subject, seed=job.repeat + 1, time_s=time_s)
    joints = np.stack([each.posture.joints(NTU25) for each in acted.performers])
    low, high = action.tilt_deg
    tilted = joints @ about("x", -np.radians(rng.uniform(low, high))).T
    return (tilted * _TO_SENSOR).astype(np.float32)
