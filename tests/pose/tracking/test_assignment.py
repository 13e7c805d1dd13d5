"""Who is who, decided for all at once."""

from itertools import permutations

import numpy as np
from fake_people import PaintedPose
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.tracking.assignment import assign_bodies, match, match_boxes
from posecube.pose.tracking.track import Body, Track, TrackerSettings

SETTINGS = TrackerSettings()
STANDING = np.array([[0, -50], *[[x, y] for y in (-52, -35, -20, -5, 0, 25, 50, 60) for x in (8, -8)]], np.float32)


def body(x: float = 0.0, *, scale: float = 1.0, colours: tuple[float, ...] | None = None) -> Body:
    points = (STANDING * scale + [x, 0]).astype(np.float32)
    box = np.concatenate([points.min(axis=0), points.max(axis=0)])
    region = PaintedPose().region_of_box(box)
    dressed = None if colours is None else np.array(colours, np.float32)
    return Body(points, np.ones(17, np.float32), box, 0.9, 30.0 * scale, region, colours=dressed)


def track(x: float = 0.0, *, is_confirmed: bool = True, colours: tuple[float, ...] | None = None) -> Track:
    person = Track(body(x, colours=colours), frame_index=0, time_s=0.0)
    person.is_confirmed = is_confirmed
    return person


def assigned(tracks, bodies, *, time_s=1 / 30, own=()):
    return assign_bodies(tracks, bodies, is_own=lambda t, b: (t, b) in own, time_s=time_s, settings=SETTINGS)


@given(st.integers(0, 10**6))
def test_the_pairing_is_the_cheapest_of_all(seed):
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0, 1, (3, 4))
    pairs = match(cost)
    best = min(sum(cost[row, column] for row, column in enumerate(columns)) for columns in permutations(range(4), 3))
    assert sum(cost[pair] for pair in pairs) == best or abs(sum(cost[pair] for pair in pairs) - best) < 1e-12


def test_impossible_pairs_are_left_out():
    assert match(np.array([[np.inf, 0.2], [np.inf, 0.1]])) == [(1, 1)]
    assert match(np.full((2, 2), np.inf)) == []
    assert match(np.zeros((0, 3))) == []


def test_boxes_are_paired_by_overlap():
    first, second = np.array([[0, 0, 10, 10], [20, 0, 30, 10]]), np.array([[21, 0, 31, 10], [100, 0, 110, 10]])
    ((row, column, overlap),) = match_boxes(first, second, min_iou=0.3)
    assert (row, column) == (1, 0) and 0.8 < overlap < 0.85


def test_everybody_gets_the_nearest():
    assert assigned([track(0), track(200)], [body(203), body(-2)]) == [(0, 1), (1, 0)]


def test_nobody_jumps_and_nobody_doubles():
    assert assigned([track(0)], [body(60)]) == []
    assert assigned([track(0)], [body(0, scale=2.0)]) == []
    assert assigned([track(0)], []) == [] and assigned([], [body(0)]) == []


def test_the_longer_somebody_is_lost_the_further_they_may_be():
    person = track(0)
    person.is_missing = True
    assert assigned([person], [body(100)], time_s=0.2) == []
    assert assigned([person], [body(100)], time_s=1.2) == [(0, 0)]
    assert assigned([person], [body(100)], time_s=SETTINGS.lost_limit_s + 0.1) == [], "then the clothes must tell"


def test_of_two_on_one_body_the_confirmed_and_the_one_dressed_like_it_gets_it():
    assert assigned([track(0, is_confirmed=False), track(2)], [body(1)]) == [(1, 0)]
    assert assigned([track(2, colours=(1, 0)), track(0, colours=(0, 1))], [body(1, colours=(1, 0))]) == [(0, 0)]


def test_clothes_tell_who_comes_back_from_behind():
    left, right = track(0, colours=(1, 0)), track(30, colours=(0, 1))
    left.is_missing = right.is_missing = True
    bodies = [body(5, colours=(0, 1)), body(28, colours=(1, 0))]
    assert assigned([left, right], bodies, time_s=0.5) == [(0, 1), (1, 0)]


def test_the_person_of_interest_may_come_back_anywhere():
    person = track(0, colours=(1, 0))
    person.is_missing = person.is_wanted = True
    assert assigned([person], [body(900, colours=(1, 0))], time_s=30.0) == [(0, 0)]
    assert assigned([person], [body(900, colours=(0, 1))], time_s=30.0) == []
    assert assigned([person], [body(900)], time_s=30.0) == []
