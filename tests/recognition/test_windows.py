"""Windows of several lengths over a stream of people: who is judged when, by what, with whom, in bounded memory."""

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
ONE_LENGTH = WindowSettings(lengths_s=(2.0,), step=0.25)
# Somebody who stands before the camera, 160 pixels tall: COCO's joints from the nose to the ankles.
STANDING = np.array(
    [(0, 0), (-3, -3), (3, -3), (-6, 0), (6, 0), (-20, 30), (20, 30), (-25, 60), (25, 60), (-25, 90), (25, 90),
     (-12, 90), (12, 90), (-12, 125), (12, 125), (-12, 160), (12, 160)], np.float32,
)  # fmt: skip


def pose_of(person: int, time_s: float, *, x: float | None = None, hidden: tuple[int, ...] = ()) -> TrackedPose:
    """The nose's confidence tells the time, the place the person."""
    keypoints = STANDING + np.float32([100 * person if x is None else x, 40])
    confidence = np.ones(17, np.float32)
    confidence[list(hidden)] = 0
    box = np.concatenate([keypoints.min(axis=0), keypoints.max(axis=0)])
    return TrackedPose(person, keypoints, confidence, box, 1.0)


def slide(
    times,
    people: dict[int, Presence],
    settings: WindowSettings = ONE_LENGTH,
    *,
    max_together: int = 1,
    places: dict[int, float] | None = None,
) -> list[PersonWindow]:
    sliding = SlidingWindows(settings, layout=COCO17, size_hw=(300, 3000), max_together=max_together)
    windows = []
    for time_s in times:
        present = [
            pose_of(person, time_s, x=(places or {}).get(person))
            for person, is_there in people.items()
            if is_there(time_s)
        ]
        windows += sliding.add(float(time_s), present)
    return windows + sliding.finish()


def of_person(windows, person: int) -> list[PersonWindow]:
    return [window for window in windows if window.people == (person,)]


def at_fps(fps: float, duration_s: float) -> np.ndarray:
    return np.arange(round(duration_s * fps)) / fps


def always(_time_s: float) -> bool:
    return True


