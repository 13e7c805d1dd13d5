"""Which joints a camera sees: those with no surface before them, other than the skin above the joint itself."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from posecube.skeleton import SkeletonLayout
from posecube_studio.body import SIDES
from posecube_studio.render import Picture

# How deep a joint lies below its own surface at most, as a share of the body's height.
_DEPTH_BELOW_SKIN = {
    "nose": 0.02, "eye": 0.025, "ear": 0.025, "head": 0.07, "neck": 0.06, "thorax": 0.08, "spine": 0.09,
    "pelvis": 0.10, "shoulder": 0.052, "elbow": 0.038, "wrist": 0.032, "hand": 0.038, "hand_tip": 0.03, "thumb": 0.03,
    "hip": 0.085, "knee": 0.048, "ankle": 0.042, "foot": 0.045,
}  # fmt: skip


def below_skin(layout: SkeletonLayout) -> Float[ndarray, " V"]:
    """How deep each joint lies below its own surface at most, in body heights."""
    parts = [joint.removeprefix(f"{SIDES[0]}_").removeprefix(f"{SIDES[1]}_") for joint in layout.joints]
    return np.array([_DEPTH_BELOW_SKIN[part] for part in parts])


def is_inside(
    points_xy: Float[ndarray, "*N 2"], depth_m: Float[ndarray, "*N"], size_hw: tuple[int, int]
) -> Bool[ndarray, "*N"]:
    """Does a point lie before the camera and inside the picture?"""
    pixels = np.rint(points_xy)
    return ((pixels >= 0) & (pixels < size_hw[::-1])).all(axis=-1) & (depth_m > 0)


def is_seen(
    points_xy: Float[ndarray, "M V 2"],
    depth_m: Float[ndarray, "M V"],
    below_m: Float[ndarray, "M V"],
    picture: Picture,
) -> Bool[ndarray, "M V"]:
    """Is a joint inside the picture, with no surface before it but its own skin?

    Another's hand on a shoulder hides it, however close.

    Args:
        depth_m: Of the joints.
        below_m: How deep each may lie below its own surface.
    """
    inside = is_inside(points_xy, depth_m, (picture.depth_m.shape[0], picture.depth_m.shape[1]))
    x, y = np.moveaxis(np.where(inside[..., None], np.rint(points_xy), 0).astype(np.int64), -1, 0)
    person = picture.person[y, x]
    anothers = (person >= 0) & (person != np.arange(len(points_xy))[:, None])
    return inside & (picture.depth_m[y, x] > depth_m - np.where(anothers, 0, below_m))
