"""Sets of clips: names with NTU's splits, what is refused, and what the standard ones hold."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from posecube.datasets.ntu.protocol import ClipName
from posecube_studio.conditions import CONDITIONS, Conditions
from posecube_studio.motions import ACTIONS
from posecube_studio.sets import SETS, STUDIO20, STUDIO_MINI, StudioSet, find_set, order_set

SMALL = StudioSet(("wave", "bowl"), subjects=(0, 5), num_views=2, num_repeats=2, num_frames=2, size_hw=(108, 192))


def test_a_name_says_setup_camera_person_repeat_and_action() -> None:
    shots = {shot.name: shot for shot in replace(SMALL, setup=3).shots()}
    assert len(shots) == SMALL.num_clips == 16
    shot = shots["S003C002P006R002A002"]
    assert (shot.action, shot.subject, shot.view, shot.repeat) == ("bowl", 5, 1, 1)
    assert ClipName.parse(shot.name) == ClipName(3, 2, 6, 2, 2)


def test_cameras_see_one_performance_and_repeats_are_others() -> None:
    takes = {(shot.view, shot.repeat): shot.plan() for shot in SMALL.shots() if shot.action == "wave"}
    take = takes[0, 0]
    assert (take.rig, take.num_frames, take.size_hw, take.fps) == ("arc", 2, (108, 192), 30)
    origins = {key: each.performers[0].posture.origins_m for key, each in takes.items()}
    np.testing.assert_array_equal(origins[0, 0], origins[1, 0])
    assert np.abs(origins[0, 0] - origins[0, 1]).max() > 0.1
    assert np.abs(takes[0, 0].keypoints_3d - takes[1, 0].keypoints_3d).max() > 0.1


def test_people_turn_to_either_outer_camera() -> None:
    """Camera 1 sees those of even seeds from the front, camera 2 the others: neighbours differ, and repeats do."""
    front = {}
    for shot in replace(SMALL, num_views=3, subjects=(0, 1)).shots():
        if shot.action == "wave" and shot.view:
            left, right = shot.plan().keypoints_3d[0, 0, [4, 8]]  # shoulders: seen from the front, far apart across
            front[shot.subject, shot.repeat, shot.view] = abs(float(left[0] - right[0]))
    for subject, repeat in ((0, 0), (0, 1), (1, 0), (1, 1)):
        faced = 1 if (subject + repeat) % 2 == 0 else 2
        assert front[subject, repeat, faced] > 1.3 * front[subject, repeat, 3 - faced]


def test_conditions_reach_the_take() -> None:
    chosen = order_set("studio-mini", conditions="dark", shutter=0.25, occluders=None)
    assert next(chosen.shots()).plan().conditions == replace(CONDITIONS["dark"], shutter=0.25)


def test_an_order_changes_what_is_named() -> None:
    everything = order_set()
    assert everything.actions == tuple(ACTIONS) and everything.num_clips == len(ACTIONS)
    chosen = order_set("studio20", actions=["wave"], subjects=3, num_views=1, fps=Fraction(15), dark=2.5)
    assert chosen == replace(
        STUDIO20, actions=("wave",), subjects=(0, 1, 2), num_views=1, fps=Fraction(15), conditions=Conditions(dark=2.5)
    )
    assert order_set("studio-mini", seed=None) == STUDIO_MINI


def test_a_set_goes_through_json() -> None:
    chosen = replace(SMALL, fps=Fraction(30000, 1001), conditions=CONDITIONS["kinect"])
    assert StudioSet.from_dict(json.loads(json.dumps({**chosen.as_dict(), "version": 2}))) == chosen
    for wrong in ({}, {**chosen.as_dict(), "fps": "1/0"}, {**chosen.as_dict(), "conditions": {"light": 1}}):
        with pytest.raises(ValueError, match="no settings of a set of clips"):
            StudioSet.from_dict(wrong)


@pytest.mark.parametrize("name", SETS)
def test_standard_sets_fill_both_halves_of_both_protocols(name: str) -> None:
    clips = [ClipName.parse(shot.name) for shot in SETS[name].shots()]
    assert len(set(clips)) == SETS[name].num_clips and all(clip.is_of_ntu60 for clip in clips)
    splits = [split for clip in clips for split in clip.splits("ntu60")]
    assert {split: splits.count(split) / len(clips) for split in splits} == {
        "xsub_train": 10 / 16 if name == "studio20" else 1 / 2,
        "xsub_val": 6 / 16 if name == "studio20" else 1 / 2,
        "xview_train": 2 / 3,
        "xview_val": 1 / 3,
    }


def test_the_big_set_is_large_and_the_small_one_is_small() -> None:
    assert len(STUDIO20.actions) >= 20 and len(STUDIO20.subjects) == 16 and STUDIO20.size_hw == (256, 456)
    assert STUDIO_MINI.num_clips * (STUDIO_MINI.num_frames or 0) < 1000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"actions": []}, "no action was named; known actions: "),
        ({"actions": ["dance"]}, "unknown action 'dance'"),
        ({"actions": ["wave", "wave"]}, "'wave' was named twice"),
        ({"subjects": 0}, "subjects must lie between 1 and 999, got 0"),
        ({"num_views": 0}, "views must lie between 1 and 8, got 0"),
        ({"num_views": 9}, "views must lie between 1 and 8, got 9"),
        ({"num_repeats": 0}, "repeats must lie between 1 and 999, got 0"),
        ({"setup": 18}, "setup must lie between 1 and 17, got 18"),
        ({"num_frames": 0}, "at least 1 frame, got 0"),
        ({"size_hw": (32, 64)}, "64 to 2048 pixels"),
        ({"size_hw": (121, 201)}, "even sides, got 121x201; ask for 122x202"),
        ({"fps": Fraction(0)}, "between 1 and 240, got 0"),
        ({"seed": -1}, "0 or more"),
        ({"dark": 0.5}, "dark must lie between 1 and 8, got 0.5"),
        ({"conditions": "drak"}, "did you mean dark"),
    ],
)
def test_orders_that_cannot_be_made_cost_one_line(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        order_set("studio-mini", **changes)
    assert "\n" not in str(error.value)


def test_an_unknown_set() -> None:
    with pytest.raises(ValueError, match="unknown set 'studio21'; did you mean studio20"):
        find_set("studio21")
    with pytest.raises(ValueError, match="subjects are numbered from 0 to 998"):
        StudioSet(("wave",), subjects=(-1,))
