"""Limbs as soft lines in a heatmap volume."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from posecube.representation.canvas import (
    MIN_CONFIDENCE,
    Combine,
    check_shapes,
    people_last,
    put_pixels,
    volume_buffer,
)
from posecube.representation.limb_tiles import Tiles, cut_tiles, lay_limbs, window_width

PART_BLOCKS = 64  # drawn at once by a processor: 150,000 pixels and their maps about fill its cache


@torch.no_grad()
def render_limb_volume(
    keypoints_xy: Float[Tensor, "*N M T V 2"],
    confidence: Float[Tensor, "*N M T V"],
    *,
    limbs: Sequence[tuple[int, int]],
    size_hw: tuple[int, int],
    sigma_px: float = 0.6,
    out: Float[Tensor, "*N E T H W"] | None = None,
    combine: Combine = "max",
    min_confidence: float = MIN_CONFIDENCE,
) -> Float[Tensor, "*N E T H W"]:
    """Draw each limb as a Gaussian of the distance to its segment; people share a channel by maximum.

    A limb is as high as its less confident end and is cut to its bounding rectangle widened by 3 sigma (truncated as in
    render_joint_volume). One shorter than a pixel is drawn as its first joint, with that joint's confidence. No
    gradient flows back to the coordinates.

    Args:
        limbs: Pairs of joint indices, one a channel.
        out: A contiguous buffer to reuse; every element is overwritten.
        combine: "sum" adds people up, as the paper's text has it; published weights were trained with "max".
        min_confidence: Limbs below it draw nothing. The default is MMAction2's, pyskl's is 1e-3.

    Raises:
        ValueError: If sigma_px is not positive, a limb names a joint that is not there, or the shapes do not fit.

    Source: PoseConv3D section 3.2, equation 2; cut and short limbs follow the public code. Pixels farther than 5 sigma
        from the segment are left out, where the public code has values up to 4e-6.
    """
    lead, num_people, num_frames, num_joints = check_shapes(keypoints_xy, confidence, sigma_px)
    if not limbs or not all(0 <= joint < num_joints for limb in limbs for joint in limb):
        raise ValueError(f"limbs must be pairs of joint indices below {num_joints}, got {list(limbs)}")
    out = volume_buffer(out, (*lead, len(limbs), num_frames, *size_hw), like=confidence)
    joints = people_last(keypoints_xy, confidence, dtype=out.dtype, min_confidence=min_confidence)
    laid = lay_limbs(*joints, limbs=limbs, size_hw=size_hw, sigma_px=sigma_px)
    tiles = cut_tiles(laid, num_people=num_people, map_size=size_hw[0] * size_hw[1], sigma_px=sigma_px)
    _draw(out.view(-1), tiles, width=window_width(sigma_px), combine=combine if num_people > 1 else None)
    return out


def _draw(canvas: Float[Tensor, " L"], tiles: Tiles, *, width: int, combine: Combine | None) -> None:
    """Clear the maps and draw the tiles, a cacheful of blocks at a time.

    Args:
        width: Pixels of each line's window.
    """
    num_blocks, _, num_lines, num_tiles = tiles.pixel.shape
    part = PART_BLOCKS if canvas.device.type == "cpu" else max(num_blocks, 1)
    shape = (min(part, num_blocks), width, num_lines, num_tiles)
    scratch = torch.empty((3, *shape), dtype=tiles.along.dtype, device=canvas.device)
    pixels = torch.empty(shape, dtype=torch.int64, device=canvas.device)
    steps = torch.arange(width, dtype=scratch.dtype, device=canvas.device)[:, None, None]
    map_ends = tiles.map_end.tolist()
    cleared = 0
    for first in range(0, num_blocks, part):
        some = Tiles(*(values[first : first + part] for values in tiles))
        size = len(some.pixel)
        values, pixels = _values_and_pixels(some, steps, scratch[:, :size], pixels[:size])
        if combine == "sum":  # what is drawn twice would count twice
            values.mul_((steps <= some.window) & ~some.is_repeat)
        canvas[cleared : map_ends[first + size - 1]].zero_()
        cleared = map_ends[first + size - 1]
        put_pixels(canvas, pixels, values, combine)
    canvas[cleared:].zero_()


def _values_and_pixels(
    tiles: Tiles, steps: Float[Tensor, "P 1 1"], scratch: Float[Tensor, "3 C P I B"], pixels: Int64[Tensor, "C P I B"]
) -> tuple[Float[Tensor, "C P I B"], Int64[Tensor, "C P I B"]]:
    """Height of the limb at every pixel of its tiles, and the pixels' flat indices; in the memory that is given."""
    step, along, across = scratch
    torch.minimum(steps, tiles.window, out=step)
    torch.addcmul(tiles.along, step, tiles.unit_v, out=along)
    nearest = torch.clamp(along, min=-tiles.half_length, max=tiles.half_length, out=across)
    beyond = along.sub_(nearest)  # how far before the limb's start or after its end
    torch.addcmul(tiles.across, step, tiles.unit_u, out=across)
    exponent = torch.addcmul(tiles.log_height, across, across, value=-1, out=across)
    values = exponent.addcmul_(beyond, beyond, value=-1).exp2_()
    pixels.copy_(step.mul_(tiles.step_v)).add_(tiles.pixel)
    return values, pixels
