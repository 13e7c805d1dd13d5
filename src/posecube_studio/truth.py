"""Exact truth about the pixels of a rendered clip: their motion in space and in the picture, and the joints seen.

A joint is seen where no surface lies before it, other than the skin above the joint itself.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Float32, Int16
from numpy import ndarray

from posecube.skeleton import SkeletonLayout, find_layout
from posecube_studio.body import SIDES
from posecube_studio.compiled import compiled
from posecube_studio.intersect import Rays
from posecube_studio.lens import Lens
from posecube_studio.raycast import rays_of
from posecube_studio.render import RenderedFrame
from posecube_studio.solid import PlacedSolids
from posecube_studio.take import Take

HIDDEN_CONFIDENCE = 0.5  # of a joint inside the picture that something stands before
_COCO17 = find_layout("coco17")
# How deep a joint lies below its own surface at most, as a share of the body's height.
_DEPTH_BELOW_SKIN = {
    "nose": 0.02, "eye": 0.025, "ear": 0.025, "head": 0.07, "neck": 0.06, "thorax": 0.08, "spine": 0.09,
    "pelvis": 0.10, "shoulder": 0.052, "elbow": 0.038, "wrist": 0.032, "hand": 0.038, "hand_tip": 0.03, "thumb": 0.03,
    "hip": 0.085, "knee": 0.048, "ankle": 0.042, "foot": 0.045,
}  # fmt: skip


def scene_flow(
    depth_m: Float[ndarray, "H W"],
    solid: Int16[ndarray, "H W"],
    lenses: tuple[Lens, Lens],
    placed: tuple[PlacedSolids, PlacedSolids],
) -> Float32[ndarray, "H W 3"]:
    """How far the surface point at each pixel's centre moves from one frame to another, seen or not in the other.

    Each place is in the axes of its own frame's camera, x right, y down, z forward, metres: a still wall moves when the
    camera does. What stands still before a still camera moves by exactly 0.

    Args:
        depth_m: Infinite where there is nothing; the flow is then not a number.
        solid: Index of the solid at each pixel, -1 for what stands still.
        lenses: The cameras of this frame and the other.
        placed: The solids in this frame and the other.
    """
    turn, shift = _motions(lenses, placed)
    flow = np.empty((*depth_m.shape, 3), dtype=np.float32)
    _follow(depth_m, solid, rays_of(lenses[0]), turn, shift, flow)
    return flow


def _motions(
    lenses: tuple[Lens, Lens], placed: tuple[PlacedSolids, PlacedSolids]
) -> tuple[Float[ndarray, "S+1 3 3"], Float[ndarray, "S+1 3"]]:
    """Flow = turn @ point + shift for points of each solid in camera axes; the last entry is for what stands still."""
    now, later = lenses
    before, after = placed
    world = np.matmul(after.frame_axes, before.frame_axes.transpose(0, 2, 1))
    moved = after.frame_origins_m - np.einsum("sij,sj->si", world, before.frame_origins_m)
    world, moved = np.concatenate([world, np.eye(3)[None]]), np.concatenate([moved, np.zeros((1, 3))])
    turn = later.axes @ world @ now.axes.T - np.eye(3)
    shift = (np.einsum("sij,j->si", world, now.place_m) + moved - later.place_m) @ later.axes.T
    if now.sees_as(later):
        still = (before.frame_axes == after.frame_axes).all(axis=(1, 2))
        still &= (before.frame_origins_m == after.frame_origins_m).all(axis=1)
        still = np.append(still, True)
        turn[still], shift[still] = 0, 0  # without what rounding left
    return turn, shift


@compiled
def _follow(
    depth: Float[ndarray, "H W"],
    solid: Int16[ndarray, "H W"],
    rays: Rays,
    turn: Float[ndarray, "S+1 3 3"],
    shift: Float[ndarray, "S+1 3"],
    flow: Float32[ndarray, "H W 3"],
) -> None:
    for y in range(depth.shape[0]):
        for x in range(depth.shape[1]):
            z, s = depth[y, x], solid[y, x]
            if z == np.inf:
                flow[y, x] = np.nan
                continue
            right, down = (x - rays.center_x) / rays.scale * z, (y - rays.center_y) / rays.scale * z
            for k in range(3):
                flow[y, x, k] = turn[s, k, 0] * right + turn[s, k, 1] * down + turn[s, k, 2] * z + shift[s, k]


def optical_flow(
    depth_m: Float[ndarray, "H W"], flow_m: Float32[ndarray, "H W 3"], lens: Lens, next_lens: Lens
) -> Float32[ndarray, "H W 2"]:
    """How far each pixel moves in the picture, x right and y down, in pixels; finite everywhere.

    What is infinitely far away moves as the camera turns; what comes to lie behind the camera, as if just before it.

    Args:
        depth_m: Of this frame, infinite where there is nothing.
        flow_m: Scene flow from this frame to the next.
        lens: This frame's camera; `next_lens` is the next one's.
    """
    high, wide = depth_m.shape
    x = ((np.arange(wide) - lens.center_xy[0]) / lens.scale)[None, :]
    y = ((np.arange(high) - lens.center_xy[1]) / lens.scale)[:, None]
    far = ~np.isfinite(depth_m)
    motion = flow_m.astype(np.float64)
    if far.any():
        turn = np.zeros((3, 3)) if lens.sees_as(next_lens) else next_lens.axes @ lens.axes.T - np.eye(3)
        rays = np.stack(np.broadcast_arrays(x, y, 1.0), axis=-1)
        motion[far] = rays[far] @ turn.T
    ahead = np.maximum(np.where(far, 1.0, depth_m) + motion[..., 2], 1e-3)
    # The difference of two slopes, in a form in which no motion gives exactly 0.
    zoom = next_lens.scale - lens.scale
    shift_x, shift_y = (after - before for after, before in zip(next_lens.center_xy, lens.center_xy, strict=True))
    u = (motion[..., 0] - x * motion[..., 2]) / ahead * next_lens.scale + x * zoom + shift_x
    v = (motion[..., 1] - y * motion[..., 2]) / ahead * next_lens.scale + y * zoom + shift_y
    return np.stack([u, v], axis=-1).astype(np.float32)


def see_joints(take: Take, index: int, picture: RenderedFrame) -> Float32[ndarray, "M 17"]:
    """Confidence of the joints of one frame: 1 seen, 0.5 hidden by something before them, 0 outside of the picture.

    A joint lies below its own skin, which does not hide it; another's hand on a shoulder does.
    """
    tall = np.array([performer.person.shape.height_m for performer in take.performers])
    pixels, depth = take.keypoints_xy[:, index], take.joint_depth_m[:, index]
    seen = is_seen(pixels, depth, below_skin(_COCO17) * tall[:, None], picture)
    inside = is_inside(pixels, depth, (picture.depth_m.shape[0], picture.depth_m.shape[1]))
    return np.where(seen, 1.0, np.where(inside, HIDDEN_CONFIDENCE, 0.0)).astype(np.float32)


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
    picture: RenderedFrame,
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
