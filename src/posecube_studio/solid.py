"""Solids: the rounded cones, ellipsoids, cylinders and boxes of which bodies, props and furniture are made.

A solid rides on a frame (a bone or a prop). In its own coordinates it is a unit shape along y; `axes` and `scale` place
it in its frame: frame point = origin + axes @ (scale * own point). Lengths are metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.rotation import frame_from

Vector = tuple[float, float, float]
Colour = tuple[float, float, float]

CONE, CYLINDER, BOX = 0, 1, 2


@dataclass(frozen=True)
class Material:
    """How a surface looks.

    Attributes:
        colour: Linear RGB reflectance in [0, 1].
        gloss: Strength of the highlight.
        paint: Name of what is drawn on it, see `posecube_studio.paint`.
        second: Second colour of the painting.
        cloth: Depth of the folds; 0 is smooth.
    """

    colour: Colour
    gloss: float = 0.0
    paint: str = ""
    second: Colour = (0.0, 0.0, 0.0)
    cloth: float = 0.0


@dataclass(frozen=True)
class Solid:
    """One solid on one frame; see the module's text for its coordinates.

    Attributes:
        length: Of a cone's axis (0 is a ball); cylinders and boxes reach from -1 to 1.
        blend_m: Width over which it blends with what lies at the same depth; 0 is a hard edge.
        cast_shadow: Small parts need none.
    """

    frame: str
    origin: Vector
    axes: Float[ndarray, "3 3"]
    scale: Vector
    material: Material
    kind: int = CONE
    length: float = 0.0
    radius: float = 1.0
    end_radius: float = 1.0
    blend_m: float = 0.0
    cast_shadow: bool = True


def ball(frame: str, center: Vector, radii: Vector | float, material: Material, **options: float | bool) -> Solid:
    """A ball, or an ellipsoid along the frame's axes."""
    scale = (radii, radii, radii) if isinstance(radii, (int, float)) else radii
    return Solid(frame, center, np.eye(3), scale, material, **options)  # type: ignore[arg-type]


def rod(
    frame: str,
    start: Vector,
    end: Vector,
    radii: tuple[float, float],
    material: Material,
    *,
    flatten: tuple[float, float] = (1.0, 1.0),
    **options: float | bool,
) -> Solid:
    """A rounded cone from start to end; flatten scales its cross-section sideways and along the frame's z."""
    axis = np.subtract(end, start)
    length = float(np.linalg.norm(axis))
    near = np.array([0.0, 0.0, 1.0]) if abs(axis[2]) < 0.8 * length else np.array([0.0, 1.0, 0.0])
    axes = frame_from(axis / length, near)
    scale = (flatten[0], 1.0, flatten[1])
    return Solid(
        frame,
        start,
        axes,
        scale,
        material,
        length=length,
        radius=radii[0],
        end_radius=radii[1],
        **options,  # type: ignore[arg-type]
    )


def disc(frame: str, center: Vector, axis: Vector, radius: float, half_thickness: float, material: Material) -> Solid:
    """A flat cylinder."""
    direction = np.array(axis, dtype=np.float64)
    near = np.array([0.0, 0.0, 1.0]) if abs(direction[2]) < 0.8 else np.array([0.0, 1.0, 0.0])
    return Solid(frame, center, frame_from(direction, near), (radius, half_thickness, radius), material, kind=CYLINDER)


def box(frame: str, center: Vector, half_size: Vector, material: Material) -> Solid:
    """A box along the frame's axes."""
    return Solid(frame, center, np.eye(3), half_size, material, kind=BOX)


@dataclass(frozen=True)
class PlacedSolids:
    """Solids in one frame of time: own coordinates to the world, and back.

    Attributes:
        to_world: World = origin + to_world @ own. (S, 3, 3)
        to_own: Its inverse. (S, 3, 3)
        normals: Own normals (scaled space) to the world. (S, 3, 3)
        frame_origins_m: Origin of the frame that each solid rides on. (S, 3)
        frame_axes: Columns are that frame's axes in the world. (S, 3, 3)
    """

    table: SolidTable
    origins_m: Float[ndarray, "S 3"]
    to_world: Float[ndarray, "S 3 3"]
    to_own: Float[ndarray, "S 3 3"]
    normals: Float[ndarray, "S 3 3"]
    frame_origins_m: Float[ndarray, "S 3"]
    frame_axes: Float[ndarray, "S 3 3"]

    @property
    def solids(self) -> tuple[Solid, ...]:
        return self.table.solids


class SolidTable:
    """The constant part of a list of solids, stacked once, so that placing them is one product a frame of time.

    Attributes:
        kinds: CONE, CYLINDER or BOX. (S,)
        sizes_m: Length, radius and end radius. (S, 3)
        blends_m: See `Solid.blend_m`. (S,)
        groups: Solids blend only with those of their own group. (S,)
        cast_shadow: See `Solid.cast_shadow`. (S,)
        corners: Of a box around each solid in its own coordinates. (S, 8, 3)
    """

    def __init__(self, solids: Sequence[Solid], frames: Sequence[str], *, groups: Sequence[int] | None = None) -> None:
        unknown = sorted({solid.frame for solid in solids} - set(frames))
        assert not unknown, f"solids ride on frames that do not exist: {unknown}"
        assert all(abs(s.radius - s.end_radius) < s.length for s in solids if s.length), (
            "one end of a rounded cone lies within the other"
        )
        self.solids = tuple(solids)
        self.kinds = np.array([solid.kind for solid in solids], dtype=np.int64)
        sizes = [(solid.length, solid.radius, solid.end_radius) for solid in solids]
        self.sizes_m = np.array(sizes, dtype=np.float64).reshape(-1, 3)
        self.blends_m = np.array([solid.blend_m for solid in solids], dtype=np.float64)
        self.groups = np.array(groups if groups is not None else [0] * len(solids), dtype=np.int64)
        self.cast_shadow = np.array([solid.cast_shadow for solid in solids], dtype=np.bool_)
        self.corners = np.array([_corners(solid) for solid in solids], dtype=np.float64).reshape(-1, 8, 3)
        self._frame = np.array([frames.index(solid.frame) for solid in solids], dtype=np.int64)
        self._origin = np.array([solid.origin for solid in solids], dtype=np.float64).reshape(-1, 3)
        self._axes = np.array([solid.axes for solid in solids], dtype=np.float64).reshape(-1, 3, 3)
        self._scale = np.array([solid.scale for solid in solids], dtype=np.float64).reshape(-1, 3)

    def place(self, origins_m: Float[ndarray, "F 3"], rotations: Float[ndarray, "F 3 3"]) -> PlacedSolids:
        """Put every solid where its frame is."""
        turn, middle = rotations[self._frame], origins_m[self._frame]
        axes = turn @ self._axes
        origins = middle + np.einsum("sij,sj->si", turn, self._origin)
        to_world, normals = axes * self._scale[:, None, :], axes / self._scale[:, None, :]
        to_own = np.ascontiguousarray(normals.transpose(0, 2, 1))
        return PlacedSolids(self, origins, to_world, to_own, normals, middle, turn)

    def place_still(self) -> PlacedSolids:
        """Where solids are whose only frame is the world."""
        return self.place(np.zeros((1, 3)), np.eye(3)[None])


def _corners(solid: Solid) -> list[Vector]:
    wide = max(solid.radius, solid.end_radius) if solid.kind == CONE else 1.0
    low = -solid.radius if solid.kind == CONE else -1.0
    high = solid.length + solid.end_radius if solid.kind == CONE else 1.0
    return [(x, y, z) for x in (-wide, wide) for y in (low, high) for z in (-wide, wide)]
