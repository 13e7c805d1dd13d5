"""The still world: exact depth in every frame, one painting for all of them, furniture in nobody's way."""

import numpy as np
import pytest

from posecube_studio.backdrop import make_place
from posecube_studio.clip import render_clip, render_take
from posecube_studio.conditions import Conditions
from posecube_studio.lens import Lens
from posecube_studio.scene import Backdrop, choose_furniture, find_place
from posecube_studio.take import plan_take

SIZE_HW = (96, 96)
SHAKING = Conditions(noise=0.0, shake_deg=2.0)


def in_front(place_m: tuple[float, float, float], *, size_hw: tuple[int, int] = (64, 64)) -> Lens:
    """A level camera that looks along -z."""
    center = ((size_hw[1] - 1) / 2, (size_hw[0] - 1) / 2)
    return Lens(np.array(place_m), np.diag([1.0, -1.0, -1.0]), 60.0, center, size_hw)


def test_floor_walls_and_ceiling_are_where_they_are() -> None:
    place = find_place("gym", turned_to=None)
    lens = in_front((0.3, 1.5, 3.0))
    backing = Backdrop(place, [lens], furniture=(), rng=np.random.default_rng(0)).seen_by(lens)
    assert place.room_m is not None
    half_x, half_z, height = place.room_m
    y, x = np.mgrid[:64, :64]
    down, right = (y - 31.5) / 60, (x - 31.5) / 60
    with np.errstate(divide="ignore"):
        floor = np.where(down > 0, 1.5 / down, np.inf)
        ceiling = np.where(down < 0, (height - 1.5) / -down, np.inf)
        sides = np.where(right > 0, (half_x - 0.3) / right, (-half_x - 0.3) / right)
    expected = np.min([floor, ceiling, sides, np.full((64, 64), 3.0 + half_z)], axis=0)
    np.testing.assert_allclose(backing.depth_m, expected, rtol=1e-12)
    np.testing.assert_array_equal(backing.floor, expected == floor)
    np.testing.assert_allclose(backing.points_m[backing.floor][:, 1], 0, atol=1e-6)


def test_a_camera_outside_of_the_room_looks_through_the_wall() -> None:
    place = find_place("room", turned_to=None)
    lens = in_front((0.0, 1.2, 9.0))
    depth = Backdrop(place, [lens], furniture=(), rng=np.random.default_rng(0)).seen_by(lens).depth_m
    assert place.room_m is not None
    assert depth[31, 31] == pytest.approx(9.0 + place.room_m[1])
    assert depth.min() > 0


@pytest.mark.parametrize("action", ["squat", "golf_swing"])
def test_a_shaking_camera_sees_one_world_with_exact_depth(action: str) -> None:
    clip = render_clip(action, num_frames=4, size_hw=SIZE_HW, depth=True, conditions=SHAKING)
    assert clip.depth_m is not None
    y, x = np.mgrid[: SIZE_HW[0], : SIZE_HW[1]].astype(np.float64)
    low = slice(SIZE_HW[0] - 12, None)
    for lens, depth in zip(clip.lenses, clip.depth_m, strict=True):
        floor = lens.unproject(x[low, :30], y[low, :30], depth[low, :30].astype(np.float64))
        np.testing.assert_allclose(floor[1], 0, atol=1e-5)
    assert not clip.lenses[0].sees_as(clip.lenses[3])


def test_a_still_camera_sees_the_very_same_backdrop_in_all_frames() -> None:
    clip = render_clip("wave", num_frames=3, size_hw=SIZE_HW, conditions=Conditions(noise=0.0))
    np.testing.assert_array_equal(clip.images[0, :20, :20], clip.images[2, :20, :20])


def test_cameras_of_an_arc_see_one_light_and_one_floor() -> None:
    """A spot of the floor in the open has the same colour for each."""
    conditions = Conditions(noise=0.0)
    takes = [plan_take("kick", seed=4, view=view, rig="arc", num_frames=1, size_hw=(128, 128), conditions=conditions)
             for view in (0, 1, 2)]  # fmt: skip
    pictures = [next(render_take(take)) for take in takes]
    colours = []
    for take, picture in zip(takes, pictures, strict=True):
        spots = np.stack(np.meshgrid(np.linspace(-1.4, 1.4, 15), [0.0], np.linspace(-1.4, 0.6, 11)), -1).reshape(-1, 3)
        pixels, depth = take.lenses[0].project(spots)
        x, y = np.rint(pixels).astype(int).T
        inside = (x >= 0) & (x < 128) & (y >= 0) & (y < 128)
        x, y = np.clip(x, 0, 127), np.clip(y, 0, 127)
        seen = inside & (np.abs(picture.depth_m[y, x] - depth) < 0.08)
        colours.append(np.where(seen[:, None], picture.image[y, x].astype(float), np.nan))
    for other in colours[1:]:
        with np.errstate(invalid="ignore"):
            apart = np.abs(colours[0] - other).max(axis=-1)
        both = np.isfinite(apart)
        assert both.sum() > 15
        assert np.median(apart[both]) < 14


def test_furniture_stands_behind_the_actors_and_in_nobodys_way() -> None:
    place = make_place("gym")
    lens = in_front((0.0, 1.4, 5.0))
    actor = np.array([[0.0, 1.0, 0.0], [0.2, 1.0, -0.3]])
    chosen = choose_furniture(place, lens, actors_m=actor, everyone_m=actor)
    assert chosen and len(chosen) < len(place.furniture)
    assert all(solid.origin[2] < -0.9 for solid in chosen)
    in_the_way = np.array([*actor, [chosen[0].origin[0], 1.0, chosen[0].origin[2]]])
    fewer = choose_furniture(place, lens, actors_m=actor, everyone_m=in_the_way)
    assert chosen[0] not in fewer and len(fewer) < len(chosen)
