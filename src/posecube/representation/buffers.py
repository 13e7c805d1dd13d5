"""What drawing joints and drawing limbs share: checked shapes, the buffer, and putting pixels into it."""

from __future__ import annotations

from typing import Literal

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from posecube.errors import UserError

MIN_CONFIDENCE = 1e-4  # below this MMAction2 draws nothing; pyskl's threshold is 1e-3
CACHED_BYTES = 8 << 20  # a part of a volume that stays in a processor's cache between its clearing and its drawing
Combine = Literal["max", "sum"]


def check_shapes(keypoints_xy: Tensor, confidence: Tensor, sigma_px: float) -> tuple[tuple[int, ...], int, int, int]:
    """The leading sizes, people, frames and joints of a batch.

    Raises:
        UserError: If sigma_px is not positive, or the shapes do not fit.
    """
    if not sigma_px > 0:
        raise UserError(f"sigma_px must be above 0, got {sigma_px}")
    if keypoints_xy.shape[-1:] != (2,) or confidence.ndim < 3 or keypoints_xy.shape[:-1] != confidence.shape:
        raise UserError(
            "expected keypoints (..., M, T, V, 2) and confidence (..., M, T, V), "
            f"got {tuple(keypoints_xy.shape)} and {tuple(confidence.shape)}"
        )
    *lead, num_people, num_frames, num_joints = confidence.shape
    return tuple(lead), num_people, num_frames, num_joints


def volume_buffer(out: Tensor | None, shape: tuple[int, ...], *, like: Tensor) -> Tensor:
    """The given buffer, or a new one of the dtype and device of ``like``; what it holds means nothing.

    Raises:
        UserError: If the buffer is not contiguous, of another shape or on another device.
    """
    if out is None:
        dtype = like.dtype if like.dtype.is_floating_point else torch.float32
        return torch.empty(shape, dtype=dtype, device=like.device)
    if tuple(out.shape) != shape or not out.is_contiguous():
        raise UserError(f"out must be contiguous and of shape {shape}, got {tuple(out.shape)}")
    if out.device != like.device or not out.dtype.is_floating_point:
        raise UserError(f"out must hold real numbers on {like.device}, got {out.dtype} on {out.device}")
    return out


def people_last(
    keypoints_xy: Float[Tensor, "*N M T V 2"],
    confidence: Float[Tensor, "*N M T V"],
    *,
    dtype: torch.dtype,
    min_confidence: float,
) -> tuple[Float[Tensor, "N V T M"], Float[Tensor, "N V T M"], Float[Tensor, "N V T M"]]:
    """Column, row and confidence of every joint, in the order in which the volume lies in memory.

    A joint that is not seen, or nowhere, gets confidence 0 and lies at (0, 0): its coordinates may be anything.

    Args:
        dtype: Type of the volume. The arithmetic is at least of single precision.
    """
    num_people, num_frames, num_joints = confidence.shape[-3:]
    working = torch.float64 if dtype == torch.float64 else torch.float32
    height = confidence.reshape(-1, num_people, num_frames, num_joints).permute(0, 3, 2, 1).to(working).contiguous()
    coordinates = keypoints_xy.reshape(-1, num_people, num_frames, num_joints, 2).permute(4, 0, 3, 2, 1).to(working)
    coordinates = coordinates.contiguous()
    height = torch.where((height >= min_confidence) & coordinates.isfinite().all(0), height, 0.0)
    coordinates = torch.where(height > 0, coordinates, 0.0)
    return coordinates[0], coordinates[1], height


def precise(coordinates: Float[Tensor, "*P"]) -> Float[Tensor, "*P"]:
    """In double precision, where the device has it: a Gaussian's cut must fall on the published pixel."""
    return coordinates if coordinates.device.type == "mps" else coordinates.double()


def put_pixels(
    volume: Float[Tensor, " L"], pixels: Int64[Tensor, "*P"], values: Float[Tensor, "*P"], combine: Combine | None
) -> None:
    """Write values into a flat volume.

    Args:
        combine: How values that meet on one pixel are combined; None says that those which do are equal, and is faster.
    """
    pixels, values = pixels.reshape(-1), values.reshape(-1).to(volume.dtype)
    if combine is None:
        volume.scatter_(0, pixels, values)
    elif combine == "max":
        volume.scatter_reduce_(0, pixels, values, "amax")
    else:
        volume.scatter_add_(0, pixels, values)
