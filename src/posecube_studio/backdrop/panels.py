"""What hangs on walls or is let into them: windows, doors, pictures, boards, books, radiators, lockers.

Each function gives a drawing over (right, up) from the panel's lower middle; sizes are metres.
"""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from posecube_studio.backdrop.pattern import Tone, edge, line, mix
from posecube_studio.backdrop.place import Colours, SurfaceNoise
from posecube_studio.backdrop.walls import Drawing
from posecube_studio.subject import linear

_BOOKS = np.array([linear(tone) for tone in (
    "7c2f2b", "2f4a63", "c9bfa9", "3f5a48", "8a6a3c", "43403e", "b7a488", "5b3a4d", "9aa3a6", "a85f3a", "27303f",
    "d8d2c4",
)], dtype=np.float32).T  # fmt: skip
_PAPERS = np.array([linear(tone) for tone in ("f1efe8", "e9e4d2", "dfe6ea", "eeeae0", "e6d9a8", "d6dfcf")],
                   dtype=np.float32).T  # fmt: skip


def framed(inner: Drawing, half_m: float, high_m: float, *, frame: Tone, frame_m: float, mat: Tone | None = None,
           mat_m: float = 0.05) -> Drawing:  # fmt: skip
    """A drawing in a frame, perhaps with a mat between."""

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        inside = np.minimum(half_m - np.abs(u), np.minimum(v, high_m - v))
        colour = inner(noise, u, v)
        if mat is not None:
            colour = mix(colour, mat, edge(frame_m + mat_m - inside))
        return mix(colour, frame, edge(frame_m - inside))

    return draw


def painting(ground: Tone, figure: Tone, accent: Tone, *, scale: float, shift: float) -> Drawing:
    """An abstract picture or a landscape seen from afar: soft fields of three tones."""

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        field = noise.at(u * scale + shift, v * scale * 1.4 + shift, octaves=2)
        colour = mix(ground, figure, (field - 0.45) * 7)
        return mix(colour, accent, (noise.at(u * scale * 1.7 - shift, v * scale * 2.0, octaves=2) - 0.62) * 9)

    return draw


def notice(half_m: float, high_m: float, *, paper: Tone, ink: Tone, heading: Tone, shift: float) -> Drawing:
    """A poster with a heading, a picture and lines of print."""

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        colour = mix(paper, paper, u * 0)
        down = (high_m - v) / high_m
        picture = mix(heading, ink, (noise.at(u * 7 + shift, v * 7, octaves=2) - 0.4) * 3)
        colour = np.where((down > 0.22) & (down < 0.6) & (np.abs(u) < 0.78 * half_m), picture, colour)
        row = np.floor(v / 0.035)
        printed = ((v / 0.035) % 1 < 0.45) & (np.abs(u) < half_m * (0.55 + 0.25 * noise.cell(row, row + 5)))
        colour = mix(colour, ink, 0.55 * (printed & (down > 0.66) & (down < 0.94)))
        return np.asarray(mix(colour, heading, (down < 0.17) & (down > 0.05) & (np.abs(u) < 0.8 * half_m)))

    return draw


def window(
    half_m: float, high_m: float, *, panes: int, sky: Tone, trees: Tone, frame: Tone, strength: float
) -> Drawing:
    """A window onto a bright, blurred outside.

    Args:
        strength: Of the light outside; above 1 it is overexposed as windows are on video.
    """

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        skyline = high_m * (0.30 + 0.25 * noise.at(u * 1.7, u * 0 + 9, octaves=2))
        outside = mix(mix(sky, "ffffff", 1 - v / high_m), trees, edge(skyline - v, 0.08) * 0.8)
        across = (u + half_m) / (2 * half_m) * panes
        bar = np.abs(across - np.round(across)) * (2 * half_m / panes)
        border = np.minimum(np.minimum(bar, v), high_m - v)
        return mix(np.minimum(outside * np.float32(strength), np.float32(1.35)), frame, edge(0.035 - border))

    return draw


def blinds(behind: Drawing, *, slat: Tone, down_to_m: float, pitch_m: float = 0.07) -> Drawing:
    """A drawing with a venetian blind let down to some height."""

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        shade = 0.72 + 0.28 * np.abs(np.sin(v * (np.pi / pitch_m)))
        return mix(behind(noise, u, v), mix(slat, slat, u * 0) * shade.astype(np.float32), edge(v - down_to_m) * 0.94)

    return draw


def curtained(behind: Drawing, *, half_m: float, cloth: Tone, drawn: float) -> Drawing:
    """A drawing with a curtain at each end.

    Args:
        drawn: Share of the width that they cover.
    """

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        fold = 0.80 + 0.20 * np.sin(u * 46 + 2 * noise.at(u * 3, v * 0.5)) * np.sin(u * 17 + 1)
        hanging = mix(cloth, cloth, u * 0) * fold.astype(np.float32)
        return mix(behind(noise, u, v), hanging, edge(np.abs(u) - half_m * (1 - drawn), 0.02))

    return draw


