"""What is held in a room: several things serve alike, each rides in the main hand."""

from dataclasses import replace

import numpy as np
import pytest

from posecube_studio.body import pose_body
from posecube_studio.goals import Goals, reach
from posecube_studio.motions.style import with_tracks
from posecube_studio.props import Prop, Scene, make_prop
from posecube_studio.subject import find_subject


def scene(sign: int = 1, **tracks: float | tuple[float, ...]) -> Scene:
    goals = with_tracks(Goals.standing(3), **tracks)
    shape = find_subject(0).shape
    return Scene(pose_body(shape, reach(shape, goals)), goals, np.arange(3) / 10, sign)


def looks(prop: Prop) -> tuple[object, ...]:
    return tuple((solid.kind, solid.scale, solid.material.colour) for solid in (*prop.solids, *prop.still))


@pytest.mark.parametrize("name", ["cup", "food", "phone", "chair", "lifted", "thrown_ball"])
def test_things_differ_by_their_generator_alone(name: str) -> None:
    posed = scene(hand=(0.0, -0.5, 0.5))
    kinds = {looks(make_prop(name, replace(posed, rng=np.random.default_rng(seed)))) for seed in range(12)}
    assert len(kinds) > 2
    again = [looks(make_prop(name, replace(posed, rng=np.random.default_rng(3)))) for _ in range(2)]
    assert again[0] == again[1]
    assert looks(make_prop(name, posed)) == looks(make_prop(name, posed)), "without one it is the first of each"


@pytest.mark.parametrize("name", ["cup", "food", "phone"])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_main_hand_holds_it_along_its_tool(name: str, sign: int) -> None:
    posed = scene(sign, hand=(0.0, -0.5, 0.5), tool=(0.3, 0.9, 0.1))
    prop = make_prop(name, posed)
    origin, axes = prop.frames[name]
    assert prop.grip
    assert np.linalg.norm(origin - posed.palm("right" if sign > 0 else "left"), axis=1).max() < 0.05
    np.testing.assert_allclose(axes[:, :, 1], posed.tool, atol=1e-9)
    np.testing.assert_allclose(axes @ axes.transpose(0, 2, 1), np.tile(np.eye(3), (3, 1, 1)), atol=1e-9)


def test_a_phone_shows_its_screen_to_the_face() -> None:
    posed = scene(hand=(0.0, -0.4, 0.5), tool=(0.0, 0.6, 0.8))
    origin, axes = make_prop("phone", posed).frames["phone"]
    assert ((posed.posture.bone("head")[0] - origin) * axes[:, :, 2]).sum(axis=1).min() > 0.1


def test_nothing_in_the_hands_is_a_prop_too() -> None:
    assert make_prop(None, scene()) == Prop()
