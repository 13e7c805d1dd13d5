"""Limbs as soft lines in a heatmap volume."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from posecube.errors import UserError
from posecube.representation.buffers import (
    MIN_CONFIDENCE,
    Combine,
    check_shapes,
    people_last,
    put_pixels,
    volume_buffer,
)
from posecube.representation.limb_tiles import (
    COUNTED_PIXELS,
    Segments,
    Tiles,
    along_steeper_axis,
    cut_tiles,
    window_width,
)

PART_BYTES = 32 << 20  # of maps whose limbs a processor cuts at once: each operation has its price beside its numbers
SCRATCH_BLOCKS = 36  # drawn at once: 150,000 pixels stay in its cache


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
    mirrored: bool = False,
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
        mirrored: Draw the volume's mirror image, pixel W - 1 - x in place of x; see render_joint_volume.

    Raises:
        UserError: If sigma_px is not positive, a limb names a joint that is not there, or the shapes do not fit.

    Source: PoseConv3D section 3.2, equation 2; cut and short limbs follow the public code. Pixels farther than 5 sigma
        from the segment are left out, where the public code has values up to 4e-6.
    """
    lead, num_people, num_frames, num_joints = check_shapes(keypoints_xy, confidence, sigma_px)
    if not limbs or not all(0 <= joint < num_joints for limb in limbs for joint in limb):
        raise UserError(f"limbs must be pairs of joint indices below {num_joints}, got {list(limbs)}")
    out = volume_buffer(out, (*lead, len(limbs), num_frames, *size_hw), like=confidence)
    joints = people_last(keypoints_xy, confidence, dtype=out.dtype, min_confidence=min_confidence)
    segments = along_steeper_axis(*joints, limbs=limbs, size_hw=size_hw, sigma_px=sigma_px, mirrored=mirrored)
    _draw(
        out.view(-1, size_hw[0] * size_hw[1]),
        segments,
        first_pixel=size_hw[1] - 1 if mirrored else 0,
        sigma_px=sigma_px,
        combine=combine if num_people > 1 else None,
    )
    return out


def _draw(
    maps: Float[Tensor, "Q P"], segments: Segments, *, first_pixel: int, sigma_px: float, combine: Combine | None
) -> None:
    """Clear the maps and draw their limbs, part after part.

    Args:
        first_pixel: Flat index of row 0, column 0 within a map.
    """
    num_maps, map_size = maps.shape
    num_people = len(segments.log_height) // max(num_maps, 1)
    on_processor = maps.device.type == "cpu"
    part = PART_BYTES // (map_size * maps.element_size()) if on_processor else COUNTED_PIXELS // map_size
    part = max(part, 1)
    scratch = _Scratch(window_width(sigma_px), like=segments.log_height)
    for first in range(0, num_maps, part):
        flat = maps[first : first + part].zero_().view(-1)
        some = segments.part(first * num_people, (first + part) * num_people)
        tiles = cut_tiles(some, num_people=num_people, map_size=map_size, first_pixel=first_pixel, sigma_px=sigma_px)
        for blocks in tiles.parts(SCRATCH_BLOCKS if on_processor else len(tiles.pixel)):
            values, pixels = scratch.values_and_pixels(blocks)
            if combine == "sum":  # what is drawn twice would count twice
                values.mul_((scratch.steps <= blocks.window) & ~blocks.is_repeat)
            put_pixels(flat, pixels, values, combine)


class _Scratch:
    """What is computed for each pixel, in memory that is used again and again: fresh memory costs more than computing.

    Args:
        width: Pixels of each line's window.
        like: Gives type and device.
    """

    def __init__(self, width: int, *, like: Tensor) -> None:
        self.steps = torch.arange(width, dtype=like.dtype, device=like.device)[:, None, None]
        self._numbers = like.new_empty(0)
        self._pixels = like.new_empty(0, dtype=torch.int64)

    def values_and_pixels(self, tiles: Tiles) -> tuple[Float[Tensor, "C P I B"], Int64[Tensor, "C P I B"]]:
        """Height of the limb at every pixel of its tiles, and the pixels' flat indices."""
        step, along, across, pixels = self._memory(len(tiles.pixel), tiles.pixel.shape[2:])
        torch.minimum(self.steps, tiles.window, out=step)
        torch.addcmul(tiles.along, step, tiles.unit_v, out=along)
        nearest = torch.clamp(along, min=-tiles.half_length, max=tiles.half_length, out=across)
        beyond = along.sub_(nearest)  # how far before the limb's start or after its end
        torch.addcmul(tiles.across, step, tiles.unit_u, out=across)
        exponent = torch.addcmul(tiles.log_height, across, across, value=-1, out=across)
        values = exponent.addcmul_(beyond, beyond, value=-1).exp2_()
        return values, pixels.copy_(torch.addcmul(tiles.pixel, step, tiles.step_v, out=step))

    def _memory(self, num_blocks: int, block: Sequence[int]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        shape = (num_blocks, len(self.steps), *block)
        size = math.prod(shape)
        if self._pixels.numel() < size:
            self._numbers, self._pixels = self._numbers.new_empty(3 * size), self._pixels.new_empty(size)
        step, along, across = self._numbers[: 3 * size].view(3, *shape)
        return step, along, across, self._pixels[:size].view(shape)