def door(half_m: float, high_m: float, *, leaf: Tone, frame: Tone, glazed: bool, handle: int) -> Drawing:
    """A door in its frame, with a slit of glass or with two recessed fields; the handle is at -1 left or +1 right."""

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        colour = mix(leaf, leaf, u * 0) * (0.96 + 0.08 * noise.at(u * 25, v * 1.2)).astype(np.float32)
        if glazed:
            pane = np.minimum(0.08 - np.abs(u - handle * half_m * 0.45), np.minimum(v - 0.9, high_m - 0.25 - v))
            colour = mix(colour, mix("39424a", "8c9aa3", v / high_m), edge(pane))
        else:
            for low, high in ((0.15, 0.9), (1.05, high_m - 0.2)):
                field = np.minimum(half_m * 0.62 - np.abs(u), np.minimum(v - low, high - v))
                colour = colour * (1 - 0.22 * line(field, 0.012, 0.008)).astype(np.float32)
        knob = np.hypot(u - handle * (half_m - 0.14), v - 1.03)
        colour = mix(colour, "8b8d90", edge(0.035 - knob))
        border = np.minimum(half_m - np.abs(u), high_m - v)
        colour = mix(colour, "3a3734", line(border - 0.065, 0.006))
        return mix(colour, frame, edge(0.06 - border))

    return draw


def written_board(half_m: float, high_m: float, *, ground: Tone, ink: Tone, amount: float, shift: float) -> Drawing:
    """A white or green board, wiped and half covered with writing."""

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        colour = mix(ground, ink, 0.12 * noise.at(u * 1.5 + shift, v * 2.5, octaves=2))
        row = np.floor(v / 0.11)
        stroke = noise.at(u * 38 + row * 7, v * 26 + shift) > 0.56
        until = half_m * (2 * noise.cell(row + shift, row * 0 + 3) - 1) * 1.6
        written = stroke & ((v / 0.11) % 1 < 0.5) & (u < until) & (u > -half_m * 0.9)
        block = noise.at(u * 0.9 + shift, v * 0.0 + shift) < amount
        return mix(colour, ink, 0.75 * (written & block & (v > 0.12) & (v < high_m - 0.1)))

    return framed(draw, half_m, high_m, frame="a9adb0", frame_m=0.025)


def pinned_papers(half_m: float, high_m: float, *, ground: Tone, share: float, shift: float) -> Drawing:
    """A cork or felt board with sheets pinned to it."""

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        cork = mix(ground, "6f5436", 0.25 * noise.at(u * 90, v * 90))
        column, row = np.floor(u / 0.27), np.floor(v / 0.34)
        x, y = u / 0.27 - column - 0.5, v / 0.34 - row - 0.5
        first, second = noise.cell(column + shift, row), noise.cell(column, row + 40 + shift)
        sheet = np.maximum(np.abs(x - 0.14 * (second - 0.5)) - 0.30 - 0.12 * first, np.abs(y) - 0.26 - 0.18 * second)
        paper = _PAPERS[:, (first * 97).astype(np.int32) % _PAPERS.shape[1]]
        printed = ((v / 0.028) % 1 < 0.4) & (np.abs(x) < 0.28) & (np.abs(y) < 0.30)
        paper = mix(paper, "55585c", 0.45 * printed)
        return mix(cork, paper, (sheet < 0) & (second < share))

    return framed(draw, half_m, high_m, frame="a88a5e", frame_m=0.03)


def books(shelf_m: float, *, back: Tone, full: float, shift: float) -> Drawing:
    """Rows of books before a back; boards between them are solids.

    Args:
        shelf_m: Height of one shelf.
        full: Share of the places that hold a book.
    """

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        row = np.floor(v / shelf_m)
        place = (u + 0.013 * np.sin(u * 23 + row)) / 0.042 + shift
        column = np.floor(place)
        kind, size = noise.cell(column, row + 60), noise.cell(column + 90, row)
        high = shelf_m * (0.52 + 0.34 * size)
        spine = _BOOKS[:, (kind * 131).astype(np.int32) % _BOOKS.shape[1]]
        rounding = (1 - 0.45 * np.abs(2 * (place - column) - 1) ** 3).astype(np.float32)
        gap = noise.at(column * 0.23, row * 3.1)  # neighbours go together, so that gaps are wide
        standing = (v - row * shelf_m < high) & (gap < full)
        return mix(back, spine * rounding, standing)

    return draw


def radiator(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
    """Ribs of enamelled steel."""
    rib = 0.74 + 0.26 * np.abs(np.sin(u * 38))
    return mix("d9d7d0", "d9d7d0", u * 0) * rib.astype(np.float32)


def lockers(high_m: float, *, tone: Tone, wide_m: float = 0.32) -> Drawing:
    """Sheet steel doors side by side, with slits at the top."""

    def draw(noise: SurfaceNoise, u: ndarray, v: ndarray) -> Colours:
        column = np.floor(u / wide_m)
        x = u - (column + np.float32(0.5)) * np.float32(wide_m)
        colour = mix(tone, tone, u * 0) * (0.94 + 0.10 * noise.cell(column, column + 3)).astype(np.float32)
        slit = ((v / 0.035) % 1 < 0.4) & (np.abs(x) < 0.08) & (v > high_m - 0.32) & (v < high_m - 0.15)
        colour = colour * (1 - 0.5 * slit).astype(np.float32)
        colour = mix(colour, "2c2e31", edge(0.018 - np.hypot(x - 0.1, v - high_m * 0.55)))
        return colour * (1 - 0.6 * edge(np.abs(x) - wide_m / 2 + 0.006)).astype(np.float32)

    return draw
