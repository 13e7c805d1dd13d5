"""Tags: they keep off hands, heads and feet, off each other, inside the picture, and they are calm."""

from itertools import pairwise

import numpy as np
import pytest

from posecube.skeleton.layouts import COCO17
from posecube.video.drawing.people import DrawnPerson
from posecube.video.drawing.tags import TagMemory, draw_tags

BODY = np.array([[80, 20], [82, 18], [78, 18], [85, 20], [75, 20], [92, 40], [68, 40], [98, 60], [62, 60], [96, 78],
                 [60, 78], [88, 75], [72, 75], [90, 95], [70, 95], [90, 112], [70, 112]], dtype=np.float32)  # fmt: skip
HANDS_UP = BODY.copy()
HANDS_UP[[7, 8, 9, 10]] = [(100, 22), (60, 22), (96, 4), (64, 4)]
HEAD, HANDS, FEET = [0], [9, 10], [15, 16]


def person(points, number=1, label="jumping_jacks", score=0.9, count=None):
    return DrawnPerson(np.asarray(points), np.ones(17, np.float32), number, label, score, count)


def tagged(people, size_hw=(240, 320), memory=None):
    """Where tags were drawn."""
    image = np.full((*size_hw, 3), 100, np.uint8)
    draw_tags(image, people, layout=COCO17, memory=memory)
    return (image != 100).any(axis=2)


@pytest.mark.parametrize("points", [BODY, HANDS_UP], ids=["hands down", "hands up"])
@pytest.mark.parametrize("shift", [(80, 100), (80, 0), (80, 120), (-50, 60), (220, 60), (-50, 0), (220, 125)])
@pytest.mark.parametrize("label", ["squat", "jumping_jacks", "clean_and_jerk", None])
def test_head_hands_and_feet_stay_free(points, shift, label):
    body = points + np.float32(shift)
    tag = tagged([person(body, label=label, score=None if label is None else 0.93, count=12)])
    assert tag.any()
    for x, y in body[HEAD + HANDS + FEET]:
        column, row = round(float(x)), round(float(y))
        assert not tag[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3].any()


@pytest.mark.parametrize("size_hw", [(240, 320), (360, 640), (640, 360)])
def test_five_people_keep_their_heads(size_hw):
    scale = size_hw[1] / 5 / 60
    bodies = [(BODY - (50, 10)) * scale * 0.9 + (number * 60 * scale, size_hw[0] / 4) for number in range(5)]
    tag = tagged([person(body, number + 1, count=7) for number, body in enumerate(bodies)], size_hw)
    for body in bodies:
        x, y = np.rint(body[0]).astype(int)
        assert not tag[y, x]


def test_tags_do_not_lie_on_each_other():
    near = [person(BODY + np.float32((80 + 8 * number, 90)), number + 1) for number in range(2)]
    alone = [tagged([each]).sum() for each in near]
    assert tagged(near).sum() > 0.9 * min(alone) + 100


def test_a_count_makes_a_tag_longer():
    plain, counted = tagged([person(BODY + 60)]), tagged([person(BODY + 60, count=3)])
    assert counted.any(axis=0).sum() > plain.any(axis=0).sum() + 10


def test_a_tag_is_no_wider_than_its_share_of_the_frame():
    tag = tagged([person(BODY + np.float32((60, 100)), label="a very long name of an action " * 3, count=3)])
    assert tag.any(axis=0).sum() < 0.65 * 320


def test_what_is_not_seen_gets_no_tag():
    assert not tagged([DrawnPerson(BODY, np.zeros(17), 1, "squat", 0.5)]).any()
    assert not tagged([person(BODY + np.float32(1000))]).any()
    assert not tagged([]).any()


def test_a_remembered_tag_does_not_dance_with_the_arms():
    """In a low picture raised hands reach the upper edge: without a memory the tag leaves its place at each jack."""
    memory, seen, places = TagMemory(), [], []
    for number in range(120):
        part = 0.5 - 0.5 * np.cos(2 * np.pi * number / 30)
        body = (1 - part) * BODY + part * HANDS_UP + np.float32((80, 4))
        seen.append(tagged([person(body)], (124, 320), memory))
        places.append(memory.places[1])
    changes = sum(first != second for first, second in pairwise(places[30:]))
    assert changes == 0
    assert seen[60].any()


def test_a_memory_forgets_who_has_gone():
    memory = TagMemory()
    tagged([person(BODY + 60, 1), person(BODY + 90, 2)], memory=memory)
    tagged([person(BODY + 60, 1)], memory=memory)
    assert memory.places.keys() == memory.boxes.keys() == memory.costs.keys() == {1}
