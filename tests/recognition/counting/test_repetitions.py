"""Counting, on the studio's exact bodies: many tempos, views and frame rates, noise, dropouts, pauses, cut ends."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import ndarray

from posecube.recognition.counting import count_repetitions
from posecube.recognition.counting.repetitions import Repetitions
from posecube.skeleton.layouts import BLAZEPOSE33, COCO17
from posecube_studio.performance import perform

ACTIONS = ("squat", "pushup", "situp", "pullup", "bench_press", "jumping_jacks", "jump_rope")
Poses = tuple[ndarray, ndarray, ndarray]


def filmed(
    action: str, *, seed: int = 0, fps: float = 25, length_s: float = 10, tempo: float = 1, yaw_deg: float = 40,
    noise: float = 0.02,
) -> Poses:  # fmt: skip
    """Keypoints, confidence and times of a studio performance under a camera at chest height, with trembling joints."""
    rng = np.random.default_rng(seed)
    times_s = np.arange(0, length_s, 1 / fps)
    posture = perform(action, subject=seed, seed=seed, time_s=times_s * tempo).performers[0].posture
    joints = posture.joints(COCO17)
    joints = joints - joints.reshape(-1, 3).mean(axis=0)
    cos, sin = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    depth = 4 + joints[..., 2] * cos - joints[..., 0] * sin
    points = np.stack([joints[..., 0] * cos + joints[..., 2] * sin, -joints[..., 1] - 0.1 * depth], axis=-1)
    pixels = 600 * points / depth[..., None] + 400
    return pixels + rng.normal(size=pixels.shape) * noise * 100, np.full(pixels.shape[:2], 0.9), times_s


def exact_count(action: str, *, seed: int = 0, length_s: float = 10, tempo: float = 1) -> int:
    """Arrivals at the far end, read off the exact body: how often a measure of it rises through its middle."""
    times_s = np.arange(0, length_s, 1 / 50)
    joints = perform(action, subject=seed, seed=seed, time_s=times_s * tempo).performers[0].posture.joints(COCO17)
    hips, shoulders, wrists = (
        joints[:, [COCO17.index(f"{side}_{joint}") for side in ("left", "right")]].mean(axis=1)
        for joint in ("hip", "shoulder", "wrist")
    )
    measure = {
        "squat": -hips[:, 1],
        "situp": shoulders[:, 1],
        "jumping_jacks": (wrists - shoulders)[:, 1],
        "jump_rope": hips[:, 1],
    }.get(action, -np.linalg.norm(wrists - shoulders, axis=1))
    above = measure > (measure.min() + measure.max()) / 2
    return int((above[1:] & ~above[:-1]).sum()) + int(above[0])


def count(poses: Poses, label: str | None) -> Repetitions | None:
    return count_repetitions(*poses, layout=COCO17, label=label)


def number(poses: Poses, label: str | None) -> int:
    found = count(poses, label)
    return found.count if found else 0


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("yaw_deg", [0, 40, 90, 200])
def test_every_action_from_every_side(action: str, yaw_deg: float) -> None:
    assert abs(number(filmed(action, yaw_deg=yaw_deg), action) - exact_count(action)) <= 1


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("fps", "tempo"), [(15, 0.7), (30, 1.0), (60, 1.4)])
def test_frame_rates_and_tempos(action: str, fps: float, tempo: float) -> None:
    poses = filmed(action, seed=3, fps=fps, tempo=tempo, length_s=14)
    assert number(poses, action) == pytest.approx(exact_count(action, seed=3, tempo=tempo, length_s=14), abs=1)


@pytest.mark.parametrize("action", ["squat", "pushup"])
def test_slow_repetitions_at_few_frames_a_second(action: str) -> None:
    poses = filmed(action, fps=10, tempo=0.35, length_s=30)
    assert number(poses, action) == pytest.approx(exact_count(action, tempo=0.35, length_s=30), abs=1)


def test_missing_frames_and_joints() -> None:
    points, confidence, times_s = filmed("squat", length_s=12)
    rng = np.random.default_rng(1)
    confidence = np.where(rng.random(confidence.shape) < 0.15, 0, confidence)
    confidence[:, COCO17.index("left_ankle")] = 0
    kept = rng.random(len(times_s)) > 0.3
    poses = (points[kept], confidence[kept], times_s[kept])
    assert number(poses, "squat") == pytest.approx(exact_count("squat", length_s=12), abs=1)


def test_left_taken_for_right() -> None:
    points, confidence, times_s = filmed("pushup", yaw_deg=90)
    wrong = np.random.default_rng(2).random(len(times_s)) < 0.05
    points[wrong] = points[wrong][:, list(COCO17.joint_mirror)]
    assert number((points, confidence, times_s), "pushup") == pytest.approx(exact_count("pushup"), abs=1)


def test_a_panning_and_zooming_camera_changes_nothing() -> None:
    points, confidence, times_s = filmed("squat")
    still = number((points, confidence, times_s), "squat")
    zoom = 1 + 0.06 * times_s[:, None, None]
    moved = points * zoom + np.stack([60 * times_s, 20 * np.sin(times_s)], axis=-1)[:, None]
    assert number((moved, confidence, times_s), "squat") == still > 2


def test_a_pause_between_two_sets_holds_no_repetition() -> None:
    points, _, _ = filmed("pushup", length_s=6)
    rest = np.repeat(points[:1], 200, axis=0) + np.random.default_rng(0).normal(size=(200, 17, 2))
    both = np.concatenate([points, rest, points])
    found = count((both, np.full(both.shape[:2], 0.9), np.arange(len(both)) / 25), "pushup")
    assert found is not None and found.count == pytest.approx(2 * exact_count("pushup", length_s=6), abs=1)
    assert not any(start_s < 11 and end_s > 9 for start_s, end_s in found.times_s)


def test_one_repetition_counts() -> None:
    points, confidence, times_s = filmed("squat", length_s=2.4)
    assert exact_count("squat", length_s=2.4) == 1
    assert number((points, confidence, times_s), "squat") == 1


def test_times_and_tempo() -> None:
    times_s = np.arange(0, 10, 1 / 25)
    points, confidence, _ = filmed("squat", noise=0)
    standing, low = points[0], points[np.argmax(points[:, COCO17.index("left_hip"), 1])]
    part = (0.5 - 0.5 * np.cos(2 * np.pi * times_s / 2))[:, None, None]  # at the bottom at 1, 3, 5, 7 and 9 s
    found = count((standing + part * (low - standing), confidence, times_s), "squat")
    assert found is not None
    assert found.far_s == pytest.approx([1, 3, 5, 7, 9], abs=0.1)
    assert found.tempo_per_minute == pytest.approx(30, abs=0.5)
    assert all(start_s < far_s < end_s for (start_s, end_s), far_s in zip(found.times_s, found.far_s, strict=True))
    assert [found.count_at(time_s) for time_s in (0.0, 1.0, 2.1, 9.99)] == [0, 0, 1, 5]


@pytest.mark.parametrize("label", ["idle", "walk", "golf_swing", "strum_guitar", "no such thing"])
def test_what_is_not_cyclic_is_not_counted(label: str) -> None:
    assert count(filmed("squat"), label) is None


@pytest.mark.parametrize("label", ["squat", "pushup", "situp", "jumping_jacks", None])
def test_an_idle_person_does_nothing(label: str | None) -> None:
    assert number(filmed("idle", seed=5, length_s=8), label) <= 1


@pytest.mark.parametrize("action", ["drink", "golf_swing", "sit_down", "turn"])
def test_without_a_label_only_what_repeats_is_counted(action: str) -> None:
    assert count(filmed(action, length_s=6), None) is None
    assert number(filmed("jumping_jacks"), None) == pytest.approx(exact_count("jumping_jacks"), abs=1)


def test_another_layout() -> None:
    points, confidence, times_s = filmed("squat")
    wide = np.zeros((len(times_s), BLAZEPOSE33.num_joints, 2))
    sure = np.zeros(wide.shape[:2])
    for joint in COCO17.joints:
        wide[:, BLAZEPOSE33.index(joint)] = points[:, COCO17.index(joint)]
        sure[:, BLAZEPOSE33.index(joint)] = 0.9
    assert count_repetitions(wide, sure, times_s, layout=BLAZEPOSE33, label="squat") == count(
        (points, confidence, times_s), "squat"
    )


@pytest.mark.parametrize("num_frames", [0, 1, 2, 5])
def test_a_glimpse_is_nothing(num_frames: int) -> None:
    points, confidence, times_s = filmed("squat")
    assert count((points[:num_frames], confidence[:num_frames], times_s[:num_frames]), "squat") is None


def test_nobody_seen() -> None:
    points, confidence, times_s = filmed("squat")
    assert count((points, np.zeros_like(confidence), times_s), "squat") is None
    assert count((np.full_like(points, np.nan), confidence, times_s), "squat") is None
