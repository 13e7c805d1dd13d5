"""Exact intersection against slow references: marched distance fields, signs of implicit functions."""

import numpy as np
import pytest

from posecube_studio.lens import Lens
from posecube_studio.raycast import cast
from posecube_studio.rotation import about
from posecube_studio.solid import Material, Solid, SolidTable, ball, box, disc, rod

PLAIN = Material((0.5, 0.5, 0.5))
LENS = Lens(np.array([0.1, 0.2, -3.0]), np.diag([1.0, -1.0, 1.0]), 120.0, (31.5, 31.5), (64, 64))
LIGHT = Lens(np.array([0.0, 0.0, -3.0]), np.diag([1.0, -1.0, 1.0]), 40.0, (31.5, 31.5), (64, 64), parallel=True)


def distance(solid: Solid, point: np.ndarray) -> float:
    """Signed distance to a rounded cone, flat cylinder or box in the world frame, written the slow way."""
    own = np.asarray(solid.axes).T @ (point - np.array(solid.origin))
    if solid.kind == 2:
        return float((np.abs(own) - solid.scale).max())
    if solid.kind == 1:
        return float(max(np.hypot(own[0], own[2]) - solid.scale[0], abs(own[1]) - solid.scale[1]))
    along = np.linspace(0, solid.length, 2001)
    radii = solid.radius + (solid.end_radius - solid.radius) * along / max(solid.length, 1e-9)
    centers = np.stack([0 * along, along, 0 * along], axis=-1)
    return float((np.linalg.norm(own - centers, axis=-1) - radii * solid.scale[0]).min())


def march(solid: Solid, origin: np.ndarray, direction: np.ndarray) -> float:
    """Depth along a ray whose direction has unit depth; infinite where nothing is met."""
    depth, length = 0.5, float(np.linalg.norm(direction))
    for _ in range(400):
        gap = distance(solid, origin + depth * direction)
        if gap < 1e-5:
            return depth
        depth += gap / length
        if depth > 8:
            return np.inf
    return depth


SOLIDS = {
    "ball": ball("world", (0.1, 0.1, 0.2), 0.4, PLAIN),
    "thin rod": rod("world", (-0.5, -0.2, 0.3), (0.4, 0.5, -0.4), (0.05, 0.05), PLAIN),
    "cone": rod("world", (-0.2, -0.3, 0.0), (0.3, 0.4, 0.2), (0.25, 0.08), PLAIN),
    "cone seen end on": rod("world", (0.0, 0.1, 0.6), (0.05, 0.15, -0.5), (0.1, 0.2), PLAIN),
    "disc": disc("world", (0.0, 0.1, 0.0), (0.5, 0.3, 1.0), 0.4, 0.05, PLAIN),
    "box": box("world", (0.1, 0.0, 0.1), (0.3, 0.2, 0.25), PLAIN),
}


@pytest.mark.parametrize("lens", [LENS, LIGHT], ids=["camera", "light"])
@pytest.mark.parametrize("name", SOLIDS)
def test_depth_is_that_of_a_marched_ray(name: str, lens: Lens) -> None:
    solid = SOLIDS[name]
    surface = cast(SolidTable([solid], ["world"]).place_still(), lens)
    met = 0
    middle, _ = lens.project(np.array([0.05, 0.1, 0.0]))
    for x, y in np.rint(middle + np.random.default_rng(0).normal(0, 9, size=(40, 2))).astype(int):
        right, down = (np.array([x, y]) - lens.center_xy) / lens.scale
        across = right * lens.axes[0] + down * lens.axes[1]
        origin = lens.place_m + (across if lens.parallel else 0)
        expected = march(solid, origin, lens.axes[2] + (0 if lens.parallel else across))
        found = surface.depth[y, x]
        if np.isfinite(expected) != np.isfinite(found):
            near = min(march_gap(solid, origin, lens.axes[2] + (0 if lens.parallel else across)), 1.0)
            assert near < 2e-3, f"pixel {x}, {y}: expected depth {expected}, got {found}"
        elif np.isfinite(expected):
            met += 1
            assert found == pytest.approx(expected, abs=2e-3)
    assert met > 2


def march_gap(solid: Solid, origin: np.ndarray, direction: np.ndarray) -> float:
    """How near a ray comes to a solid."""
    return min(abs(distance(solid, origin + depth * direction)) for depth in np.linspace(1, 6, 500))


def test_normals_are_the_slope_of_the_surface() -> None:
    solid = rod("world", (-0.2, -0.3, 0.0), (0.3, 0.4, 0.2), (0.25, 0.12), PLAIN, flatten=(1.0, 0.7))
    table = SolidTable([solid], ["world"]).place(np.zeros((1, 3)), about("y", 0.3)[None])
    surface = cast(table, LENS.finer(4), smooth=True)
    assert surface.normal is not None
    depth, lens = np.where(np.isfinite(surface.depth), surface.depth, np.nan), LENS.finer(4)
    y, x = np.mgrid[: depth.shape[0], : depth.shape[1]].astype(np.float64)
    points = lens.unproject(x, y, depth)
    down, right = points[:, 2:, 1:-1] - points[:, :-2, 1:-1], points[:, 1:-1, 2:] - points[:, 1:-1, :-2]
    slope = np.cross(right, down, axis=0)
    slope /= np.linalg.norm(slope, axis=0)
    normal = surface.normal[1:-1, 1:-1].transpose(2, 0, 1)
    cosine = np.abs((slope * normal).sum(axis=0))
    steep = np.isfinite(cosine) & (np.abs(normal[2]) > 0.3)
    assert steep.sum() > 500
    assert np.quantile(cosine[steep], 0.02) > 0.995


