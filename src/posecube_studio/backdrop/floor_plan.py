"""The plan of a room while it is filled: what stands where, what hangs on which wall, and what is still free."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.backdrop.piece import Piece
from posecube_studio.backdrop.place import CLEAR_M
from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.backdrop.walls import NUM_SIDES, Drawing, WallPanel, stand_at
from posecube_studio.rotation import frame_from
from posecube_studio.solid import Solid

_LEVEL_M = 1.05  # a wall is free or taken below and above this height separately
_SIDE_SHARES = (0.36, 0.27, 0.1, 0.27)  # cameras mostly look at what is behind and beside the actor
_TRIES = 12
_GAP_M = 0.08

Span = tuple[float, float]
Spot = tuple[int, float]  # side and place along it
Footprint = tuple[ndarray, ndarray]


class FloorPlan:
    """Fills a room at random places; what finds no place in a few tries is left out.

    Attributes:
        pieces: The solids of each piece of furniture so far.
        panels: All that hangs on walls so far.
        footprints: Low and high corner (x, z) of all that stands on the floor.
    """

    def __init__(self, random: SceneRandomiser, room_m: tuple[float, float, float], *, max_solids: int = 60) -> None:
        self.pieces: list[tuple[Solid, ...]] = []
        self.panels: list[WallPanel] = []
        self._random, self._room_m, self._max_solids = random, room_m, max_solids
        self._taken: dict[tuple[int, bool], list[Span]] = {}
        self.footprints: list[Footprint] = []

    def hang(
        self, draw: Drawing, half_m: float, low_m: float, high_m: float, *, side: int | None = None
    ) -> Spot | None:
        """Something flat on a wall: gives its side and middle, or None where there was no place."""
        if high_m >= self._room_m[2]:
            return None
        for _ in range(_TRIES):
            where, middle = self._somewhere(half_m, side)
            if self._claim(where, middle, half_m, low_m, high_m):
                self.panels.append(WallPanel(where, middle, half_m, low_m, high_m, draw))
                return where, middle
        return None

    def hang_at(self, draw: Drawing, half_m: float, low_m: float, high_m: float, *, side: int, middle_m: float) -> bool:
        """Something flat at one place of a wall, if that is free."""
        free = self._fits(side, middle_m, half_m) and self._claim(side, middle_m, half_m, low_m, high_m)
        if free:
            self.panels.append(WallPanel(side, middle_m, half_m, low_m, high_m, draw))
        return free

    def put(self, piece: Piece, *, side: int | None = None, before: Drawing | None = None) -> bool:
        """A piece with its back to a wall.

        Args:
            before: What the wall shows behind it, such as the books of a bookcase.
        """
        for _ in range(_TRIES):
            where, middle = self._somewhere(piece.half_m, side)
            if self.put_at(piece, side=where, middle_m=middle, before=before):
                return True
        return False

    def put_at(self, piece: Piece, *, side: int, middle_m: float, before: Drawing | None = None) -> bool:
        """A piece with its back to one place of a wall, if that is free."""
        axes, foot = stand_at(side, self._room_m)
        foot = foot + middle_m * axes[:, 0]
        low, high = _footprint(piece, axes, foot)
        if not self._fits(side, middle_m, piece.half_m) or not self._is_free(piece, low, high):
            return False
        if not self._claim(side, middle_m, piece.half_m, piece.low_m, piece.high_m):
            return False
        self._stand(piece, axes, foot, (low, high))
        if before is not None:
            self.panels.append(WallPanel(side, middle_m, piece.half_m, piece.low_m, piece.high_m, before))
        return True

    def scatter(self, piece: Piece, *, beyond_m: float = CLEAR_M, within_m: float = np.inf) -> bool:
        """A piece anywhere on the floor, turned at random, from the origin no nearer and (in x and z) no farther."""
        rng = self._random.rng
        reach = np.minimum(np.array(self._room_m[:2]) - 0.5, within_m)
        for _ in range(_TRIES):
            turn = float(rng.uniform(-np.pi, np.pi))
            x, z = rng.uniform(-1, 1, 2) * reach
            if np.hypot(x, z) > beyond_m and self.stand_at(piece, x_m=float(x), z_m=float(z), turn=turn):
                return True
        return False

    def stand_at(self, piece: Piece, *, x_m: float, z_m: float, turn: float = 0.0) -> bool:
        """A piece at one place of the floor, if that is free; unturned it stands as if along side 0."""
        axes = frame_from(np.array([0.0, 1.0, 0.0]), np.array([np.sin(turn), 0.0, np.cos(turn)]))
        foot = np.array([x_m, 0.0, z_m])
        footprint = _footprint(piece, axes, foot)
        free = self._is_free(piece, *footprint)
        if free:
            self._stand(piece, axes, foot, footprint)
        return free

    def _stand(self, piece: Piece, axes: ndarray, foot: ndarray, footprint: Footprint) -> None:
        self.pieces.append(piece.placed(axes, foot))
        if not piece.low_m:
            self.footprints.append(footprint)

    def _somewhere(self, half_m: float, side: int | None) -> tuple[int, float]:
        where = int(self._random.rng.choice(NUM_SIDES, p=_SIDE_SHARES)) if side is None else side
        reach = max(0.0, self._half_m(where) - half_m - _GAP_M)
        return where, float(self._random.rng.uniform(-reach, reach))

    def _half_m(self, side: int) -> float:
        return self._room_m[side % 2]

    def _fits(self, side: int, middle_m: float, half_m: float) -> bool:
        return abs(middle_m) + half_m < self._half_m(side)

    def _claim(self, side: int, middle_m: float, half_m: float, low_m: float, high_m: float) -> bool:
        """Take a stretch of wall, below, above or both, if nothing has it."""
        span = (middle_m - half_m - _GAP_M, middle_m + half_m + _GAP_M)
        levels = [above for above in (False, True) if (high_m > _LEVEL_M + 0.1 if above else low_m < _LEVEL_M - 0.3)]
        rows = [self._taken.setdefault((side, above), []) for above in levels]
        if any(span[0] < end and start < span[1] for row in rows for start, end in row):
            return False
        for row in rows:
            row.append(span)
        return True

    def _is_free(self, piece: Piece, low: ndarray, high: ndarray) -> bool:
        inside = (high <= np.array([self._room_m[0], self._room_m[1]]) + 0.01).all() and (
            low >= -np.array([self._room_m[0], self._room_m[1]]) - 0.01
        ).all()
        nearest = np.clip(0.0, low, high)
        footprints = [] if piece.low_m else self.footprints
        apart = all((high < others[0]).any() or (low > others[1]).any() for others in footprints)
        enough = sum(map(len, self.pieces)) + len(piece.solids) <= self._max_solids
        return bool(inside and apart and enough and np.hypot(*nearest) >= CLEAR_M)


def _footprint(piece: Piece, axes: ndarray, foot: ndarray) -> Footprint:
    """Corners (x, z) of the upright box around a piece on the floor."""
    corners = np.array([[x, 0.0, z] for x in (-piece.half_m, piece.half_m) for z in (0.0, piece.depth_m)])
    world = (foot + corners @ axes.T)[:, [0, 2]]
    return world.min(axis=0), world.max(axis=0)
