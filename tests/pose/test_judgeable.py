"""Enough of a person in view, and limbs that keep their lengths; people stand as COCO's 17 joints."""

import numpy as np
import pytest
from fake_people import standing
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.pose.judgeable import is_judgeable, moves_like_a_person
from posecube.skeleton.layouts import BLAZEPOSE33, COCO17, PENN13

SIZE_HW = (240, 320)
FACE = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
SHOULDERS, HIPS, THIGHS = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    ("left_hip", "left_knee", "right_hip", "right_knee"),
)
LEFT_ARM, RIGHT_ARM = ("left_elbow", "left_wrist"), ("right_elbow", "right_wrist")
STANDING_XY = standing((130, 20, 190, 200))


def seen(*joints: str, layout=COCO17) -> np.ndarray:
    return np.array([[0.9 if joint in joints else 0.1 for joint in layout.joints]], np.float32)


@pytest.mark.parametrize(
    ("joints", "expected"),
    [
        ((), False),
        ((*FACE, *SHOULDERS), False),
        ((*FACE, *SHOULDERS, "left_elbow", "right_elbow"), False),
        ((*FACE, *SHOULDERS, *LEFT_ARM), False),
        ((*FACE, *SHOULDERS, *HIPS), False),
        ((*FACE, *THIGHS, "left_ankle", "right_ankle"), False),
        ((*SHOULDERS, *LEFT_ARM, *RIGHT_ARM), True),
        ((*SHOULDERS, *LEFT_ARM, *HIPS), True),
        (("left_shoulder", *LEFT_ARM, "left_hip", "left_knee", "left_ankle"), True),
        (("left_shoulder", *LEFT_ARM, "left_hip"), False),
        ((*SHOULDERS, *THIGHS), True),
        (COCO17.joints, True),
    ],
)
def test_who_is_judged(joints, expected):
    assert is_judgeable(STANDING_XY[None], seen(*joints), COCO17, size_hw=SIZE_HW).tolist() == [expected]


def test_what_lies_outside_of_the_frame_is_not_in_view():
    """Somebody sinks out of the frame: first the legs go, then the hips, at last there are head and shoulders."""
    down = np.array([0, 60, 120, 180])
    points_xy = STANDING_XY + np.stack([np.zeros(4), down], axis=-1)[:, None]
    confidence = np.repeat(seen(*COCO17.joints), 4, axis=0)
    assert is_judgeable(points_xy, confidence, COCO17, size_hw=SIZE_HW).tolist() == [True, True, True, False]


@pytest.mark.parametrize("layout", [PENN13, BLAZEPOSE33])
def test_other_layouts(layout):
    points_xy = np.zeros((2, layout.num_joints, 2)) + 50
    confidence = np.concatenate([seen(*layout.joints, layout=layout), seen(*SHOULDERS, *HIPS, layout=layout)])
    assert is_judgeable(points_xy, confidence, layout, size_hw=SIZE_HW).tolist() == [True, False]


def track(num_frames: int, fps: float, *, shaking: float = 0.0, seed: int = 0) -> tuple[np.ndarray, ...]:
    """Somebody who walks towards the camera and waves; joints miss their places by a fraction of the body's height."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(num_frames) / fps
    points_xy = np.repeat(STANDING_XY[None], num_frames, axis=0).astype(np.float64)
    elbow, wrist = COCO17.index("left_elbow"), COCO17.index("left_wrist")
    angle = np.sin(2 * np.pi * time_s)[:, None]
    points_xy[:, wrist] = points_xy[:, elbow] + 30 * np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
    points_xy += rng.normal(0, shaking * 180, points_xy.shape)
    return points_xy * (1 + 0.3 * time_s)[:, None, None], np.full(points_xy.shape[:2], 0.9), time_s


@settings(max_examples=20, deadline=None)
@given(fps=st.sampled_from([5.0, 12.5, 25.0, 30.0, 60.0]), seed=st.integers(0, 99))
def test_people_move_like_people_and_what_shakes_does_not(fps, seed):
    assert moves_like_a_person(*track(40, fps, shaking=0.004, seed=seed), COCO17)
    assert not moves_like_a_person(*track(40, fps, shaking=0.08, seed=seed), COCO17)


def test_a_gap_and_joints_that_were_not_seen_say_nothing():
    points_xy, confidence, time_s = track(40, 30.0, shaking=0.004)
    points_xy[20:] *= 2  # the camera was moved meanwhile
    time_s[20:] += 3
    points_xy[::3, COCO17.index("left_ankle")] = np.nan
    confidence[::3, COCO17.index("left_ankle")] = 0
    assert moves_like_a_person(points_xy, confidence, time_s, COCO17)


def test_too_little_to_tell():
    shaken_xy, confidence, time_s = track(4, 30.0, shaking=0.2)
    assert moves_like_a_person(shaken_xy, confidence, time_s, COCO17), "three steps prove nothing"
    shaken_xy, confidence, time_s = track(20, 2.0, shaking=0.2)
    assert moves_like_a_person(shaken_xy, confidence, time_s, COCO17), "half a second apart"


def test_without_limbs_nobody_moves():
    points_xy, _, time_s = track(20, 30.0)
    confidence = np.repeat(seen(*FACE, *SHOULDERS), 20, axis=0)
    assert not moves_like_a_person(points_xy, confidence, time_s, COCO17)
    assert not moves_like_a_person(points_xy[:0], confidence[:0], time_s[:0], COCO17)
