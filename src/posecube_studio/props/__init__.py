"""What is held or used: bars, rackets, balls, cups; each rides on frames of its own that follow the hands."""

from __future__ import annotations

from collections.abc import Callable

from posecube_studio.props import gym, moved, room, sport
from posecube_studio.props.scene import Frames, Prop, Scene

__all__ = ["Frames", "Prop", "Scene", "make_prop"]


def make_prop(name: str | None, scene: Scene) -> Prop:
    """The prop of that name, following this performance; None is empty hands."""
    if name is None:
        return Prop()
    assert name in _PROPS, f"unknown prop {name!r}; props are {', '.join(_PROPS)}"
    return _PROPS[name](scene)


_PROPS: dict[str, Callable[[Scene], Prop]] = {
    "barbell": gym.barbell,
    "baseball": sport.baseball,
    "bat": sport.bat,
    "bench": gym.bench,
    "bowling_ball": sport.bowling_ball,
    "chair": moved.chair,
    "cup": room.cup,
    "food": room.food,
    "golf_club": sport.golf_club,
    "guitar": room.guitar,
    "light_barbell": gym.light_barbell,
    "lifted": moved.lifted,
    "mat": gym.mat,
    "phone": room.phone,
    "pullup_bar": gym.pullup_bar,
    "racket": sport.racket,
    "racket_and_ball": sport.racket_and_ball,
    "rope": gym.rope,
    "thrown_ball": moved.thrown_ball,
}
