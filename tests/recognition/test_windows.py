"""Sliding windows over a stream of people: who is judged when, by which frames, in bounded memory."""

import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.types import TrackedPose
from posecube.recognition.windows import PersonWindow, SlidingWindows, WindowSettings
from posecube.skeleton.layouts import COCO17

Presence = Callable[[float], bool]


def pose_of(person: int, time_s: float) -> TrackedPose:
    """The first joint's x tells the time, its y the person."""
    keypoints = np.full((17, 2), 50, np.float32)
    keypoints[0] = time_s, person
    return TrackedPose(person, keypoints, np.ones(17, np.float32), np.array([0, 0, 9, 9], np.float32), 1.0)


def slide(times, people: dict[int, Presence], settings: WindowSettings | None = None) -> list[PersonWindow]:
    sliding = SlidingWindows(settings or WindowSettings(), layout=COCO17, size_hw=(100, 100))
    windows = []
    for time_s in times:
        present = [pose_of(person, time_s) for person, is_there in people.items() if is_there(time_s)]
        windows += sliding.add(float(time_s), present)
    return windows + sliding.finish()


def times_in(window: PersonWindow) -> np.ndarray:
    return window.sequence.keypoints[0, :, 0, 0]


def of_person(windows, person: int) -> list[PersonWindow]:
    return [window for window in windows if window.person_id == person]


def at_fps(fps: float, duration_s: float) -> np.ndarray:
    return np.arange(round(duration_s * fps)) / fps


def always(_time_s: float) -> bool:
    return True


def test_a_long_stream_gives_a_window_each_step():
    windows = slide(at_fps(30, 10), {1: always})
    ends = [window.end_s for window in windows]
    assert ends == pytest.approx([2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0])
    for window in windows:
        assert window.start_s == pytest.approx(window.end_s - 2.5, abs=0.04)
        assert window.sequence.num_frames == 75
        assert window.sequence.layout == COCO17 and window.sequence.size_hw == (100, 100)


@pytest.mark.parametrize("num_frames", [1, 2, 3, 7, 8, 30, 74])
def test_a_short_video_gives_one_window_of_all_of_it(num_frames):
    (window,) = slide(at_fps(30, num_frames / 30), {1: always})
    assert window.sequence.num_frames == num_frames
    assert window.start_s == 0.0
    assert window.end_s == pytest.approx(num_frames / 30 if num_frames > 1 else 0.001)


def test_nobody_and_nothing_give_no_window():
    assert slide(at_fps(30, 10), {}) == []
    assert slide([], {1: always}) == []


@st.composite
def streams(draw):
    """Frame times at a varying rate, and people who come, go and flicker."""
    steps = draw(st.lists(st.sampled_from([0.02, 0.04, 0.1, 0.5, 2.0]), min_size=1, max_size=80))
    times = np.concatenate([[0.0], np.cumsum(steps)])
    people = {}
    for person in range(1, draw(st.integers(1, 3)) + 1):
        seen = draw(st.lists(st.booleans(), min_size=len(times), max_size=len(times)))
        people[person] = dict(zip(times.tolist(), seen, strict=True)).__getitem__
    return times.tolist(), people


@given(streams(), st.sampled_from([(2.5, 0.5), (1.0, 1.0), (0.7, 0.3)]))
def test_a_window_holds_the_persons_frames_of_its_time_and_no_others(stream, lengths):
    times, people = stream
    settings = WindowSettings(window_s=lengths[0], step_s=lengths[1], min_frames=2, min_seen=0.3)
    windows = slide(times, people, settings)
    assert [window.end_s for window in windows] == sorted(window.end_s for window in windows)
    for window in windows:
        is_there = people[window.person_id]
        earliest = window.end_s - settings.window_s
        expected = [time_s for time_s in times if is_there(time_s) and earliest <= time_s < window.end_s]
        got = times_in(window).tolist()
        assert got == pytest.approx(expected, rel=1e-5)
        assert (window.sequence.keypoints[0, :, 0, 1] == window.person_id).all()
        assert window.start_s == pytest.approx(got[0], abs=1e-4) and window.start_s < window.end_s


@given(streams())
def test_a_person_seen_all_the_time_is_judged_to_the_end(stream):
    times, _ = stream
    windows = slide(times, {1: always}, WindowSettings(min_frames=1))
    covered = np.zeros(len(times), dtype=bool)
    for window in windows:
        covered |= (np.array(times) >= window.start_s) & (np.array(times) < window.end_s)
    assert covered.all()


def test_a_late_comer_is_judged_once_enough_is_seen():
    windows = of_person(slide(at_fps(30, 8), {1: always, 2: lambda time_s: time_s >= 3.9}), 2)
    assert windows[0].end_s == pytest.approx(4.5), "not at 4.0, from three frames"
    assert windows[0].start_s == pytest.approx(3.9) and windows[0].sequence.num_frames == 18
    assert windows[-1].end_s == pytest.approx(8.0) and windows[-1].sequence.num_frames == 75