def test_the_nearer_solid_wins_whatever_the_order() -> None:
    front, behind = ball("world", (0, 0.2, -0.5), 0.2, PLAIN), ball("world", (0, 0.2, 0.5), 0.4, PLAIN)
    for solids, index in (([front, behind], 0), ([behind, front], 1)):
        surface = cast(SolidTable(solids, ["world"]).place_still(), LENS)
        pixel, _ = LENS.project(np.array([0, 0.2, -0.5]))
        x, y = np.rint(pixel).astype(int)
        assert surface.solid[y, x] == index


def test_blending_never_leaves_a_step_deeper_than_its_width() -> None:
    one = ball("world", (-0.15, 0.2, 0), 0.3, PLAIN)
    other = ball("world", (0.15, 0.2, 0), 0.3, PLAIN, blend_m=0.05)
    placed = SolidTable([one, other], ["world"]).place_still()
    smooth, hard = cast(placed, LENS, smooth=True).depth, cast(placed, LENS).depth
    known = np.isfinite(hard)
    gap = hard[known] - smooth[known]
    assert gap.min() > -1e-5 and 0.005 < gap.max() <= 0.05 / 4 + 1e-4
    strangers = SolidTable([one, other], ["world"], groups=[0, 1]).place_still()
    np.testing.assert_array_equal(cast(strangers, LENS, smooth=True).depth, hard)


def test_nothing_in_view_is_an_empty_surface() -> None:
    away = ball("world", (0, 0, -9), 0.3, PLAIN)
    surface = cast(SolidTable([away], ["world"]).place_still(), LENS)
    assert not np.isfinite(surface.depth).any() and (surface.solid == -1).all()


def test_what_reaches_behind_the_camera_is_still_seen() -> None:
    plank = box("world", (0.0, 0.0, -2.0), (0.3, 0.05, 2.0), PLAIN)
    surface = cast(SolidTable([plank], ["world"]).place_still(), LENS)
    assert np.isfinite(surface.depth).mean() > 0.2
    assert surface.depth.min() < 0.8


def test_what_stands_before_hides() -> None:
    solid = SOLIDS["ball"]
    placed = SolidTable([solid], ["world"]).place_still()
    free = cast(placed, LENS)
    behind = np.full(LENS.size_hw, 2.9)
    covered = cast(placed, LENS, behind=behind)
    np.testing.assert_array_equal(covered.depth, np.minimum(free.depth, behind))
    np.testing.assert_array_equal(covered.solid >= 0, free.depth < 2.9)


@pytest.mark.parametrize("seed", range(6))
def test_random_solids_are_met_on_their_surfaces_and_not_before_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    solids = []
    for _ in range(5):
        start, end = rng.normal(0, 0.4, size=(2, 3))
        radii = (0.06 + 0.2 * rng.random(), 0.06)
        if np.linalg.norm(end - start) > abs(radii[0] - radii[1]) + 0.05:
            solids.append(rod("world", tuple(start), tuple(end), radii, PLAIN, flatten=(1.0, 0.6)))
        solids.append(ball("world", tuple(rng.normal(0, 0.4, size=3)), tuple(0.1 + 0.2 * rng.random(3)), PLAIN))
        solids.append(box("world", tuple(rng.normal(0, 0.4, size=3)), tuple(0.05 + 0.2 * rng.random(3)), PLAIN))
    placed = SolidTable(solids, ["world"]).place(rng.normal(0, 0.1, size=(1, 3)), about("y", rng.normal())[None])
    surface = cast(placed, LENS)
    x, y = rng.integers(16, 48, size=(2, 150))
    found, index = surface.depth[y, x], surface.solid[y, x]
    steps = np.linspace(1.0, 5.0, 161)
    before = np.where(steps < found[:, None] - 1e-3, steps, 0.5)  # the eye is outside of everything
    points = LENS.unproject(x[:, None], y[:, None], np.append(before, np.fmin(found, 9)[:, None], axis=1)).transpose(
        1, 2, 0
    )
    outside = np.stack([level(solid, (points - o) @ own.T) for solid, o, own in
                        zip(solids, placed.origins_m, placed.to_own, strict=True)])  # fmt: skip
    assert (outside[:, :, :-1] > 0).all(), "nothing lies before what a ray meets"
    met = np.isfinite(found)
    assert 40 < met.sum() < 150
    on = outside[index[met], np.flatnonzero(met), -1]
    np.testing.assert_allclose(on, 0, atol=4e-5, err_msg="what a ray meets lies on its solid")


def level(solid: Solid, own: np.ndarray) -> np.ndarray:
    """A function of own coordinates that is 0 on the surface of a box or rounded cone and negative inside."""
    if solid.kind == 2:
        return np.abs(own).max(axis=-1) - 1
    if solid.length == 0:
        return np.linalg.norm(own, axis=-1) - solid.radius
    along = np.linspace(0, 1, 401)
    away = np.linalg.norm(own[..., [0, 2]], axis=-1)[..., None]
    distance = np.hypot(away, own[..., 1:2] - along * solid.length)
    return (distance - solid.radius - along * (solid.end_radius - solid.radius)).min(axis=-1)


def test_projection_and_its_inverse() -> None:
    points = np.random.default_rng(1).normal(size=(50, 3))
    for lens in (LENS, LIGHT, LENS.finer(3)):
        pixels, depth = lens.project(points)
        np.testing.assert_allclose(lens.unproject(pixels[:, 0], pixels[:, 1], depth).T, points, atol=1e-9)
