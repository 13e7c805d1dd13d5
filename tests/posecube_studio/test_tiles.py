"""Sheets of tiles, and the files they go into."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from posecube_studio.tiles import Sheet, write_image

GROUND = (19, 21, 26)


def tile(width: int, value: int = 255) -> np.ndarray:
    return np.full((40, width, 3), value, dtype=np.uint8)


def test_rows_end_at_the_margin() -> None:
    sheet = Sheet(width=400, margin=20, gap=7, radius=0)
    width = sheet.tile_width(3)
    sheet.row([("", tile(width)) for _ in range(3)])
    picture = sheet.image()
    middle = picture[20 + 20]
    white = np.flatnonzero((middle == 255).all(axis=1))
    assert (white[0], white[-1]) == (20, 379)
    assert len(white) == 3 * width


def test_a_short_row_stays_on_the_left() -> None:
    sheet = Sheet(width=400, margin=20, gap=7, radius=0)
    width = sheet.tile_width(4)
    sheet.row([("", tile(width)) for _ in range(2)])
    white = np.flatnonzero((sheet.image()[40] == 255).all(axis=1))
    assert (white[0], white[-1]) == (20, 20 + 2 * width + 7 - 1)


def test_captions_and_headings_are_written_in_room_of_their_own() -> None:
    bare, captioned = Sheet(width=300), Sheet(width=300)
    bare.row([("", tile(60))])
    captioned.title("Much", "to see")
    captioned.heading("Here", "and there")
    captioned.row([("a caption that is much too long for its tile", tile(60))])
    assert captioned.image().shape[0] > bare.image().shape[0] + 100
    below = captioned.image()[-55:-20, 40:]
    assert (below != GROUND).any(axis=2)[:, :60].any() and not (below != GROUND).any(axis=2)[:, 62:].any()


def test_corners_are_round() -> None:
    sheet = Sheet(width=200, margin=20, radius=8)
    sheet.row([("", tile(60))])
    picture = sheet.image()
    assert tuple(picture[20, 20]) == GROUND and tuple(picture[40, 40]) == (255, 255, 255)


def test_a_jpeg_fits_into_its_bytes(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, size=(300, 300, 3), dtype=np.uint8)
    write_image(tmp_path / "large.jpg", noise)
    write_image(tmp_path / "small.JPG", noise, max_bytes=60_000)
    large, small = ((tmp_path / name).stat().st_size for name in ("large.jpg", "small.JPG"))
    assert small <= 60_000 < large
    assert len(list(tmp_path.iterdir())) == 2


def test_a_png_is_exact(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, size=(30, 40, 3), dtype=np.uint8)
    write_image(tmp_path / "sheet.png", picture)
    np.testing.assert_array_equal(cv2.imread(str(tmp_path / "sheet.png"))[..., ::-1], picture)


def test_only_pictures_are_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected a name that ends in \.png or \.jpg"):
        write_image(tmp_path / "sheet.mp4", tile(5))
