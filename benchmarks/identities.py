"""How well ids last: IDF1, id switches and MOTA of tracked skeletons against people whose ids are known.

Sources: Ristani et al. 2016 (IDF1), Bernardin and Stiefelhagen 2008 (switches, MOTA). Both speak of boxes; here
a skeleton lies on a person if their joints are within half a torso on average, which tells people apart who hug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from posecube.pose.similarity import body_size_px, joint_distance, match
from posecube.pose.types import TrackedPose
from posecube.skeleton.layouts import COCO17

_SAME_TORSOS = 0.5
# Somebody of whom less is in sight need not be found, and whoever finds them is not wrong.
_IN_SIGHT = 0.5


@dataclass(frozen=True)
class Counts:
    """What is counted in clips; adds up over them.

    Attributes:
        truths: People in sight, frame by frame.
        answers: Skeletons, without those on people hardly in sight.
        found: Skeletons that lie on a person in sight.
        same_id: Of these, those under the id that stands for this person in the whole clip.
        switches: How often a person got another id than when they were last found.
        ids: Ids that were given to anybody, and `people` how many there were to give them to.
    """

    truths: int = 0
    answers: int = 0
    found: int = 0
    same_id: int = 0
    switches: int = 0
    ids: int = 0
    people: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))

    @property
    def idf1(self) -> float:
        """Percent: twice the right answers over all truths and answers."""
        return 100 * 2 * self.same_id / max(self.truths + self.answers, 1)

    @property
    def mota(self) -> float:
        """Percent: 100 less what was missed, made up and switched."""
        wrong = (self.truths - self.found) + (self.answers - self.found) + self.switches
        return 100 * (1 - wrong / max(self.truths, 1))


def count(
    answers: Sequence[Sequence[TrackedPose]],
    keypoints_xy: Float[ndarray, "M T 17 2"],
    is_seen: Bool[ndarray, "M T 17"],
) -> Counts:
    """Compare a clip's tracked skeletons with its people."""
    together: dict[tuple[int, int], int] = {}
    last: dict[int, int] = {}
    truths = num_answers = found = switches = 0
    in_sight = is_seen.mean(axis=-1) >= _IN_SIGHT
    for t, people in enumerate(answers):
        near = _distances(keypoints_xy[:, t], is_seen[:, t], people) < _SAME_TORSOS
        near_sighted = near & in_sight[:, t, None]
        counted = near_sighted.any(axis=0) | ~near.any(axis=0)
        truths, num_answers = truths + int(in_sight[:, t].sum()), num_answers + int(counted.sum())
        for person, column in zip(*np.nonzero(near_sighted), strict=True):
            pair = (int(person), people[column].id)
            together[pair] = together.get(pair, 0) + 1
        for person, id_ in _matched(near_sighted, people, last):
            found += 1
            switches += last.get(person, id_) != id_
            last[person] = id_
    ids = {person.id for people in answers for person in people}
    return Counts(
        truths, num_answers, found, _best_total(together), switches, len(ids), int(in_sight.any(axis=1).sum())
    )


def _distances(
    truth_xy: Float[ndarray, "M 17 2"], is_seen: Bool[ndarray, "M 17"], people: Sequence[TrackedPose]
) -> Float[ndarray, "M P"]:
    if not people:
        return np.zeros((len(truth_xy), 0))
    inside = np.maximum(is_seen, 0.1)  # hidden joints say little, but of somebody hidden there are no others
    found_xy = np.stack([person.keypoints_xy for person in people])
    confidence = np.stack([person.confidence for person in people])
    return joint_distance(
        truth_xy, inside, found_xy, confidence,
        first_size_px=np.array([body_size_px(points, np.ones(17), COCO17) for points in truth_xy]),
        second_size_px=np.array([body_size_px(*both, COCO17) for both in zip(found_xy, confidence, strict=True)]),
    )  # fmt: skip


def _matched(near: Bool[ndarray, "M P"], people: Sequence[TrackedPose], last: dict[int, int]) -> list[tuple[int, int]]:
    """Person and id, one to one: whoever had an id keeps it as long as it lies on them."""
    ids = np.array([person.id for person in people], np.int64)
    kept = np.array([last.get(person, -1) for person in range(len(near))])
    cost = np.where(near, np.where(kept[:, None] == ids, 0.0, 1.0), np.inf)
    return [(person, int(ids[column])) for person, column in match(cost)]


def _best_total(together: dict[tuple[int, int], int]) -> int:
    """Frames under the one id that stands for each person, chosen for the whole clip so that they are most."""
    people = sorted({person for person, _ in together})
    ids = sorted({id_ for _, id_ in together})
    frames = np.array([[together.get((person, id_), 0) for id_ in ids] for person in people]).reshape(
        len(people), len(ids)
    )
    return int(sum(frames[pair] for pair in match(-frames.astype(np.float64))))
