"""Limbs as soft lines in a heatmap volume."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from posecube.representation.joint_volume import MIN_CONFIDENCE, check_shapes, cleared_volume


def render_limb_volume(
    keypoints_xy: Float[Tensor, "*N M T V 2"],
    confidence: Float[Tensor, "*N M T V"],
    *,
    limbs: Sequence[tuple[int, int]],
    size_hw: tuple[int, int],
    sigma_px: float = 0.6,
    out: Float[Tensor, "*N E T H W"] | None = None,
) -> Float[Tensor, "*N E T H W"]:
    """Draw each limb as a Gaussian of the distance to its segment; people share a channel by maximum.

    A limb is as high as its less confident end and is cut to its bounding rectangle widened by 3 sigma (truncated as in
    render_joint_volume). One shorter than a pixel is drawn as its first joint, with that joint's confidence.

    Args:
        limbs: Pairs of joint indices, one a channel.
        out: A contiguous buffer to reuse; every element is overwritten.

    Raises:
        ValueError: If sigma_px is not positive, a limb names a joint that is not there, or the shapes do not fit.

    Source: PoseConv3D section 3.2, equation 2; cut and short limbs follow the public code.
    """
    lead, num_people, num_frames, num_joints = check_shapes(keypoints_xy, confidence, sigma_px)
    if not limbs or not all(0 <= joint < num_joints for limb in limbs for joint in limb):
        raise ValueError(f"limbs must be pairs of joint indices below {num_joints}, got {list(limbs)}")
    out = cleared_volume(out, (*lead, len(limbs), num_frames, *size_hw), like=confidence)
    ends = torch.tensor(limbs, device=out.device)
    position = keypoints_xy.to(out.dtype).reshape(-1, num_people, num_frames, num_joints, 2)[..., ends, :]
    height = confidence.to(out.dtype).reshape(-1, num_people, num_frames, num_joints)[..., ends]

    seen = (height.amin(-1) >= MIN_CONFIDENCE).nonzero()  # rows of (batch, person, frame, limb)
    start, end, peak = _segments(position[tuple(seen.T)], height[tuple(seen.T)])
    plane = (seen[:, 0] * len(limbs) + seen[:, 3]) * num_frames + seen[:, 2]
    pixels, values = _draw(start, end, peak, plane, size_hw=size_hw, sigma_px=sigma_px)
    if num_people == 1:  # every limb has its own plane: nothing can meet
        out.view(-1).scatter_(0, pixels, values)
    else:
        out.view(-1).scatter_reduce_(0, pixels, values, "amax")
    return out


def _segments(
    position: Float[Tensor, "L 2 2"], height: Float[Tensor, "L 2"]
) -> tuple[Float[Tensor, "L 2"], Float[Tensor, "L 2"], Float[Tensor, " L"]]:
    """Start, end and peak of each limb; one shorter than a pixel shrinks to its start."""
    start, end = position.unbind(1)
    short = (end - start).square().sum(-1) < 1
    return start, torch.where(short[:, None], start, end), torch.where(short, height[:, 0], height.amin(-1))


def _draw(
    start: Float[Tensor, "L 2"],
    end: Float[Tensor, "L 2"],
    peak: Float[Tensor, " L"],
    plane: Tensor,
    *,
    size_hw: tuple[int, int],
    sigma_px: float,
) -> tuple[Tensor, Tensor]:
    """Flat pixel indices and values of all limbs' rectangles, one after the other.

    Rectangles are unrolled first to rows and then to pixels, so that what is constant along a row is computed once.
    """
    height, width = size_hw
    reach = 3 * sigma_px
    limit = torch.tensor([width, height], dtype=start.dtype, device=start.device)
    low, high = torch.minimum(start, end), torch.maximum(start, end)
    first = torch.trunc((low - reach).clamp(min=0)).minimum(limit).long()
    last = (torch.trunc((high + reach).clamp(min=-1)) + 1).minimum(limit).long()
    extent = (last - first).clamp_(min=0)

    limb, row = _unrolled(extent[:, 1] * (extent[:, 0] > 0))
    row += first[limb, 1]
    along = end - start
    along_unit = along / along.square().sum(-1, keepdim=True).clamp_(min=1e-12)
    offset_y = row.to(start.dtype) - start[limb, 1]
    from_start_x = (first[:, 0].to(start.dtype) - start[:, 0])[limb]
    share = offset_y * along_unit[limb, 1] + from_start_x * along_unit[limb, 0]
    constants = torch.stack(
        [from_start_x, offset_y, share, along_unit[limb, 0], along[limb, 0], along[limb, 1], peak[limb]], dim=1
    )
    row_start = (plane[limb] * height + row) * width + first[limb, 0]

    line, column = _unrolled(extent[limb, 0])
    from_start_x, offset_y, share, share_step, along_x, along_y, top = constants[line].unbind(1)
    column_px = column.to(start.dtype)
    share = torch.addcmul(share, share_step, column_px).clamp_(0, 1)  # nearest point of the segment, 0 start, 1 end
    distance_x = torch.addcmul(from_start_x + column_px, share, along_x, value=-1)
    distance_y = torch.addcmul(offset_y, share, along_y, value=-1)
    squared = distance_x.square_().addcmul_(distance_y, distance_y)
    return row_start[line] + column, squared.mul_(-0.5 / sigma_px**2).exp_().mul_(top)


def _unrolled(lengths: Tensor) -> tuple[Tensor, Tensor]:
    """For lengths (2, 0, 3): owners (0, 0, 2, 2, 2) and positions (0, 1, 0, 1, 2)."""
    owner = torch.repeat_interleave(torch.arange(len(lengths), device=lengths.device), lengths)
    position = torch.arange(len(owner), device=lengths.device) - (lengths.cumsum(0) - lengths)[owner]
    return owner, position
