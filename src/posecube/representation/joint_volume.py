"""Joints as Gaussian spots in a heatmap volume."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor

MIN_CONFIDENCE = 1e-4  # below this MMAction2 draws nothing


def render_joint_volume(
    keypoints_xy: Float[Tensor, "*N M T V 2"],
    confidence: Float[Tensor, "*N M T V"],
    *,
    size_hw: tuple[int, int],
    sigma_px: float = 0.6,
    out: Float[Tensor, "*N V T H W"] | None = None,
) -> Float[Tensor, "*N V T H W"]:
    """Draw each joint as a Gaussian spot; people share a channel by maximum.

    Coordinates are heatmap pixels, a whole number is a pixel's centre: a joint at (3.0, 5.0) peaks at volume[..., 5, 3].
    A spot is cut to the pixels from int(centre - 3 sigma) to int(centre + 3 sigma), truncated toward zero, so that
    published weights see what they were trained on. The work grows with the number of joints, not with the map's size,
    but for the clearing of the map.

    Args:
        confidence: Height of the spot, in [0, 1]; 0 means the joint was not seen and draws nothing.
        sigma_px: Spread in heatmap pixels, not frame pixels.
        out: A contiguous buffer to reuse; every element is overwritten. Touching fresh memory costs more than drawing.

    Raises:
        ValueError: If sigma_px is not positive, or the shapes do not fit.

    Source: PoseConv3D section 3.2, equation 1; the cut follows the public code.
    """
    lead, num_people, num_frames, num_joints = check_shapes(keypoints_xy, confidence, sigma_px)
    out = cleared_volume(out, (*lead, num_joints, num_frames, *size_hw), like=confidence)
    centre = keypoints_xy.to(out.dtype).reshape(-1, num_people, num_frames, num_joints, 2)
    height = confidence.to(out.dtype).reshape(-1, num_people, num_frames, num_joints)
    height = torch.where(height >= MIN_CONFIDENCE, height, 0)
    centre = torch.where(height[..., None] > 0, centre, 0)

    column, across = _spot_along_axis(centre[..., 0], size_hw[1], sigma_px)
    row, down = _spot_along_axis(centre[..., 1], size_hw[0], sigma_px)
    spots = (down * height[..., None])[..., :, None] * across[..., None, :]

    batch = torch.arange(centre.shape[0], device=out.device)[:, None, None, None]
    frame = torch.arange(num_frames, device=out.device)[:, None]
    joint = torch.arange(num_joints, device=out.device)
    plane = (batch * num_joints + joint) * num_frames + frame  # N 1 T V
    corner = (plane * size_hw[0] + row[..., 0]) * size_hw[1] + column[..., 0]
    step_down = torch.arange(row.shape[-1], device=out.device)[:, None] * size_hw[1]
    step_across = torch.arange(column.shape[-1], device=out.device)
    pixels = corner[..., None, None] + (step_down + step_across)
    if num_people == 1:  # every spot has its own plane: nothing can meet
        out.view(-1).scatter_(0, pixels.reshape(-1), spots.reshape(-1))
    else:
        out.view(-1).scatter_reduce_(0, pixels.reshape(-1), spots.reshape(-1), "amax")
    return out


def _spot_along_axis(
    centre: Float[Tensor, "N M T V"], size: int, sigma_px: float
) -> tuple[Tensor, Float[Tensor, "N M T V P"]]:
    """Pixels and one-dimensional Gaussian of each spot along an axis, as windows that lie inside the map.

    The published interval [first, last) is at most P wide; the window of P pixels is shifted into the map and the
    pixels outside the interval get 0, so no index has to be thrown away.
    """
    width = min(size, math.floor(6 * sigma_px) + 2)
    reach = 3 * sigma_px
    centre = centre.clamp(-2 * reach - 2, size + 2 * reach + 2)  # far outside draws nothing, wherever it is
    first = torch.trunc(centre - reach).clamp_(min=0)
    last = (torch.trunc(centre + reach) + 1).clamp_(max=size)
    pixels = first.clamp(max=size - width)[..., None] + torch.arange(width, device=centre.device, dtype=centre.dtype)
    inside = (pixels >= first[..., None]) & (pixels < last[..., None])
    spot = torch.exp((pixels - centre[..., None]).square_().mul_(-0.5 / sigma_px**2)).mul_(inside)
    return pixels.long(), spot


def check_shapes(
    keypoints_xy: Tensor, confidence: Tensor, sigma_px: float
) -> tuple[tuple[int, ...], int, int, int]:
    """The leading sizes, people, frames and joints of a batch.

    Raises:
        ValueError: If sigma_px is not positive, or the shapes do not fit.
    """
    if sigma_px <= 0:
        raise ValueError(f"sigma_px must be above 0, got {sigma_px}")
    if keypoints_xy.shape[-1:] != (2,) or confidence.ndim < 3 or keypoints_xy.shape[:-1] != confidence.shape:
        raise ValueError(
            "expected keypoints (..., M, T, V, 2) and confidence (..., M, T, V), "
            f"got {tuple(keypoints_xy.shape)} and {tuple(confidence.shape)}"
        )
    *lead, num_people, num_frames, num_joints = confidence.shape
    return tuple(lead), num_people, num_frames, num_joints


def cleared_volume(out: Tensor | None, shape: tuple[int, ...], *, like: Tensor) -> Tensor:
    """The given buffer set to 0, or a new one of the dtype and device of ``like``.

    Raises:
        ValueError: If the buffer is not contiguous or of another shape.
    """
    if out is None:
        dtype = like.dtype if like.dtype.is_floating_point else torch.float32
        return torch.zeros(shape, dtype=dtype, device=like.device)
    if tuple(out.shape) != shape or not out.is_contiguous():
        raise ValueError(f"out must be contiguous and of shape {shape}, got {tuple(out.shape)}")
    return out.zero_()
