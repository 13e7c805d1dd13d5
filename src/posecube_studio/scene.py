"""The still world of one clip: painted once, then seen by the camera of each frame with exact depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32
from numpy import ndarray

from posecube_studio.backdrop import Place, SurfaceNoise, make_place
from posecube_studio.intersect import intersect_room
from posecube_studio.lens import Lens
from posecube_studio.light import ShadowMap
from posecube_studio.paint import Painter
from posecube_studio.raycast import cast, rays_of
from posecube_studio.render import SAMPLES, Backing, draw_over
from posecube_studio.shade import find_pixels, find_world, shade_ground
from posecube_studio.solid import Solid, SolidTable

_FAR_M = 60.0
_NEAR_M = 1.5  # a backdrop is not nearer than this to a shaking camera
_FURNITURE_GAP_M = 0.6
_SHADOW_REACH_M = 6.5
_FURNITURE_HEIGHT_M = 1.75  # of the person whom furniture would belong to


def find_place(name: str, *, turned_to: Lens | None, rng: np.random.Generator | None = None) -> Place:
    """A backdrop by its name.

    Args:
        rng: Draws its looks; None gives the usual ones.
        turned_to: The camera that the light is set for; None leaves it as for one in front of the scene.
    """
    place = make_place(name, rng)
    return place if turned_to is None else replace(place, light=place.light.turned(turned_to))


def choose_furniture(
    place: Place, lens: Lens, *, actors_m: Float[ndarray, "N 3"], everyone_m: Float[ndarray, "K 3"]
) -> tuple[Solid, ...]:
    """The furniture that stands behind the actors, as the camera sees them, and in nobody's way.

    Args:
        actors_m: Where the joints of those are who must be seen, over the whole clip.
        everyone_m: The same of all people.
    """
    if not place.furniture:
        return ()
    placed = SolidTable(place.furniture, ["world"]).place_still()
    corners = placed.origins_m[:, None] + np.einsum("sij,scj->sci", placed.to_world, placed.table.corners)
    low, high = corners.min(axis=1)[:, None, ::2], corners.max(axis=1)[:, None, ::2]
    ground = np.unique(np.round(everyone_m[:, ::2], 1), axis=0)
    gap = np.linalg.norm(np.maximum(np.maximum(low - ground, ground - high), 0), axis=-1).min(axis=1)
    behind = lens.project(placed.origins_m)[1] > lens.project(actors_m)[1].max() + _FURNITURE_GAP_M
    ends = np.cumsum([len(piece) for piece in place.pieces])
    by_piece = np.split(behind & (gap > _FURNITURE_GAP_M / 2), ends[:-1])  # half a table is no furniture
    return tuple(s for piece, fits in zip(place.pieces, by_piece, strict=True) if fits.all() for s in piece)


class Backdrop:
    """Floor, walls or sky, and furniture."""

    def __init__(
        self,
        place: Place,
        lenses: Sequence[Lens],
        *,
        furniture: Sequence[Solid],
        shadowing: Sequence[Solid] = (),
        rng: np.random.Generator,
    ) -> None:
        """Paint what any of the cameras will see.

        Args:
            lenses: The camera in each frame.
            shadowing: Other still solids, on the frame "world", whose shadows lie on the floor.
            rng: Draws the textures.
        """
        self._place = place
        self._furniture = SolidTable(furniture, ["world"]).place_still()
        shadows = ShadowMap(place.light, np.array([0.0, 0.5, 0.0]), _SHADOW_REACH_M)
        self._shadow = shadows.see(SolidTable([*furniture, *shadowing], ["world"]).place_still())
        self._moves = not all(lens.sees_as(lenses[0]) for lens in lenses)
        self._lens = _widened(lenses) if self._moves else lenses[0]
        self._raster = self._paint(self._lens.finer(SAMPLES), SurfaceNoise(rng))
        self._still = None if self._moves else self._see(lenses[0])

    def seen_by(self, lens: Lens) -> Backing:
        """What stands still, as one of the cameras sees it."""
        return self._see(lens) if self._still is None else self._still

    def _see(self, lens: Lens) -> Backing:
        depth, floor = _see_room(self._place, lens)
        surface = cast(self._furniture, lens, behind=depth)
        floor &= surface.solid < 0
        points = np.empty((*lens.size_hw, 3), dtype=np.float32)
        find_world(rays_of(lens), surface.depth, _FAR_M, points)
        elsewhere = 0.0 if self._place.room_m is None else self._place.sunlit * 0.4
        sunlit = np.where(floor, self._place.sunlit, elsewhere) * np.isfinite(surface.depth)
        colour = self._resample(points) if self._moves else self._average()
        return Backing(colour, sunlit.astype(np.float32), surface.depth, points, floor)

    def _average(self) -> Float32[ndarray, "H W 3"]:
        height, width = self._lens.size_hw
        found = cv2.resize(self._raster, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(found, dtype=np.float32)

    def _resample(self, points: Float32[ndarray, "H W 3"]) -> Float32[ndarray, "H W 3"]:
        """The painting where world points lie in it."""
        x, y = np.empty(points.shape[:2], dtype=np.float32), np.empty(points.shape[:2], dtype=np.float32)
        find_pixels(points, rays_of(self._lens.finer(SAMPLES)), x, y)
        found = cv2.remap(self._raster, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found, dtype=np.float32)

    def _paint(self, lens: Lens, noise: SurfaceNoise) -> Float32[ndarray, "H W 3"]:
        place = self._place
        depth, floor = _see_room(place, lens)
        points = np.empty((*lens.size_hw, 3), dtype=np.float32)
        find_world(rays_of(lens), depth, _FAR_M, points)
        colour = np.empty_like(points)
        colour[floor] = place.floor(noise, points[floor].T).T * _lit(place, float(place.light.direction[1]))
        around = points[~floor] if place.room_m is not None else points[~floor] - lens.place_m.astype(np.float32)
        colour[~floor] = place.around(noise, np.ascontiguousarray(around.T)).T
        if place.room_m is not None:
            corner = np.float32(0.22) * np.clip(1 - around[:, 1:2] / np.float32(0.5), 0, 1)
            colour[~floor] *= _lit(place, 0.35) * (1 - corner)
        share = np.where(floor, place.sunlit, 0).astype(np.float32)
        shade_ground(colour, points, share, floor, self._shadow, np.zeros((0, 3)))
        furniture = self._furniture.solids
        painter = Painter(furniture, [_FURNITURE_HEIGHT_M] * len(furniture))
        draw_over(
            colour, self._furniture, lens, depth, light=place.light, shadow=self._shadow, painter=painter, samples=1
        )
        # A moving camera looks between the samples: smoothing keeps fine texture from flickering.
        return cv2.GaussianBlur(colour, (3, 3), 0.7) if self._moves else colour


def _see_room(place: Place, lens: Lens) -> tuple[Float[ndarray, "H W"], Bool[ndarray, "H W"]]:
    """Depth of floor and walls, and where the floor is."""
    depth, floor = np.empty(lens.size_hw), np.empty(lens.size_hw, dtype=np.bool_)
    half_x, half_z, height = (float(size) for size in place.room_m or (0, 0, 0))
    intersect_room(rays_of(lens), half_x, half_z, height, _FAR_M, depth, floor)
    return depth, floor


def _lit(place: Place, facing: float) -> Float32[ndarray, " 3"]:
    """Light on a surface that faces the sun by that much."""
    return (np.array(place.light.sun) * facing + np.array(place.light.sky)).astype(np.float32)


def _widened(lenses: Sequence[Lens]) -> Lens:
    """The view of the middle frame, grown to hold what all frames see of the backdrop."""
    middle = lenses[len(lenses) // 2]
    height, width = middle.size_hw
    x, y = np.array([0.0, width - 1, 0.0, width - 1]), np.array([0.0, 0.0, height - 1, height - 1])
    corners = [lens.unproject(x, y, np.full(4, depth)).T for lens in lenses for depth in (_NEAR_M, _FAR_M)]
    pixels, _ = middle.project(np.concatenate(corners))
    size = np.array([width, height])
    low = np.floor(np.maximum(pixels.min(axis=0), -size)).astype(int)
    high = np.ceil(np.minimum(pixels.max(axis=0), 2 * size)).astype(int)
    center = (middle.center_xy[0] - float(low[0]), middle.center_xy[1] - float(low[1]))
    wide, tall = (int(side) for side in high - low + 1)
    return replace(middle, center_xy=center, size_hw=(tall, wide))
