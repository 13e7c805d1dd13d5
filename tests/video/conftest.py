"""Videos made on the spot, by PyAV alone: the reader is not tested against our own writer only."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

SIZE_HW = (48, 64)


def numbered_image(number: int, size_hw: tuple[int, int] = SIZE_HW) -> np.ndarray:
    """A grey frame whose level tells its number, with a white mark in its upper left corner."""
    image = np.full((*size_hw, 3), 20 + 3 * number, np.uint8)
    image[: size_hw[0] // 4, : size_hw[1] // 4] = 255
    return image


def number_of(image_rgb: np.ndarray) -> int:
    """The number that ``numbered_image`` put in, read at the middle."""
    height, width = image_rgb.shape[:2]
    middle = image_rgb[height // 2 - 4 : height // 2 + 4, width // 2 - 4 : width // 2 + 4]
    return round((float(middle.mean()) - 20) / 3)


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    """Function that makes a video of numbered frames and returns its path."""

    def make(
        name: str = "clip.mp4",
        *,
        num_frames: int = 12,
        times_ms: Sequence[int] | None = None,
        codec: str = "libx264",
        rotation: int = 0,
        size_hw: tuple[int, int] = SIZE_HW,
        options: dict[str, str] | None = None,
        container_options: dict[str, str] | None = None,
        format: str | None = None,
    ) -> Path:
        path = tmp_path / name
        with av.open(f"file:{path}", "w", format=format, options=container_options or {}) as container:
            stream = container.add_stream(codec, rate=10, options=options or {})
            stream.height, stream.width = size_hw
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            if codec != "libx264":
                stream.bit_rate = 4_000_000  # else a step of the grey level is lost
            if times_ms is not None:
                stream.codec_context.time_base = Fraction(1, 1000)
            if rotation:
                stream.set_display_rotation(-rotation)
            for number in range(num_frames if times_ms is None else len(times_ms)):
                frame = av.VideoFrame.from_ndarray(numbered_image(number, size_hw), format="rgb24")
                if times_ms is not None:
                    frame.pts, frame.time_base = times_ms[number], Fraction(1, 1000)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return make


@pytest.fixture
def read_number() -> Callable[[np.ndarray], int]:
    return number_of


@pytest.fixture
def make_image() -> Callable[..., np.ndarray]:
    return numbered_image
