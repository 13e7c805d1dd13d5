"""Light of a place, and the shadows in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy import ndarray

from posecube_studio.lens import Lens
from posecube_studio.raycast import cast
from posecube_studio.rotation import unit
from posecube_studio.shade import Lamp, Shadow
from posecube_studio.solid import PlacedSolids

_EDGE_SOFTNESS_M = 0.035  # of a shadow
_PIXELS_A_METRE = 51
_MOST_PIXELS = 640


@dataclass(frozen=True)
class Light:
    """A sun (or ceiling lamp) and the light of the surroundings; all linear RGB strengths.

    Attributes:
        toward: Direction towards the sun: in the world, or before `turned` as (right, up, towards the camera).
        ground: Light that comes from below.
    """

    toward: tuple[float, float, float]
    sun: tuple[float, float, float]
    sky: tuple[float, float, float]
    ground: tuple[float, float, float]

    @property
    def direction(self) -> ndarray:
        return unit(np.array(self.toward))

    @property
    def lamp(self) -> Lamp:
        """The light as compiled loops take it."""
        return Lamp(self.direction, np.array(self.sun), np.array(self.sky), np.array(self.ground))

    def turned(self, lens: Lens) -> Light:
        """The light that a photographer would choose: at the same side of this camera wherever it stands."""
        back = unit(-lens.axes[2] * np.array([1.0, 0.0, 1.0]))
        right, up, toward = self.toward
        x, y, z = right * lens.axes[0] + np.array([0.0, up, 0.0]) + toward * back
        return replace(self, toward=(float(x), float(y), float(z)))


class ShadowMap:
    """Depth of solids as the light sees it, blurred with its square: a soft shadow by Chebyshev's bound.

    Source: Donnelly and Lauritzen 2006, variance shadow maps, section 3.
    """

    def __init__(self, light: Light, center_m: ndarray, radius_m: float) -> None:
        forward = -light.direction
        right = unit(np.cross(forward, np.array([0.3, 0.1, 1.0])))
        axes = np.stack([right, np.cross(forward, right), forward])
        pixels = min(_MOST_PIXELS, round(_PIXELS_A_METRE * 2 * radius_m))
        middle = (pixels - 1) / 2
        place = center_m - forward * (radius_m + 2)
        self._lens = Lens(place, axes, pixels / (2 * radius_m), (middle, middle), (pixels, pixels), parallel=True)

    def see(self, placed: PlacedSolids) -> Shadow:
        """The shadows of solids as they stand now, as compiled loops take them."""
        lens = self._lens
        depth = cast(placed, lens).depth.astype(np.float32)
        covered = np.isfinite(depth).astype(np.float32)
        depth[covered == 0] = 0
        width = max(3, int(_EDGE_SOFTNESS_M * lens.scale * 2) | 1)
        cover, mean, square = (cv2.blur(plane, (width, width)) for plane in (covered, depth, depth * depth))
        some = np.maximum(cover, np.float32(1e-6))
        moments = np.stack([cover, mean / some, square / some], axis=-1)
        return Shadow(moments, lens.place_m, lens.axes, lens.scale, lens.center_xy[0])
