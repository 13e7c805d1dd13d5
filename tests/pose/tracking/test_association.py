"""Who is who, decided for all at once."""

import numpy as np
from fake_people import PaintedPose

from posecube.pose.tracking.association import assign_bodies
from posecube.pose.tracking.track import Body, Track, TrackerSettings

SETTINGS = TrackerSettings()
STANDING = np.array([[0, -50], *[[x, y] for y in (-52, -35, -20, -5, 0, 25, 50, 60) for x in (8, -8)]], np.float32)


def body(x: float = 0.0, *, scale: float = 1.0, looks: tuple[float, ...] | None = None) -> Body:
    points = (STANDING * scale + [x, 0]).astype(np.float32)
    box = np.concatenate([points.min(axis=0), points.max(axis=0)])
    region = PaintedPose().region_of_box(box)
    appearance = None if looks is None else np.array(looks, np.float32)
    return Body(points, np.ones(17, np.float32), box, 0.9, 30.0 * scale, region, appearance=appearance)


def track(x: float = 0.0, *, is_confirmed: bool = True, looks: tuple[float, ...] | None = None) -> Track:
    person = Track(body(x, looks=looks), frame_index=0, time_s=0.0)
    person.is_confirmed = is_confirmed
    return person


def assigned(tracks, bodies, *, time_s=1 / 30, own=()):
    return assign_bodies(tracks, bodies, is_own=lambda t, b: (t, b) in own, time_s=time_s, settings=SETTINGS)


def test_everybody_gets_the_nearest():
    assert assigned([track(0), track(200)], [body(203), body(-2)]) == [(0, 1), (1, 0)]


def test_people_neither_jump_nor_double():
    assert assigned([track(0)], [body(60)]) == []
    assert assigned([track(0)], [body(0, scale=2.0)]) == []
    assert assigned([track(0)], []) == [] and assigned([], [body(0)]) == []


def test_the_longer_somebody_is_lost_the_further_they_may_be():
    person = track(0)
    person.is_missing = True
    assert assigned([person], [body(100)], time_s=0.2) == []
    assert assigned([person], [body(100)], time_s=1.2) == [(0, 0)]
    assert assigned([person], [body(100)], time_s=SETTINGS.lost_limit_s + 0.1) == [], "then appearance must tell"


def test_of_two_on_one_body_the_confirmed_and_the_one_that_looks_like_it_gets_it():
    assert assigned([track(0, is_confirmed=False), track(2)], [body(1)]) == [(1, 0)]
    assert assigned([track(2, looks=(1, 0)), track(0, looks=(0, 1))], [body(1, looks=(1, 0))]) == [(0, 0)]


def test_appearance_tells_who_comes_back_from_behind():
    left, right = track(0, looks=(1, 0)), track(30, looks=(0, 1))
    left.is_missing = right.is_missing = True
    bodies = [body(5, looks=(0, 1)), body(28, looks=(1, 0))]
    assert assigned([left, right], bodies, time_s=0.5) == [(0, 1), (1, 0)]


def test_whom_the_user_pointed_at_may_come_back_anywhere():
    person = track(0, looks=(1, 0))
    person.is_missing = person.is_given = True
    assert assigned([person], [body(900, looks=(1, 0))], time_s=30.0) == [(0, 0)]
    assert assigned([person], [body(900, looks=(0, 1))], time_s=30.0) == []
    assert assigned([person], [body(900)], time_s=30.0) == []


def test_after_a_contact_appearance_outweighs_position_for_a_while():
    """Two people touched a moment ago: the nearer body looks like the other; later position counts for more."""

    def pairs_since_contact(seconds: float) -> list[tuple[int, int]]:
        left, right = track(0, looks=(1, 0)), track(12, looks=(0.5, 0.5))
        left.contact_s = right.contact_s = 1 / 30 - seconds
        bodies = [body(0, looks=(0.5, 0.5)), body(12, looks=(1, 0))]
        return assigned([left, right], bodies)

    assert pairs_since_contact(0.1) == pairs_since_contact(0.6) == [(0, 1), (1, 0)]
    assert pairs_since_contact(0.8) == [(0, 0), (1, 1)]
