"""Two people meet: hands touch, trunks do not pass through each other, and what was pushed moves only then."""

import numpy as np
import pytest

from posecube.skeleton import find_layout
from posecube_studio.motions import ACTIONS
from posecube_studio.performance import Performer, perform

NTU25 = find_layout("ntu25")
PAIRS = ("handshake", "hug", "push")
PEOPLE = ((0, 0), (4, 1), (5, 2), (11, 3))  # subject and seed; the fourth differs most in height from the partner
FPS = 30


def play(action: str, subject: int, seed: int) -> tuple[Performer, ...]:
    time_s = np.arange(round(ACTIONS[action].duration_s * FPS)) / FPS
    return perform(action, subject=subject, seed=seed, time_s=time_s).performers


def joint(performer: Performer, name: str) -> np.ndarray:
    return performer.posture.joints(NTU25)[:, NTU25.index(name)]


def palm(performer: Performer, side: str) -> np.ndarray:
    return performer.posture.point(f"{side}_hand", (0.0, -0.045 * performer.posture.shape.height_m, 0.0))


def on_chest(performer: Performer, points: np.ndarray) -> np.ndarray:
    """World points in the person's chest axes, in body heights. (T, 3)"""
    origin, axes = performer.posture.bone("chest")
    return np.einsum("tji,tj->ti", axes, points - origin) / performer.posture.shape.height_m


def trunks_apart(first: Performer, second: Performer) -> np.ndarray:
    """Least distance of the lines from pelvis to thorax, each frame."""
    part = np.linspace(0, 1, 9)[:, None, None]
    lines = [joint(each, "pelvis") * (1 - part) + joint(each, "thorax") * part for each in (first, second)]
    return np.linalg.norm(lines[0][:, None] - lines[1][None], axis=-1).min(axis=(0, 1))


@pytest.mark.parametrize("action", PAIRS)
def test_two_people_face_each_other_and_never_pass_through(action: str) -> None:
    assert ACTIONS[action].num_people == 2
    for subject, seed in PEOPLE:
        first, second = play(action, subject, seed)
        assert first.person != second.person
        assert trunks_apart(first, second).min() > 0.29
        between = joint(second, "pelvis") - joint(first, "pelvis")
        assert np.abs(between[:, 0]).min() > 0.2, "they stand beside each other along x"
        ahead = first.posture.bone("pelvis")[1][:, :, 2]
        assert (np.sign(between[:, 0]) * ahead[:, 0] > 0.8).all(), "the first looks at the second"
        heads = [each.posture.point("head", (0, 0.06 * each.posture.shape.height_m, 0)) for each in (first, second)]
        assert np.linalg.norm(heads[0] - heads[1], axis=1).min() > 0.2


@pytest.mark.parametrize("action", PAIRS)
def test_both_move_smoothly_on_the_floor(action: str) -> None:
    for subject, seed in PEOPLE:
        for performer in play(action, subject, seed):
            joints = performer.posture.joints(NTU25)
            assert np.isfinite(joints).all() and joints[..., 1].min() > -0.01
            assert np.linalg.norm(np.diff(joints, axis=0), axis=-1).max() < 0.35, "a joint jumps"
            assert np.linalg.norm(np.diff(joints, n=2, axis=0), axis=-1).max() < 0.15, "a joint kinks"


def test_right_hands_meet_and_shake_two_to_five_times() -> None:
    counts = set()
    for subject, seed in (*PEOPLE, (1, 4), (2, 5), (3, 6)):
        first, second = play("handshake", subject, seed)
        apart = np.linalg.norm(palm(first, "right") - palm(second, "right"), axis=1)
        together = apart < 0.05
        assert together.sum() > 0.7 * FPS
        assert apart[0] > 0.4 and apart[-1] > 0.4, "hands meet and part"
        assert np.linalg.norm(palm(first, "left") - palm(second, "left"), axis=1).min() > 0.3
        height = palm(first, "right")[together, 1]
        turns = np.flatnonzero(np.diff(np.sign(np.diff(height))) < 0)
        counts.add(len(turns))
    assert counts <= {2, 3, 4, 5, 6} and len(counts) > 1


def test_arms_go_round_the_other_in_a_hug() -> None:
    for subject, seed in PEOPLE:
        pair = play("hug", subject, seed)
        frame = int(1.9 * FPS)
        for one, other in (pair, pair[::-1]):
            for side in ("left", "right"):
                x, y, z = on_chest(other, palm(one, side))[frame]
                assert z < -0.045, "a palm lies behind the other's trunk"
                assert abs(x) < 0.1 and 0.0 < y < 0.2, "and on the back"
                assert np.linalg.norm((x, z)) < 0.13, "and touches it"
        apart = trunks_apart(*pair)
        assert apart[0] > 0.9 and apart[frame] < 0.40


def test_palms_meet_the_chest_and_only_then_the_other_moves() -> None:
    for subject, seed in (*PEOPLE, (7, 5), (8, 6)):
        first, second = play("push", subject, seed)
        places = [on_chest(second, palm(first, side)) for side in ("left", "right")]
        reached = [np.linalg.norm((np.abs(place) - [0.045, 0.118, 0.066]), axis=1).min() for place in places]
        nearest = places[int(np.argmin(reached))]
        assert min(reached) < 0.02, "a palm comes within 4 cm of the chest below the collar bone"
        hit = int(np.argmax(nearest[:, 2] < 0.085))
        moved = np.linalg.norm(joint(second, "thorax") - joint(second, "thorax")[0], axis=1)
        assert moved[: hit - 1].max() < 0.03
        assert moved[hit + FPS // 2] > 0.15
        stepped = joint(second, "left_ankle")[-1] - joint(second, "left_ankle")[0]
        away = joint(second, "pelvis")[0] - joint(first, "pelvis")[0]
        assert stepped @ away / np.linalg.norm(away) > 0.2, "a step or two back"


@pytest.mark.parametrize("action", PAIRS)
def test_who_stands_left_and_the_rest_of_the_style_vary(action: str) -> None:
    starts = np.array([joint(play(action, 0, seed)[0], "pelvis")[0] for seed in range(6)])
    assert len(set(np.sign(starts[:, 0]))) == 2
    assert np.ptp(np.abs(starts[:, 0])) > 0.01
