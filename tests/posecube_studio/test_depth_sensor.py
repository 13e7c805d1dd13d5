import numpy as np
import pytest

from posecube_studio.depth_sensor import HOLE, kinect_depth

FOCAL_PX = 370.0
SIZE = (96, 128)


def measure(depth_m: np.ndarray, seed: int = 0, reflectance: np.ndarray | None = None) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return kinect_depth(depth_m, focal_px=FOCAL_PX, rng=rng, reflectance=reflectance)


def wall(distance_m: float) -> np.ndarray:
    return np.full(SIZE, distance_m, dtype=np.float32)


def step(near_m: float = 2.0, far_m: float = 4.0) -> np.ndarray:
    depth = wall(far_m)
    depth[:, :64] = near_m
    return depth


def floor(height_m: float = 1.5) -> np.ndarray:
    """A level floor below a level camera, from 0.9 m (steep) to where it fades."""
    down = np.linspace(600, 45, SIZE[0], dtype=np.float32)[::-1] / FOCAL_PX
    return np.repeat(height_m / down[:, None], SIZE[1], axis=1).astype(np.float32)


@pytest.mark.parametrize(("distance_m", "noise_m"), [(1.5, 0.0015), (3.0, 0.0032), (4.5, 0.006)])
def test_noise_grows_with_the_square_of_the_distance(distance_m: float, noise_m: float) -> None:
    error = measure(wall(distance_m)) - distance_m
    assert error.std() == pytest.approx(noise_m, rel=0.08)
    assert abs(error.mean()) < noise_m / 10


def test_depth_comes_in_whole_millimetres() -> None:
    measured = measure(wall(2.3456))
    assert measured.dtype == np.float32
    np.testing.assert_allclose(measured * 1000, np.rint(measured * 1000), atol=1e-3)


@pytest.mark.parametrize("distance_m", [0.3, 9.0, np.inf])
def test_out_of_range_is_not_measured(distance_m: float) -> None:
    assert (measure(wall(distance_m)) == HOLE).all()


def test_edges_have_holes_and_pixels_that_float_and_flat_parts_have_not() -> None:
    measured = measure(step())
    beside = measured[:, 62:66]
    assert 0.3 < (beside[:, 1:3] == HOLE).mean() < 0.7
    floating = (beside > 2.05) & (beside < 3.95)
    assert 0.05 < floating[:, 1:3].mean() < 0.3
    flat = np.delete(measured, np.s_[62:66], axis=1)
    assert (flat != HOLE).all()
    assert not ((flat > 2.05) & (flat < 3.9)).any()


def test_an_arm_before_the_chest_is_an_edge() -> None:
    assert (measure(step(2.9, 3.05))[:, 63:65] == HOLE).mean() > 0.3


def test_a_slanted_floor_is_no_edge_but_fades_where_it_grazes() -> None:
    depth = floor()
    measured = measure(depth)
    near, far = depth < 3.0, (depth > 6.5) & (depth < 7.5)
    assert (measured[near] == HOLE).mean() < 0.01
    assert (measured[far] == HOLE).mean() > 0.3
    facing = measure(wall(7.0))
    assert (facing == HOLE).mean() < 0.02


def test_slanted_surfaces_are_noisier() -> None:
    depth = floor()
    rows = (depth[:, 0] > 2.4) & (depth[:, 0] < 2.6)
    slanted, exact = measure(depth)[rows], depth[rows]
    error = (slanted - exact)[slanted != HOLE]
    assert error.std() > 1.4 * (measure(wall(2.5)) - 2.5).std()


def test_dark_things_are_lost_first() -> None:
    shares = [
        (measure(wall(3.5), reflectance=np.full(SIZE, reflectance)) == HOLE).mean()
        for reflectance in (0.02, 0.03, 0.05, 0.4)
    ]
    assert shares[0] > 0.6 and shares[-1] < 0.01
    assert all(np.diff(shares) <= 0)


def test_the_same_seed_gives_the_same_depth_and_the_exact_one_stays() -> None:
    depth = step()
    before = depth.copy()
    np.testing.assert_array_equal(measure(depth, 3), measure(depth, 3))
    np.testing.assert_array_equal(depth, before)
    assert (measure(depth, 3) != measure(depth, 4)).mean() > 0.5
