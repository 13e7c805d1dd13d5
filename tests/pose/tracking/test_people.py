"""Following painted people: crossings, losses, flicker, ghosts, and who is shown when."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pytest
from fake_people import SIZE_HW, TWINS, PaintedPose, Walker, colours_by_id, frames_of, walking
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.pose.tracking.given_boxes import FrameBoxes
from posecube.pose.tracking.people import track_people
from posecube.pose.tracking.track import TrackerSettings
from posecube.video.frame import Frame


def tracked(walkers, num_frames, estimator=None, fps=30.0, **options):
    estimator = estimator or PaintedPose()
    return list(track_people(frames_of(walkers, num_frames, fps, estimator.palette), estimator, **options))


def ids_per_frame(result) -> list[tuple[int, ...]]:
    return [tuple(sorted(person.id for person in people)) for _, people in result]


def assert_one_colour_each(result, share: float = 0.95, **palette) -> dict[int, int]:
    """Each id lies on one colour nearly always; gives that colour."""
    colours = {}
    for person, seen in colours_by_id(result, **palette).items():
        values = [colour for colour in seen if colour is not None]
        colours[person] = max(set(values), key=values.count)
        assert values.count(colours[person]) >= share * len(values), (
            person,
            [(k, len(list(g))) for k, g in groupby(values)],
        )
    return colours


def test_every_frame_comes_out_once_in_order_with_its_people():
    result = tracked([Walker(0, walking(60, 30)), Walker(1, walking(260, -20))], 60)
    assert [frame.index for frame, _ in result] == list(range(60))
    assert ids_per_frame(result) == [(1, 2)] * 60
    person = result[30][1][0]
    assert person.keypoints_xy.shape == (17, 2) and person.confidence.shape == (17,) and person.box_xyxy.shape == (4,)


@pytest.mark.parametrize("fps", [10.0, 25.0, 30.0, 60.0])
@pytest.mark.parametrize("speed", [60.0, 110.0])
def test_ids_survive_a_crossing(fps, speed):
    walkers = [Walker(0, walking(40, speed)), Walker(1, walking(280, -speed))]
    result = tracked(walkers, int(240 / speed * fps), fps=fps)
    assert_one_colour_each(result)
    assert len(colours_by_id(result)) == 2


@pytest.mark.parametrize("fps", [15.0, 30.0])
@pytest.mark.parametrize("speeds", [(60, -60), (110, -110), (90, -30)])
def test_people_who_look_the_same_are_told_apart_by_how_they_move(fps, speeds):
    twins = {"palette": TWINS, "tolerance": 2}
    walkers = [Walker(0, walking(40, speeds[0])), Walker(1, walking(280, speeds[1]))]
    result = tracked(walkers, int(220 / max(speeds) * fps), PaintedPose(**twins), fps=fps)
    assert_one_colour_each(result, **twins)
    assert len(colours_by_id(result, **twins)) == 2


def test_somebody_who_turns_back_behind_another_is_known_by_their_appearance():
    def behind_and_back(time_s: float) -> tuple[float, float]:
        return (60 + 80 * time_s if time_s < 1.25 else 160 - 80 * (time_s - 1.25) - 0.0, 60)

    walkers = [Walker(0, behind_and_back), Walker(1, lambda time_s: (160, 60), size_wh=(40, 80))]
    result = tracked(walkers, 75)
    assert assert_one_colour_each(result) in ({1: 0, 2: 1}, {1: 1, 2: 0})


def test_three_people_who_cross_keep_their_ids():
    walkers = [Walker(0, walking(40, 70)), Walker(1, walking(280, -70)), Walker(2, walking(160, 0))]
    result = tracked(walkers, 100)
    assert_one_colour_each(result)
    assert len(colours_by_id(result)) == 3


@pytest.mark.parametrize(("gone_s", "num_ids"), [(0.2, 1), (0.8, 1), (1.4, 1), (5.0, 2)])
def test_a_short_loss_keeps_the_id_and_a_long_one_does_not(gone_s, num_ids):
    walker = Walker(0, walking(60, 25), is_there=lambda time_s: not 1.0 <= time_s < 1.0 + gone_s)
    result = tracked([walker], 220)
    assert len(colours_by_id(result)) == num_ids
    assert ids_per_frame(result)[31] == () and ids_per_frame(result)[219] != ()


def test_somebody_else_in_the_place_of_a_lost_person_is_new():
    walkers = [
        Walker(0, walking(160, 0), is_there=lambda time_s: time_s < 1.0),
        Walker(1, walking(160, 0), is_there=lambda time_s: time_s >= 1.7),
    ]
    result = tracked(walkers, 120)
    assert assert_one_colour_each(result, share=1.0) == {1: 0, 2: 1}


def test_people_whom_the_search_overlooks_are_followed_by_their_place():
    estimator = PaintedPose(overlooks=lambda frame, colour: frame > 12 and frame % 40 != 0)
    result = tracked([Walker(0, walking(60, 40))], 120, estimator)
    assert ids_per_frame(result) == [(1,)] * 120


@pytest.mark.parametrize("period", [7, 11, 23, 60])
def test_flicker_never_becomes_a_person(period):
    estimator = PaintedPose(ghosts=lambda frame: [(200, 20, 230, 100)] if frame % period < 3 else [])
    result = tracked([Walker(0, walking(60, 10))], 240, estimator)
    assert set(ids_per_frame(result)) == {(1,)}


def test_somebody_plausible_half_of_the_time_is_no_person():
    estimator = PaintedPose(ghosts=lambda frame: [(200, 20, 230, 100)] if frame < 25 or frame % 3 == 0 else [])
    shown = [2 in ids for ids in ids_per_frame(tracked([Walker(0, walking(60, 10))], 200, estimator))]
    assert not any(shown[80:])


def test_first_frames_of_a_newcomer_are_shown():
    walkers = [Walker(0, walking(60, 0)), Walker(1, walking(200, 0), is_there=lambda time_s: time_s >= 2.0)]
    counts = [len(ids) for ids in ids_per_frame(tracked(walkers, 120))]
    assert counts[:60] == [1] * 60
    first = counts.index(2)
    assert 60 <= first <= 75, "the search comes round within half a second"
    assert counts[first:] == [2] * (120 - first)


def test_ids_count_in_order_of_appearance():
    walkers = [
        Walker(
            colour, walking(50 + 70 * colour, 0), is_there=lambda time_s, colour=colour: time_s >= 1.1 * (3 - colour)
        )
        for colour in range(4)
    ]
    assert assert_one_colour_each(tracked(walkers, 150)) == {1: 3, 2: 2, 3: 1, 4: 0}


def test_two_regions_on_one_body_give_one_person():
    class Stutters(PaintedPose):
        def find_people(self, image_rgb, *, thorough=True):
            found = super().find_people(image_rgb)
            x, y = found[0].center_xy
            return [*found, type(found[0])((x + 6, y - 4), (30, 90))]

    assert set(ids_per_frame(tracked([Walker(0, walking(60, 30))], 90, Stutters()))) == {(1,)}


@pytest.mark.parametrize("num_frames", [1, 2, 5, 8])
def test_in_a_very_short_video_everybody_there_is_a_person(num_frames):
    assert (
        ids_per_frame(tracked([Walker(0, walking(60, 0)), Walker(1, walking(200, 0))], num_frames))
        == [(1, 2)] * num_frames
    )


def test_no_frames_and_no_detections():
    assert tracked([], 0) == []
    assert set(ids_per_frame(tracked([], 40))) == {()}


def test_frames_wait_a_second_at_most():
    # A ghost that is always undecided: seen now and then for as long as it takes to raise doubt.
    estimator = PaintedPose(ghosts=lambda frame: [(200, 20, 230, 100)] if frame % 4 < 2 else [])
    taken = 0

    def counted() -> Iterator[Frame]:
        nonlocal taken
        for frame in frames_of([Walker(0, walking(60, 0))], 300):
            taken += 1
            yield frame

    longest = max(taken - frame.index for frame, _ in track_people(counted(), estimator))
    assert longest <= 32


def test_a_known_scene_is_searched_seldom():
    estimator = PaintedPose()
    tracked([Walker(0, walking(60, 5)), Walker(1, walking(200, 5))], 300, estimator)
    assert estimator.num_searches <= 40
    assert estimator.num_estimates <= 2 * 300 + 20


def test_a_persistent_ghost_costs_little():
    estimator = PaintedPose(ghosts=lambda frame: [(200, 20, 230, 100)] if frame % 10 < 4 else [])
    tracked([Walker(0, walking(60, 0))], 300, estimator)
    assert estimator.num_searches <= 75


def test_max_people_keeps_the_first_and_the_larger():
    walkers = [
        Walker(0, walking(60, 0), size_wh=(20, 50)),
        Walker(1, walking(160, 0), size_wh=(30, 90)),
        Walker(2, walking(260, 0), size_wh=(34, 100), is_there=lambda time_s: time_s > 1),
    ]
    result = tracked(walkers, 90, max_people=1)
    assert assert_one_colour_each(result) == {1: 1}
    assert len(set(ids_per_frame(tracked(walkers, 90, max_people=2))[80])) == 2


class TestPersonOfInterest:
    def test_only_the_person_in_the_box_comes_out(self):
        walkers = [Walker(0, walking(40, 60)), Walker(1, walking(280, -60))]
        result = tracked(walkers, 120, follow_box_xyxy=(268, 24, 292, 96))
        assert assert_one_colour_each(result) == {1: 1}
        assert len(result) == 120 and ids_per_frame(result)[0] == (1,)

    def test_they_are_found_even_where_the_search_overlooks_them(self):
        estimator = PaintedPose(overlooks=lambda frame, colour: colour == 1)
        walkers = [Walker(0, walking(40, 0)), Walker(1, walking(280, -30))]
        result = tracked(walkers, 90, estimator, follow_box_xyxy=(266, 22, 294, 98))
        assert assert_one_colour_each(result) == {1: 1}
        assert ids_per_frame(result) == [(1,)] * 90

    def test_they_are_known_again_after_a_long_absence(self):
        walkers = [
            Walker(0, walking(60, 5)),
            Walker(1, lambda time_s: (250 if time_s < 3 else 150, 60), is_there=lambda time_s: not 1 < time_s < 5),
        ]
        result = tracked(walkers, 200, follow_box_xyxy=(238, 24, 262, 96))
        assert assert_one_colour_each(result, share=1.0) == {1: 1}
        assert ids_per_frame(result)[100] == () and ids_per_frame(result)[190] == (1,)

    def test_an_empty_box_gives_no_detections(self):
        result = tracked([Walker(0, walking(60, 0))], 60, follow_box_xyxy=(200, 20, 230, 100))
        assert set(ids_per_frame(result)) == {()}


class TestGivenBoxes:
    def test_people_stand_in_the_boxes_and_nowhere_else(self):
        boxes = {index: FrameBoxes(np.array([[48 + index, 24, 72 + index, 96]])) for index in range(0, 40)}
        estimator = PaintedPose()
        result = tracked([Walker(0, walking(60, 30)), Walker(1, walking(200, 0))], 60, estimator, boxes_by_frame=boxes)
        assert ids_per_frame(result) == [(1,)] * 40 + [()] * 20
        assert estimator.num_searches == 0

    def test_ids_are_those_given(self):
        boxes = {0: FrameBoxes(np.array([[48, 24, 72, 96], [188, 24, 212, 96]]), ids=(7, 3))}
        (_, people), *_ = tracked([Walker(0, walking(60, 0)), Walker(1, walking(200, 0))], 5, boxes_by_frame=boxes)
        assert [person.id for person in people] == [7, 3]

    def test_boxes_without_ids_are_joined_by_their_overlap(self):
        left, right = [48, 24, 72, 96], [188, 24, 212, 96]
        boxes = {0: FrameBoxes(np.array([left, right])), 1: FrameBoxes(np.array([right, left]))}
        walkers = [Walker(0, walking(60, 0)), Walker(1, walking(200, 0))]
        first, second, *_ = tracked(walkers, 3, boxes_by_frame=boxes)
        assert [p.id for p in first[1]] == [1, 2] and [p.id for p in second[1]] == [2, 1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_people": 0}, "max_people must be at least 1, got 0"),
        ({"follow_box_xyxy": (5, 5, 5, 9)}, "x1 < x2"),
        ({"follow_box_xyxy": (1, 2, 3)}, "x1,y1,x2,y2"),
        ({"follow_box_xyxy": (1, 2, 3, float("nan"))}, "x1,y1,x2,y2"),
        ({"max_people": 1, "follow_box_xyxy": (0, 0, 9, 9)}, "exclude each other"),
        ({"settings": TrackerSettings, "max_people": -1}, "max_people"),
    ],
)
def test_impossible_options_are_refused_before_any_frame_is_read(options, message):
    with pytest.raises(ValueError, match=message):
        track_people(iter([]), PaintedPose(), **options)


@settings(max_examples=15, deadline=None)
@given(
    speeds=st.lists(st.floats(-12, 12), min_size=1, max_size=4),
    fps=st.sampled_from([8.0, 15.0, 30.0, 50.0]),
    misses=st.integers(0, 2**30),
)
def test_people_who_keep_apart_are_all_found_in_every_frame(speeds, fps, misses):
    """Whatever the search overlooks after the first second, whoever is in view keeps one id."""
    walkers = [Walker(colour, walking(40 + 80 * colour, speed)) for colour, speed in enumerate(speeds)]
    estimator = PaintedPose(
        overlooks=lambda frame, colour: frame > fps and bool(misses >> (frame + 7 * colour) % 30 & 1)
    )
    result = tracked(walkers, int(2.5 * fps), estimator, fps=fps)
    assert set(ids_per_frame(result)) == {tuple(range(1, len(speeds) + 1))}
    assert_one_colour_each(result, share=1.0)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_frame_is_lost_and_no_id_stands_twice_whatever_happens(seed):
    rng = np.random.default_rng(seed)
    flaky = rng.random((400, 4)) < rng.uniform(0, 0.6)
    corners = rng.uniform(0, 60, (400, 2))
    estimator = PaintedPose(
        overlooks=lambda frame, colour: bool(flaky[frame, colour]),
        is_blind=lambda frame, colour: bool(flaky[frame // 2, colour]),
        ghosts=lambda frame: [(*corners[frame // 5], *(corners[frame // 5] + 50))] if flaky[frame // 5, 0] else [],
    )
    walkers = [
        Walker(colour, walking(rng.uniform(0, SIZE_HW[1]), rng.uniform(-200, 200), rng.uniform(0, 120)))
        for colour in range(rng.integers(0, 5))
    ]
    result = tracked(walkers, 90, estimator)
    assert [frame.index for frame, _ in result] == list(range(90))
    assert all(len(ids) == len(set(ids)) for ids in ids_per_frame(result))
    ids = {person for frame_ids in ids_per_frame(result) for person in frame_ids}
    assert ids == set(range(1, len(ids) + 1))
