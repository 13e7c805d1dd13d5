"""Limbs cut into tiles: which pixels near each segment are drawn, and what is constant among them.

Each limb is seen along its steeper axis: ``u`` counts lines (rows of a steep limb, columns of a flat one), ``v`` counts
pixels within a line. Every line has a window of the same few pixels about the segment. Lines come in tiles and tiles in
blocks, so that arithmetic runs over long rows of numbers and nothing is spent on the empty rest of the map.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from posecube.representation.buffers import precise

REACH_SIGMA = 5.0  # farther from the segment than this a Gaussian is below 4e-6 and left out
TILE_LINES = 4
BLOCK_TILES = 128  # as many numbers lie side by side; their maps fill half a megabyte, which a processor keeps at hand
COUNTED_PIXELS = 1 << 24  # as far as single precision counts


class Segments(NamedTuple):
    """The L limbs of a batch in the order of their maps in memory; coordinates in pixels.

    Lengths are in units in which a Gaussian is 2 ** -(distance ** 2).
    """

    middle_u: Float[Tensor, " L"]  # the limb's middle, from which rounding errors at both ends are least
    middle_v: Float[Tensor, " L"]
    reach_v: Float[Tensor, " L"]  # where the middle's line comes within reach of the segment
    slope: Float[Tensor, " L"]  # pixels along v from one line to the next
    unit_u: Float[Tensor, " L"]  # length of a pixel's step along u and v, seen along the limb
    unit_v: Float[Tensor, " L"]
    half_length: Float[Tensor, " L"]
    log_height: Float[Tensor, " L"]  # to the base 2; minus infinity where nothing is drawn
    first_u: Float[Tensor, " L"]  # the rectangle it is cut to, both ends included; empty where last < first
    last_u: Float[Tensor, " L"]
    first_v: Float[Tensor, " L"]
    last_v: Float[Tensor, " L"]
    step_u: Float[Tensor, " L"]  # distance of neighbours along u and v in the flat map
    step_v: Float[Tensor, " L"]

    def part(self, first: int, last: int) -> Segments:
        """The limbs from the first to before the last."""
        return Segments(*(values[first:last] for values in self))


class Tiles(NamedTuple):
    """C blocks of B tiles of I lines, in the units of Segments."""

    along: Float[Tensor, "C 1 I B"]  # the window's first pixel from the limb's middle, along the limb and across it
    across: Float[Tensor, "C 1 I B"]
    unit_u: Float[Tensor, "C 1 1 B"]
    unit_v: Float[Tensor, "C 1 1 B"]
    half_length: Float[Tensor, "C 1 1 B"]
    log_height: Float[Tensor, "C 1 1 B"]
    pixel: Float[Tensor, "C 1 I B"]  # flat index of the window's first pixel
    step_v: Float[Tensor, "C 1 1 B"]
    window: Float[Tensor, "C 1 I B"]  # last pixel of the window within the rectangle; those after it repeat it
    is_repeat: Bool[Tensor, "C 1 I B"]  # lines after a limb's last one repeat it, to fill the tile

    def parts(self, num_blocks: int) -> Iterator[Tiles]:
        """So many blocks at a time."""
        for first in range(0, len(self.pixel), num_blocks or 1):
            yield Tiles(*(values[first : first + num_blocks] for values in self))


def along_steeper_axis(
    x: Float[Tensor, "N V T M"],
    y: Float[Tensor, "N V T M"],
    confidence: Float[Tensor, "N V T M"],
    *,
    limbs: Sequence[tuple[int, int]],
    size_hw: tuple[int, int],
    sigma_px: float,
    mirrored: bool,
) -> Segments:
    """The segment of each limb, seen along its steeper axis.

    A limb shorter than a pixel shrinks to its first joint and has its height.

    Args:
        mirrored: Whether columns lie in memory from right to left.
    """
    first, last = torch.tensor(limbs, device=x.device).unbind(1)
    start_x, start_y, start_height = (values.index_select(1, first).view(-1) for values in (x, y, confidence))
    end_x, end_y, end_height = (values.index_select(1, last).view(-1) for values in (x, y, confidence))
    short = (end_x - start_x).square() + (end_y - start_y).square() < 1
    end_x, end_y = torch.where(short, start_x, end_x), torch.where(short, start_y, end_y)
    height = torch.minimum(start_height, end_height)
    height = torch.where(short & (height > 0), start_height, height)

    steep = (end_y - start_y).abs() >= (end_x - start_x).abs()
    start_u, start_v = torch.where(steep, start_y, start_x), torch.where(steep, start_x, start_y)
    end_u, end_v = torch.where(steep, end_y, end_x), torch.where(steep, end_x, end_y)
    along_u, along_v = end_u - start_u, end_v - start_v
    rows, columns = float(size_hw[0]), float(size_hw[1])
    first_u, last_u = _extent(start_u, end_u, torch.where(steep, rows, columns), sigma_px)
    first_v, last_v = _extent(start_v, end_v, torch.where(steep, columns, rows), sigma_px)
    next_column = -1.0 if mirrored else 1.0
    length = torch.hypot(along_u, along_v)
    unit_u, unit_v = torch.where(short, 1.0, along_u / length), torch.where(short, 0.0, along_v / length)
    middle_u, middle_v = start_u + along_u / 2, start_v + along_v / 2
    scale = math.sqrt(0.5 * math.log2(math.e)) / sigma_px
    return Segments(
        middle_u, middle_v, middle_v - REACH_SIGMA * sigma_px / unit_u.abs(), unit_v / unit_u,
        unit_u * scale, unit_v * scale, length / 2 * scale, height.log2(),
        first_u, last_u, first_v, last_v,
        step_u=torch.where(steep, columns, next_column), step_v=torch.where(steep, next_column, columns),
    )  # fmt: skip


def _extent(
    start: Float[Tensor, " L"], end: Float[Tensor, " L"], size: Float[Tensor, " L"], sigma_px: float
) -> tuple[Float[Tensor, " L"], Float[Tensor, " L"]]:
    """First and last pixel of the rectangles along an axis; the last lies before the first where they are empty."""
    reach = 3 * sigma_px
    first = torch.trunc((precise(torch.minimum(start, end)) - reach).clamp_(min=0))
    last = torch.trunc((precise(torch.maximum(start, end)) + reach).clamp_(min=-1))
    return first.to(size.dtype), torch.minimum(last.to(size.dtype), size - 1)


def window_width(sigma_px: float) -> int:
    """Pixels of a line that can lie within reach of a segment; most at 45 degrees."""
    return math.floor(2 * REACH_SIGMA * sigma_px * math.sqrt(2)) + 1


def cut_tiles(segments: Segments, *, num_people: int, map_size: int, first_pixel: int, sigma_px: float) -> Tiles:
    """Unroll limbs to tiles.

    What does not fill a tile or a block, or lies outside a limb's rectangle, repeats the nearest pixel within it: a
    pixel that is drawn twice with one value needs no mask.

    Args:
        num_people: Segments that follow each other and share a map.
        map_size: Pixels of a map; all maps together have at most COUNTED_PIXELS.
        first_pixel: Flat index of row 0, column 0 within a map.
    """
    lines = segments.last_u - segments.first_u + 1
    is_drawn = segments.log_height.isfinite() & (segments.last_v >= segments.first_v)
    num_tiles = torch.where(is_drawn, torch.ceil(lines / TILE_LINES).clamp_(min=0), 0.0).long()
    owner = torch.repeat_interleave(num_tiles)
    owner = torch.cat([owner, owner[-1:].expand(-len(owner) % BLOCK_TILES)])
    place = torch.arange(len(owner), device=owner.device) - (num_tiles.cumsum(0) - num_tiles).index_select(0, owner)

    by_block = (-1, 1, 1, BLOCK_TILES)
    tile = Segments(*(values.index_select(0, owner).view(by_block) for values in segments))
    lines_of_tile = torch.arange(TILE_LINES, device=owner.device, dtype=lines.dtype)[:, None]
    line = tile.first_u + place.view(by_block) * float(TILE_LINES) + lines_of_tile
    is_repeat = line > tile.last_u
    line = torch.minimum(line, tile.last_u)
    from_middle_u = line - tile.middle_u
    first = torch.addcmul(tile.reach_v, from_middle_u, tile.slope).ceil_()
    first = torch.minimum(torch.maximum(first, tile.first_v), tile.last_v)
    from_middle_v = first - tile.middle_v
    map_start = owner.div(num_people, rounding_mode="floor") * map_size + first_pixel
    return Tiles(
        along=torch.addcmul(from_middle_u * tile.unit_u, from_middle_v, tile.unit_v),
        across=torch.addcmul(from_middle_v * tile.unit_u, from_middle_u, tile.unit_v, value=-1),
        unit_u=tile.unit_u,
        unit_v=tile.unit_v,
        half_length=tile.half_length,
        log_height=tile.log_height,
        pixel=torch.addcmul(line * tile.step_u, first, tile.step_v).add_(map_start.view(by_block)),
        step_v=tile.step_v,
        window=tile.last_v - first,
        is_repeat=is_repeat,
    )
