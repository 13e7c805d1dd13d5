"""The video's label: who acts most, by time and evidence."""

import pytest

from posecube.recognition.headline import headline
from posecube.recognition.result import ActionSegment, Person, Prediction


def segment(label: str | None, score: float, start_s: float, end_s: float) -> ActionSegment:
    return ActionSegment(start_s, end_s, Prediction(label, score, ((label or "bowl", score),)))


def person(number: int, *segments: ActionSegment) -> Person:
    return Person(number, segments)


def test_without_people_there_is_none():
    assert headline([], threshold=0.5) is None


def test_a_phantom_of_a_second_does_not_outweigh_nine_seconds():
    lifter = person(1, segment("squat", 0.95, 0, 8.7))
    plate = person(2, segment("bench_press", 0.96, 3, 4))
    assert headline([lifter, plate], threshold=0.5).label == "squat"


def test_a_short_action_is_not_drowned_by_time_without_one():
    server = person(1, segment(None, 0.3, 0, 9), segment("tennis_serve", 1.0, 9, 10.5), segment(None, 0.2, 10.5, 20))
    assert headline([server], threshold=0.5).label == "tennis_serve"


def test_parts_of_one_action_add_up_and_the_longest_speaks_for_them():
    jumper = person(1, segment("jump_rope", 0.7, 0, 4), segment("run", 0.95, 4, 6), segment("jump_rope", 0.8, 6, 9))
    found = headline([jumper], threshold=0.5)
    assert (found.label, found.score) == ("jump_rope", 0.7)


@pytest.mark.parametrize(("postures", "expected"), [((), "stand"), (("stand",), "bowl")])
def test_postures_name_a_video_only_if_little_else_does(postures, expected):
    people = [person(1, segment("stand", 0.99, 0, 12)), person(2, segment("bowl", 0.9, 2, 4))]
    assert headline(people, threshold=0.5, postures=postures).label == expected


def test_a_posture_alone_names_the_video():
    assert headline([person(1, segment("walk", 0.9, 0, 3))], threshold=0.5, postures=("walk",)).label == "walk"


def test_whoever_is_longest_in_view_stands_for_what_nobody_names():
    found = headline([person(1, segment(None, 0.4, 0, 2)), person(2, segment(None, 0.3, 0, 9))], threshold=0.5)
    assert (found.label, found.score) == (None, 0.3)