def test_somebody_who_comes_in_the_last_frames_is_not_judged_by_them():
    windows = slide(at_fps(30, 8), {1: always, 2: lambda time_s: time_s >= 7.85})
    assert of_person(windows, 2) == []


def test_a_leaver_is_judged_until_they_left():
    windows = of_person(slide(at_fps(30, 12), {1: always, 2: lambda time_s: time_s < 5.2}), 2)
    assert windows[-1].end_s == pytest.approx(5.5)
    assert times_in(windows[-1])[-1] == pytest.approx(5.2, abs=0.04)


@pytest.mark.parametrize(("seen_s", "is_judged"), [(0.1, False), (0.6, True), (1.0, True)])
def test_a_passer_by_is_judged_if_seen_long_enough(seen_s, is_judged):
    windows = slide(at_fps(30, 12), {1: lambda time_s: 4.1 <= time_s < 4.1 + seen_s})
    assert bool(windows) == is_judged
    for window in windows:
        assert window.start_s == pytest.approx(4.1, abs=0.04)


def test_a_gap_is_left_out_of_the_window():
    windows = slide(at_fps(30, 6), {1: lambda time_s: not 3.0 <= time_s < 3.8})
    (window,) = (window for window in windows if window.end_s == pytest.approx(4.5))
    assert window.sequence.num_frames == 75 - 24
    assert not ((times_in(window) >= 3.0) & (times_in(window) < 3.79)).any()


def test_a_person_missing_from_most_of_a_window_is_not_judged_by_it():
    windows = slide(at_fps(30, 6), {1: lambda time_s: time_s < 1.0 or round(time_s * 30) % 6 == 0})
    assert all(len(times_in(window)) >= 0.5 * 75 for window in windows if window.start_s > 1)


def test_somebody_who_comes_back_is_judged_anew():
    windows = slide(at_fps(30, 20), {1: lambda time_s: not 5 <= time_s < 12})
    assert max(window.end_s for window in windows if window.end_s < 12) <= 5.5 + 1e-6
    assert min(window.start_s for window in windows if window.end_s > 12) >= 12 - 1e-6


@pytest.mark.parametrize("fps", [0.5, 1, 2, 5, 12.5, 60, 240])
def test_any_frame_rate_is_judged(fps):
    windows = slide(at_fps(fps, 20), {1: always})
    assert windows[-1].end_s == pytest.approx(20.0)
    assert len(windows) >= 5
    assert {window.sequence.num_frames for window in windows[5:]} <= {round(2.5 * fps) + d for d in (-1, 0, 1)} | {1, 2}


def test_at_two_frames_a_second_one_missed_frame_is_forgiven():
    windows = slide(at_fps(2, 10), {1: lambda time_s: time_s != 4.0})
    assert len(windows) >= 15, "of 16"


def test_memory_does_not_grow_with_the_stream():
    sliding = SlidingWindows(WindowSettings(), layout=COCO17, size_hw=(100, 100))
    largest = 0
    for frame in range(30 * 120):
        time_s = frame / 30
        newcomer = 100 + int(time_s)  # somebody new each second
        sliding.add(time_s, [pose_of(1, time_s), pose_of(newcomer, time_s)])
        held = sum(len(track.times) for track in sliding._tracks.values())
        largest = max(largest, held, len(sliding._frame_times), 10 * len(sliding._tracks))
    assert largest <= 2 * 3 * 30 + 2, "two people, three seconds"
    assert sys.getsizeof(sliding._frame_times) < 10_000


def test_a_jump_in_time_costs_no_time():
    times = [*at_fps(30, 3), *(1e9 + at_fps(30, 3))]
    windows = slide(times, {1: always})
    assert windows[-1].end_s == pytest.approx(1e9 + 3.0)
    assert all(window.sequence.num_frames <= 76 for window in windows) and len(windows) < 30


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"window_s": 0.0}, "step must be above 0 s and at most its length, got 0.5 s and 0.0 s"),
        ({"window_s": 0.2}, "got 0.5 s and 0.2 s"),
        ({"window_s": float("nan")}, "got 0.5 s and nan s"),
        ({"step_s": 0.0}, "got 0.0 s and 2.5 s"),
        ({"step_s": -1.0}, "got -1.0 s and 2.5 s"),
        ({"min_frames": 0}, "min_frames must be at least 1"),
        ({"min_seen": 1.5}, r"min_seen lie in \[0, 1\], got 8 and 1.5"),
    ],
)
def test_settings_check_themselves(fields, message):
    with pytest.raises(ValueError, match=message):
        WindowSettings(**fields)
