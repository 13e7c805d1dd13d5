import numpy as np
import pytest

from posecube_studio.backdrop import CLEAR_M, INDOOR, OUTDOOR, PLACES, Place, SurfaceNoise, choose_place, make_place
from posecube_studio.solid import BOX, CONE, CYLINDER, Solid, SolidTable

MAX_SOLIDS = 60
SEEDS = (None, 0, 1, 2)


def make(name: str, seed: int | None) -> Place:
    return make_place(name, None if seed is None else np.random.default_rng(seed))


def sample(place: Place, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points all over a place's floor, and over its walls and ceiling or far away."""
    half, deep, high = place.room_m or (20.0, 20.0, 12.0)
    x, y, z = rng.uniform(-1, 1, (3, 600))
    floor = np.stack([x * half, 0 * y, z * deep])
    if place.room_m is None:
        return floor.astype(np.float32), (60 * np.stack([x, 0.4 * np.abs(y) + 0.01, z])).astype(np.float32)
    walls = [np.stack([x * half, np.abs(y) * high, 0 * z + side * deep]) for side in (-1, 1)]
    walls += [np.stack([0 * x + side * half, np.abs(y) * high, z * deep]) for side in (-1, 1)]
    walls.append(np.stack([x * half, 0 * y + high, z * deep]))
    return floor.astype(np.float32), np.concatenate(walls, axis=1).astype(np.float32)


@pytest.mark.parametrize("name", PLACES)
def test_every_place_paints_colours_that_a_video_can_show(name: str) -> None:
    for seed in SEEDS:
        place = make(name, seed)
        floor, around = sample(place, np.random.default_rng(5))
        noise = SurfaceNoise(np.random.default_rng(6))
        for colours, points in ((place.floor(noise, floor), floor), (place.around(noise, around), around)):
            assert colours.shape == points.shape and np.isfinite(colours).all(), f"{name} with seed {seed}"
            assert colours.min() >= 0 and colours.max() <= 1.65, f"{name} with seed {seed} is too bright"
        assert 0.05 < place.floor(noise, floor).mean() < 0.6, f"{name} with seed {seed}: people would not stand out"
        assert min(place.light.sky) > 0.3 and max(np.add(place.light.sun, place.light.sky)) < 2.2


@pytest.mark.parametrize("name", PLACES)
def test_one_generator_gives_one_place_and_another_one_another(name: str) -> None:
    floor, around = sample(make(name, None), np.random.default_rng(5))

    def look(seed: int | None) -> np.ndarray:
        place, noise = make(name, seed), SurfaceNoise(np.random.default_rng(6))
        return np.concatenate([place.floor(noise, floor), place.around(noise, around)], axis=1)

    np.testing.assert_array_equal(look(3), look(3))
    np.testing.assert_array_equal(look(None), look(None))
    assert np.abs(look(3) - look(4)).mean() > 0.005
    assert make(name, 3).light == make(name, 3).light != make(name, 4).light
    origins = [solid.origin for solid in make(name, 3).furniture]
    assert origins == [solid.origin for solid in make(name, 3).furniture]


@pytest.mark.parametrize("name", PLACES)
def test_furniture_leaves_the_action_its_room(name: str) -> None:
    for seed in (None, *range(12)):
        place = make(name, seed)
        assert len(place.furniture) <= MAX_SOLIDS or name == "gym", f"{name} with seed {seed} is crowded"
        assert {solid.frame for solid in place.furniture} <= {"world"}
        for solid in place.furniture:
            low, high = extent(solid)
            nearest = np.hypot(*np.clip(0.0, low[[0, 2]], high[[0, 2]]))
            overhead = low[1] > 2.1
            assert nearest > CLEAR_M - 0.25 or overhead, f"{name} with seed {seed}: a solid {nearest:.2f} m away"


def extent(solid: Solid) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the upright box around a solid."""
    placed = SolidTable([solid], ["world"]).place(np.zeros((1, 3)), np.eye(3)[None])
    if solid.kind == CONE:
        ends = np.array([[0.0, 0.0, 0.0], [0.0, solid.length, 0.0]]) @ placed.to_world[0].T + placed.origins_m[0]
        reach = np.outer((solid.radius, solid.end_radius), np.linalg.norm(placed.to_world[0], axis=1))
        return (ends - reach).min(axis=0), (ends + reach).max(axis=0)
    assert solid.kind in (BOX, CYLINDER)
    reach = np.abs(placed.to_world[0]).sum(axis=1)
    return placed.origins_m[0] - reach, placed.origins_m[0] + reach


def test_rooms_hold_what_stands_in_them() -> None:
    for name in ("room", "office", "classroom", "corridor"):
        for seed in range(6):
            place = make(name, seed)
            assert place.room_m is not None
            bounds = np.array([place.room_m[0], place.room_m[2], place.room_m[1]]) + 0.05
            for solid in place.furniture:
                low, high = extent(solid)
                assert (high <= bounds).all() and (low >= -bounds).all(), f"{name} with seed {seed}: {solid}"


def test_furniture_comes_in_whole_pieces() -> None:
    place = make("room", 1)
    assert sum(map(len, place.pieces)) == len(place.furniture) > len(place.pieces) > 3


def test_noise_closes_around_the_horizon() -> None:
    noise = SurfaceNoise(np.random.default_rng(1))
    v = np.linspace(0, 3, 50, dtype=np.float32)
    start, end = (noise.at(np.full(50, u, dtype=np.float32), v, octaves=3, around=32) for u in (-16.0, 16.0))
    np.testing.assert_allclose(start, end, atol=1e-6)
    inside = noise.at(np.full(50, -15.0, dtype=np.float32), v, octaves=3, around=32)
    assert np.abs(start - inside).max() > 0.05


def test_everyday_actions_before_the_arc_happen_in_any_room() -> None:
    drawn = {choose_place("room", np.random.default_rng(seed), rig="arc") for seed in range(60)}
    assert drawn == set(INDOOR) and drawn <= set(PLACES)
    assert {choose_place("park", np.random.default_rng(seed), rig="arc") for seed in range(30)} == set(OUTDOOR)


@pytest.mark.parametrize("scene", ["gym", "court", "field", "lawn", "bowling"])
def test_sports_stay_where_their_lines_are(scene: str) -> None:
    assert {choose_place(scene, np.random.default_rng(seed), rig="arc") for seed in range(8)} == {scene}


def test_usual_cameras_film_in_the_usual_place() -> None:
    assert {choose_place("room", np.random.default_rng(seed)) for seed in range(8)} == {"room"}


def test_an_unknown_place_is_refused_by_name() -> None:
    with pytest.raises(AssertionError, match="unknown place 'moon'; places are bowling, classroom"):
        make_place("moon")
