"""Joints as Gaussian spots in a heatmap volume."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from posecube.representation.buffers import (
    CACHED_BYTES,
    MIN_CONFIDENCE,
    Combine,
    check_shapes,
    people_last,
    precise,
    put_pixels,
    volume_buffer,
)


def render_joint_volume(
    keypoints_xy: Float[Tensor, "*N M T V 2"],
    confidence: Float[Tensor, "*N M T V"],
    *,
    size_hw: tuple[int, int],
    sigma_px: float = 0.6,
    out: Float[Tensor, "*N V T H W"] | None = None,
    combine: Combine = "max",
    min_confidence: float = MIN_CONFIDENCE,
    mirrored: bool = False,
) -> Float[Tensor, "*N V T H W"]:
    """Draw each joint as a Gaussian spot; people share a channel by maximum.

    Coordinates are heatmap pixels, a whole number is a pixel's centre: a joint at (3, 5) peaks at volume[..., 5, 3].
    A spot is cut to the pixels from int(centre - 3 sigma) to int(centre + 3 sigma), truncated toward zero, so that
    published weights see what they were trained on. The work grows with the number of joints, not with the map's size,
    but for the clearing of the map.

    Args:
        confidence: Height of the spot, in [0, 1]; 0 means the joint was not seen and draws nothing.
        sigma_px: Spread in heatmap pixels, not frame pixels.
        out: A contiguous buffer to reuse; every element is overwritten. Touching fresh memory costs more than drawing.
        combine: "sum" adds people up, as the paper's text has it; published weights were trained with "max".
        min_confidence: Joints below it draw nothing. The default is MMAction2's, pyskl's is 1e-3.
        mirrored: Draw the volume's mirror image, pixel W - 1 - x in place of x. Mirrored joints do not: the cut
            truncates toward zero, so their spots end elsewhere. Left and right channels stay as they are.

    Raises:
        UserError: If sigma_px is not positive, or the shapes do not fit.

    Source: PoseConv3D section 3.2, equation 1; the cut follows the public code.
    """
    lead, num_people, num_frames, num_joints = check_shapes(keypoints_xy, confidence, sigma_px)
    out = volume_buffer(out, (*lead, num_joints, num_frames, *size_hw), like=confidence)
    x, y, height = people_last(keypoints_xy, confidence, dtype=out.dtype, min_confidence=min_confidence)
    by_channel = (-1, num_frames * num_people)  # the long axis last, where arithmetic is fast
    column, across = _spot_along_axis(x.reshape(by_channel), size_hw[1], sigma_px)
    row, down = _spot_along_axis(y.reshape(by_channel), size_hw[0], sigma_px)
    if mirrored:
        column, across = size_hw[1] - across.shape[1] - column, across.flip(1)
    down = down * height.reshape(by_channel)[:, None]

    plane = torch.arange(num_frames, device=out.device).repeat_interleave(num_people)
    corner = (plane * size_hw[0] + row) * size_hw[1] + column
    _draw(
        out.view(len(corner), num_frames, *size_hw), corner, down, across, combine=combine if num_people > 1 else None
    )
    return out


def _spot_along_axis(
    centre: Float[Tensor, "C S"], size: int, sigma_px: float
) -> tuple[Int64[Tensor, "C S"], Float[Tensor, "C P S"]]:
    """First pixel and one-dimensional Gaussian of each spot along an axis, as windows that lie inside the map.

    The published interval [first, last) is at most P wide; the window of P pixels is shifted into the map and the
    pixels outside the interval get 0, so no index has to be thrown away.
    """
    width = min(size, math.floor(6 * sigma_px) + 2)
    reach = 3 * sigma_px
    centre = centre.clamp(-2 * reach - 2, size + 2 * reach + 2)  # far outside draws nothing, wherever it is
    first = torch.trunc(precise(centre) - reach).clamp_(min=0).to(centre.dtype)
    last = (torch.trunc(precise(centre) + reach) + 1).clamp_(max=size).to(centre.dtype)
    window = first.clamp(max=size - width)
    pixels = window[:, None] + torch.arange(width, device=centre.device, dtype=centre.dtype)[:, None]
    inside = (pixels >= first[:, None]) & (pixels < last[:, None])
    spot = torch.exp((pixels - centre[:, None]).square_().mul_(-0.5 / sigma_px**2)).mul_(inside)
    return window.long(), spot


def _draw(
    maps: Float[Tensor, "C T H W"],
    corner: Int64[Tensor, "C S"],
    down: Float[Tensor, "C P S"],
    across: Float[Tensor, "C Q S"],
    *,
    combine: Combine | None,
) -> None:
    """Clear the maps and put the outer products of both profiles at their corners, a cacheful of channels at a time.

    Args:
        corner: Flat index of each spot's first pixel within its channel.
    """
    num_channels, width = len(maps), maps.shape[-1]
    channel_size = math.prod(maps.shape[1:])
    part = max(num_channels, 1)
    if maps.device.type == "cpu":
        part = max(1, CACHED_BYTES // max(channel_size * maps.element_size(), 1))
    steps = torch.arange(down.shape[1], device=maps.device)[:, None] * width
    steps = steps + torch.arange(across.shape[1], device=maps.device)
    channels = torch.arange(min(part, num_channels), device=maps.device)[:, None] * channel_size
    for first in range(0, num_channels, part):
        some = slice(first, first + part)
        flat = maps[some].zero_().view(-1)
        spots = down[some, :, None] * across[some, None]
        pixels = (corner[some] + channels[: len(spots)])[:, None, None] + steps[..., None]
        put_pixels(flat, pixels, spots, combine)