def test_a_long_stream_gives_windows_of_each_length_at_their_own_steps():
    windows = slide(at_fps(30, 10), {1: always}, WindowSettings(lengths_s=(2.0, 4.0), step=0.5))
    ends = {length_s: [it.end_s for it in windows if it.length_s == length_s] for length_s in (2.0, 4.0)}
    assert ends[2.0] == pytest.approx([2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    assert ends[4.0] == pytest.approx([4.0, 6.0, 8.0, 10.0])
    for window in windows:
        assert window.start_s == pytest.approx(window.end_s - window.length_s, abs=0.04)
        assert window.sequence.num_frames == round(30 * window.length_s)
        assert window.sequence.layout == COCO17 and window.sequence.size_hw == (300, 3000)


@pytest.mark.parametrize("num_frames", [1, 2, 3, 7, 8, 30, 59])
def test_a_short_video_gives_one_window_of_all_of_it(num_frames):
    (window,) = slide(at_fps(30, num_frames / 30), {1: always})
    assert window.sequence.num_frames == num_frames
    assert window.start_s == 0.0
    assert window.end_s == pytest.approx(num_frames / 30 if num_frames > 1 else 0.001)


def test_whoever_is_seen_for_less_than_the_longest_length_is_judged_by_all_their_time():
    windows = slide(at_fps(30, 5), {1: always}, WindowSettings(lengths_s=(2.0, 8.0)))
    assert [(it.start_s, it.end_s) for it in windows if it.length_s == 8.0] == [(0.0, pytest.approx(5.0))]


def test_no_detections_and_no_frames_give_no_window():
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


@given(streams(), st.sampled_from([(2.5,), (1.0, 3.0), (0.7, 1.4, 2.8)]))
def test_a_window_holds_the_persons_frames_of_its_time_and_no_others(stream, lengths_s):
    times, people = stream
    settings = WindowSettings(lengths_s=lengths_s, min_frames=2, min_seen=0.3)
    for window in slide(times, people, settings):
        (person,) = window.people
        earliest = window.end_s - window.length_s
        shown = [it for it in times if people[person](it) and earliest - 1e-6 <= it < window.end_s - 1e-6]
        assert window.sequence.num_frames <= len(shown), "fewer where they had left and come back"
        assert window.start_s == pytest.approx(shown[-window.sequence.num_frames], abs=1e-4)
        assert window.start_s < window.end_s
        assert (window.sequence.keypoints[0, :, 0, 0] == 100 * person).all()


@given(streams())
def test_a_person_seen_all_the_time_is_judged_to_the_end(stream):
    times, _ = stream
    windows = slide(times, {1: always}, WindowSettings(min_frames=1))
    covered = np.zeros(len(times), dtype=bool)
    for window in windows:
        covered |= (np.array(times) >= window.start_s - 1e-6) & (np.array(times) < window.end_s)
    assert covered.all()


def test_somebody_who_comes_in_the_last_frames_is_not_judged_by_them():
    windows = slide(at_fps(30, 8), {1: always, 2: lambda time_s: time_s >= 7.85})
    assert of_person(windows, 2) == []


def test_a_leaver_is_judged_until_they_left():
    windows = of_person(slide(at_fps(30, 12), {1: always, 2: lambda time_s: time_s < 5.2}), 2)
    assert windows[-1].end_s == pytest.approx(5.2, abs=0.04)


@pytest.mark.parametrize(("seen_s", "is_judged"), [(0.1, False), (0.6, True), (1.0, True)])
def test_a_passer_by_is_judged_if_seen_long_enough(seen_s, is_judged):
    windows = slide(at_fps(30, 12), {1: lambda time_s: 4.1 <= time_s < 4.1 + seen_s})
    assert len(windows) == is_judged
    for window in windows:
        assert window.start_s == pytest.approx(4.1, abs=0.04)


def test_a_gap_is_left_out_of_the_window():
    windows = slide(at_fps(30, 6), {1: lambda time_s: not 3.0 <= time_s < 3.8})
    (window,) = (window for window in windows if window.end_s == pytest.approx(4.5))
    assert window.sequence.num_frames == 60 - 24


def test_a_person_missing_from_most_of_a_window_is_not_judged_by_it():
    windows = slide(at_fps(30, 6), {1: lambda time_s: time_s < 1.0 or round(time_s * 30) % 6 == 0})
    assert all(window.sequence.num_frames >= 0.5 * 30 for window in windows if window.start_s > 1)


def test_somebody_who_comes_back_is_judged_anew():
    windows = slide(at_fps(30, 20), {1: lambda time_s: not 5 <= time_s < 12})
    assert max(window.end_s for window in windows if window.end_s < 12) <= 5.5 + 1e-6
    assert min(window.start_s for window in windows if window.end_s > 12) >= 12 - 1e-6


@pytest.mark.parametrize("fps", [0.5, 1, 2, 5, 12.5, 60, 240])
def test_any_frame_rate_is_judged(fps):
    windows = slide(at_fps(fps, 20), {1: always})
    assert max(window.end_s for window in windows) == pytest.approx(20.0)
    assert len(windows) >= 5


def test_at_two_frames_a_second_one_missed_frame_is_forgiven():
    windows = slide(at_fps(2, 10), {1: lambda time_s: time_s != 4.0})
    assert len(windows) >= 15, "of 17"


def test_memory_does_not_grow_with_the_stream():
    sliding = SlidingWindows(ONE_LENGTH, layout=COCO17, size_hw=(300, 30_000))
    largest = 0
    for frame in range(30 * 60):
        time_s = frame / 30
        newcomer = 100 + int(time_s)  # somebody new each second
        sliding.add(time_s, [pose_of(1, time_s), pose_of(newcomer, time_s)])
        held = sum(len(stretch.times) for stretch in sliding._people.values())
        largest = max(largest, held, len(sliding._frame_times), 10 * len(sliding._people))
    assert largest <= 2 * 4 * 30, "two people, four seconds"
    assert sys.getsizeof(sliding._frame_times) < 10_000


def test_a_jump_in_time_costs_no_time():
    times = [*at_fps(30, 3), *(1e9 + at_fps(30, 3))]
    windows = slide(times, {1: always})
    assert windows[-1].end_s == pytest.approx(1e9 + 3.0)
    assert all(window.sequence.num_frames <= 61 for window in windows) and len(windows) < 30


def test_heads_and_shoulders_are_not_judged():
    sliding = SlidingWindows(ONE_LENGTH, layout=COCO17, size_hw=(300, 3000))
    windows = []
    for time_s in at_fps(30, 5):
        windows += sliding.add(float(time_s), [pose_of(1, time_s, hidden=tuple(range(7, 17)))])
    assert windows + sliding.finish() == []


def test_people_who_are_near_are_shown_together_as_well():
    windows = slide(at_fps(30, 2), {1: always, 2: always}, max_together=2, places={1: 100, 2: 180})
    assert [window.people for window in windows] == [(1,), (1, 2), (2,)]
    together = windows[1].sequence
    assert together.num_people == 2 and together.num_frames == 60
    assert together.keypoints[0, 0, 0, 0] == 100 and together.keypoints[1, 0, 0, 0] == 180


def test_people_far_apart_are_not_together_and_the_nearest_come_first():
    far = slide(at_fps(30, 2), {1: always, 2: always}, max_together=2, places={1: 100, 2: 900})
    assert [window.people for window in far] == [(1,), (2,)]
    three = slide(
        at_fps(30, 2), dict.fromkeys((1, 2, 3), always), max_together=2, places={1: 100, 2: 220, 3: 150}
    )  # fmt: skip
    assert [it.people for it in three if len(it.people) > 1] == [(1, 3), (2, 3)] or [
        it.people for it in three if len(it.people) > 1
    ] == [(1, 3)]


def test_a_frame_in_which_one_of_two_is_missed_has_the_other():
    windows = slide(
        at_fps(30, 2), {1: always, 2: lambda time_s: time_s != 1.0}, max_together=2, places={1: 100, 2: 180}
    )  # fmt: skip
    (together,) = (window.sequence for window in windows if len(window.people) > 1)
    assert together.num_frames == 60 and (together.confidence[1].max(axis=1) == 0).sum() == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"lengths_s": ()}, "a window lasts from 0.1 s to 120 s, got none"),
        ({"lengths_s": (1e-9,)}, "got 1e-09"),
        ({"lengths_s": (2.0, float("nan"))}, "got 2, nan"),
        ({"lengths_s": (float("inf"),)}, "got inf"),
        ({"step": 0.0}, "step is from 0.05 to 1 of its length, got 0.0"),
        ({"min_frames": 0}, "min_frames must be at least 1"),
        ({"min_seen": 1.5}, r"min_seen lie in \[0, 1\], got 8 and 1.5"),
    ],
)
def test_settings_check_themselves(fields, message):
    with pytest.raises(ValueError, match=message):
        WindowSettings(**fields)
