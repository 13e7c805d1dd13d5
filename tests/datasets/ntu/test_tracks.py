"""Choosing the people among the bodies, on bodies whose part is known."""

import numpy as np
import pytest

from ntu_files import standing_body
from posecube.datasets.ntu.tracks import BodyTrack, drop_short, drop_wide, is_upright, join, motion, people_of


def track(first, num_frames, **body):
    joints = standing_body(num_frames, **{"wide": 0.4, **body})
    return BodyTrack(np.arange(num_frames), np.arange(first, first + num_frames), joints)


def test_bodies_of_eleven_frames_are_noise_and_of_twelve_are_not():
    flash, short, long = track(0, 11), track(0, 12), track(0, 40)
    assert drop_short([flash, short, long]) == [short, long]


@pytest.mark.parametrize("rule", [drop_short, drop_wide])
def test_a_rule_that_would_leave_nobody_is_not_applied(rule):
    alone = [track(0, 5, wide=2.0), track(0, 3, wide=2.0)]
    assert rule(alone) == alone
    assert rule([]) == []


@pytest.mark.parametrize(("wide", "expected"), [(0.4, True), (0.7999, True), (0.8001, False), (2.0, False)])
def test_upright_is_at_most_four_fifths_as_broad_as_high(wide, expected):
    assert is_upright(standing_body(3, wide=wide)).tolist() == [expected] * 3


def test_missing_joints_do_not_count_for_the_extent():
    joints = standing_body(3, wide=0.4)
    joints[0, 3] = [np.nan, 0, 0]
    joints[1, 3] = [1e9, np.inf, 0]
    joints[2] = np.nan
    assert is_upright(joints).tolist() == [True, True, False]


@pytest.mark.parametrize(("num_broad", "is_kept"), [(0, True), (69, True), (70, False), (100, False)])
def test_bodies_that_are_broad_in_70_of_100_frames_are_furniture(num_broad, is_kept):
    broad, person = track(0, 100), track(0, 100)
    broad.joints_m[:num_broad, :, 0] *= 5
    assert drop_wide([broad, person]) == ([broad, person] if is_kept else [person])


def test_motion_is_the_sum_of_variances():
    joints = np.random.default_rng(0).normal(scale=(0.1, 0.2, 0.3), size=(2000, 25, 3))
    body = BodyTrack(np.arange(2000), np.arange(2000), joints)
    assert motion(body) == pytest.approx(0.01 + 0.04 + 0.09, rel=0.02)
    joints[0, 0] = np.inf
    assert np.isfinite(motion(body))
    joints[:] = np.nan
    assert motion(body) == 0


def test_the_one_who_moves_most_comes_first():
    still, lively = track(0, 30), track(0, 30, motion_m=0.5)
    assert people_of([still, lively]) == [[lively], [still]]
    assert people_of([still, lively], num_people=1) == [[lively]]


def test_tracks_that_do_not_overlap_are_one_person():
    first, again, other = track(0, 20), track(20, 20), track(5, 30)
    assert join([first, again, other], num_people=2) == [[first, again], [other]]
    assert join([first, other, again], num_people=2) == [[first, again], [other]]


def test_a_track_that_overlaps_all_is_left_out():
    tracks = [track(0, 20), track(10, 20), track(19, 20)]
    # The third overlaps the first by one frame, and the second.
    assert join(tracks, num_people=2) == [[tracks[0]], [tracks[1]]]
    assert join(tracks, num_people=3) == [[one] for one in tracks]


def test_a_gap_within_a_track_is_the_tracks_own():
    gone = BodyTrack(np.arange(24), np.r_[0:12, 30:42], standing_body(24))
    assert join([gone, track(14, 14)], num_people=1) == [[gone]]


def test_all_steps_together():
    actor = track(0, 40, motion_m=0.3)
    actor_again = track(45, 40, motion_m=0.2)
    partner = track(10, 60, motion_m=0.1)
    chair = track(0, 85, wide=2.0, motion_m=0.9)
    flash = track(3, 9, motion_m=2.0)
    assert people_of([chair, partner, flash, actor, actor_again]) == [[actor, actor_again], [partner]]
