"""Skeletons and tags: what is drawn, where, how strongly, and what is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.skeleton.layouts import BLAZEPOSE33, COCO17, NTU25, PENN13
from posecube.video.drawing.draw import draw_people
from posecube.video.drawing.people import DrawnPerson, _limbs, draw_skeletons

SHAPE = (120, 160, 3)
BODY = np.array([[80, 20], [82, 18], [78, 18], [85, 20], [75, 20], [92, 40], [68, 40], [98, 60], [62, 60], [96, 78],
                 [60, 78], [88, 75], [72, 75], [90, 95], [70, 95], [90, 112], [70, 112]], dtype=np.float32)  # fmt: skip


def grey():
    return np.full(SHAPE, 100, np.uint8)


def person(keypoints=BODY, confidence=1.0, **fields):
    return DrawnPerson(np.asarray(keypoints), np.broadcast_to(np.float32(confidence), len(keypoints)), 1, **fields)


def test_the_subjects_left_is_blue_and_right_is_orange():
    image = draw_people(grey(), [person()], layout=COCO17).astype(int)
    left, right = image[68, 97], image[68, 61]  # the middles of the forearms
    assert left[2] > left[0] + 60
    assert right[0] > right[2] + 60


@settings(deadline=None)
@given(
    points=hnp.arrays(np.float32, (17, 2), elements=st.floats(width=32, allow_nan=True, allow_infinity=True)),
    confidence=hnp.arrays(np.float32, 17, elements=st.floats(0, 1, width=32)),
)
def test_wild_coordinates_draw_without_error(points, confidence):
    image = grey()
    drawn = draw_people(image, [DrawnPerson(points, confidence, 3, "squat", 0.5)], layout=COCO17)
    assert drawn.shape == SHAPE and drawn.dtype == np.uint8
    assert (image == 100).all()


@pytest.mark.parametrize("shift", [(-400, 0), (400, 0), (0, -400), (0, 400), (1e9, 1e9), (-1e30, 0), (np.nan, np.nan)])
def test_a_person_outside_of_the_frame_draws_nothing(shift):
    image = draw_people(grey(), [person(BODY + np.float32(shift), label="squat")], layout=COCO17)
    np.testing.assert_array_equal(image, grey())


@pytest.mark.parametrize("confidence", [0.0, 0.01, np.nan])
def test_confidence_0_draws_nothing(confidence):
    image = draw_people(grey(), [person(confidence=confidence, label="squat", score=1.0)], layout=COCO17)
    np.testing.assert_array_equal(image, grey())


def test_a_limb_needs_both_of_its_joints():
    confidence = np.ones(17, np.float32)
    confidence[9] = 0  # left wrist
    without = grey()
    draw_skeletons(without, [DrawnPerson(BODY, confidence, 1)], layout=COCO17)
    assert (without[70:76, 94:102] == 100).all()
    assert (without[60, 98] != 100).any()


def test_opacity_follows_confidence():
    changes = []
    for confidence in (0.1, 0.3, 0.6, 0.9, 1.0):
        image = grey()
        draw_skeletons(image, [person(confidence=confidence)], layout=COCO17)
        changes.append(np.abs(image.astype(int) - 100).sum())
    assert changes == sorted(changes)
    assert changes[0] < 0.15 * changes[-1]


def test_the_input_is_not_changed_unless_asked():
    image = grey()
    drawn = draw_people(image, [person(label="squat")], layout=COCO17)
    np.testing.assert_array_equal(image, grey())
    assert draw_people(image, [person(label="squat")], layout=COCO17, in_place=True) is image
    np.testing.assert_array_equal(image, drawn)


def test_only_the_surroundings_of_the_body_change():
    image = grey()
    draw_skeletons(image, [person()], layout=COCO17)
    rows, columns = np.nonzero((image != 100).any(axis=2))
    assert rows.min() >= 12 and rows.max() <= 118
    assert columns.min() >= 54 and columns.max() <= 104


def test_lines_grow_with_the_frame_and_stay_thin_on_small_people():
    def share(scale, body_scale):
        image = np.full((120 * scale, 160 * scale, 3), 100, np.uint8)
        draw_skeletons(image, [person(BODY * body_scale)], layout=COCO17)
        return (image != 100).any(axis=2).sum()

    assert 12 < share(9, 9) / share(1, 1) < 81
    assert share(9, 1) < 2 * share(1, 1)


@pytest.mark.parametrize("layout", [COCO17, PENN13, NTU25, BLAZEPOSE33], ids=lambda layout: layout.name)
def test_every_layout_is_drawn(layout):
    points = np.random.default_rng(0).uniform(10, 110, (layout.num_joints, 2))
    image = draw_people(grey(), [person(points)], layout=layout)
    assert (image != 100).any()


def test_a_layout_without_a_neck_gets_one_for_the_lines_from_the_head():
    limbs = {(first, second) for first, second, _ in _limbs(COCO17)}
    nose, neck = COCO17.index("nose"), COCO17.num_joints
    assert (nose, neck) in limbs
    assert (nose, COCO17.index("left_shoulder")) not in limbs
    assert (COCO17.index("left_shoulder"), COCO17.index("right_shoulder")) in limbs
    assert {side for *_, side in _limbs(COCO17)} == {"left", "right", "centre"}
    assert all(max(limb[:2]) < NTU25.num_joints for limb in _limbs(NTU25))


def test_tags_stay_inside_and_evade_each_other():
    body = BODY * 0.4 + np.float32([40, 60])

    def changed(number):
        people = [DrawnPerson(body, np.ones(17, np.float32), i + 1, "squat", 0.9) for i in range(number)]
        return (draw_people(grey(), people, layout=COCO17)[:60] != 100).any(axis=2).sum()

    assert changed(2) > 1.7 * changed(1) > 0
    corner = draw_people(grey(), [person(BODY - np.float32([75, 15]), label="a long name of an action")], layout=COCO17)
    assert (corner[:30, :120] != 100).any()


def test_wrong_joints_are_refused():
    with pytest.raises(ValueError, match=r"person 1: layout penn13 needs keypoints \(13, 2\).*got \(17, 2\)"):
        draw_people(grey(), [person()], layout=PENN13)
