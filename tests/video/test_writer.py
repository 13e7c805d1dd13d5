"""What is written is read back: frames, times, sizes, colours; and nothing is left when it fails."""

import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.video.reader import open_video, read_frames
from posecube.video.writer import VideoWriter, check_output


@pytest.mark.parametrize("fps", [10, 25, 29.97, Fraction(30000, 1001), Fraction(24000, 1001), Fraction(2160, 77), 60])
def test_frames_come_back_in_order_at_their_times(tmp_path, make_image, read_number, fps):
    path = tmp_path / "out.mp4"
    with VideoWriter(path, size_hw=(48, 64), fps=fps) as writer:
        for number in range(15):
            writer.write(make_image(number))
        assert writer.num_frames == 15
    frames = list(read_frames(path))
    assert [read_number(frame.image_rgb) for frame in frames] == list(range(15))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(15) / float(fps), atol=2e-4)
    assert float(open_video(path).fps) == pytest.approx(float(fps), rel=1e-3)


@settings(max_examples=15, deadline=None)
@given(
    size_hw=st.tuples(st.integers(15, 70), st.integers(15, 70)),  # smaller ones cannot be read
    steps_ms=st.lists(st.integers(1, 400), max_size=6),
    fps=st.sampled_from([10, 30, Fraction(30000, 1001)]),
)
def test_any_size_and_any_increasing_times_come_back(size_hw, steps_ms, fps):
    times_s = np.cumsum([0, *steps_ms]) / 1000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.mp4"
        with VideoWriter(path, size_hw=size_hw, fps=fps) as writer:
            for time_s in times_s:
                writer.write(np.full((*size_hw, 3), 128, np.uint8), float(time_s))
        frames = list(read_frames(path))
    assert frames[0].size_hw == (size_hw[0] + size_hw[0] % 2, size_hw[1] + size_hw[1] % 2)
    np.testing.assert_allclose([frame.time_s for frame in frames], times_s, atol=2e-4)


def test_odd_sizes_are_padded_at_the_end(tmp_path):
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    image = image.repeat(9, axis=0).repeat(9, axis=1)  # 45 x 63
    with VideoWriter(tmp_path / "out.mp4", size_hw=(45, 63), fps=10, crf=5) as writer:
        writer.write(image)
    back = next(read_frames(tmp_path / "out.mp4")).image_rgb.astype(int)
    assert back.shape == (46, 64, 3)
    patches = back[:45, :63].reshape(5, 9, 7, 9, 3)[:, 3:6, :, 3:6].mean(axis=(1, 3))
    np.testing.assert_allclose(patches, image[::9, ::9], atol=14)


@pytest.mark.parametrize("size_hw", [(48, 64), (720, 64)])
def test_colours_survive(tmp_path, size_hw):
    colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (200, 120, 40)]
    with VideoWriter(tmp_path / "out.mp4", size_hw=size_hw, fps=10, crf=5) as writer:
        for color in colors:
            writer.write(np.full((*size_hw, 3), color, np.uint8))
    for frame, color in zip(read_frames(tmp_path / "out.mp4"), colors, strict=True):
        np.testing.assert_allclose(frame.image_rgb.mean(axis=(0, 1)), color, atol=6)


def test_browsers_can_play_it(tmp_path):
    """H.264 in 4:2:0, the index before the pictures, square pixels said otherwise only when they are not."""
    path = tmp_path / "out.mp4"
    with VideoWriter(path, size_hw=(48, 64), fps=10, pixel_aspect=Fraction(4, 3)) as writer:
        writer.write(np.zeros((48, 64, 3), np.uint8))
    data = path.read_bytes()
    assert data[4:8] == b"ftyp" and 0 < data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.colorspace) == ("h264", "yuv420p", 1)
    assert open_video(path).pixel_aspect == Fraction(4, 3)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_exception_leaves_nothing_and_keeps_the_old_file(tmp_path, error):
    path = tmp_path / "out.mp4"
    path.write_bytes(b"the old one")
    with pytest.raises(error), VideoWriter(path, size_hw=(48, 64), fps=10) as writer:
        writer.write(np.zeros((48, 64, 3), np.uint8))
        raise error
    assert [file.name for file in tmp_path.iterdir()] == ["out.mp4"]
    assert path.read_bytes() == b"the old one"


def test_the_name_appears_only_when_the_file_is_whole(tmp_path):
    path = tmp_path / "out.mp4"
    with VideoWriter(path, size_hw=(48, 64), fps=10) as writer:
        writer.write(np.zeros((48, 64, 3), np.uint8))
        assert not path.exists()
    assert [file.name for file in tmp_path.iterdir()] == ["out.mp4"]


def test_a_video_without_frames_is_an_error_and_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="no frame was given"), VideoWriter(tmp_path / "o.mp4", size_hw=(4, 4), fps=5):
        pass
    assert not list(tmp_path.iterdir())


def test_the_input_is_not_changed_and_views_are_taken(tmp_path):
    whole = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    before = whole.copy()
    with VideoWriter(tmp_path / "out.mp4", size_hw=(47, 63), fps=10) as writer:
        writer.write(whole[2:49, 3:66])
        writer.write(whole[2:49, 3:66][:, ::-1])
    np.testing.assert_array_equal(whole, before)


@pytest.mark.parametrize(
    ("name", "keywords", "error", "message"),
    [
        ("out.gif", {}, ValueError, r"videos are written as \.mp4, \.m4v, \.mov, got '\.gif'"),
        ("out", {}, ValueError, "got 'no suffix'"),
        ("there.mp4", {}, IsADirectoryError, "it is a folder; give a file name"),
        ("nowhere/out.mp4", {}, FileNotFoundError, "there is no folder .*; make it first"),
        ("out.mp4", {"size_hw": (0, 4)}, ValueError, r"above 0 is needed, got \(0, 4\)"),
        ("out.mp4", {"fps": 0}, ValueError, "frames a second must lie between 0 and 1000, got 0"),
    ],
)
def test_what_cannot_be_written_is_refused_before_work_starts(tmp_path, name, keywords, error, message):
    (tmp_path / "there.mp4").mkdir()
    with pytest.raises(error, match=message) as caught:
        VideoWriter(tmp_path / name, **{"size_hw": (4, 4), "fps": 10} | keywords)
    assert "\n" not in str(caught.value)


def test_a_folder_that_may_not_be_written_into(tmp_path, monkeypatch):
    def refuse(path, *_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(PermissionError, match="Permission denied; choose another place"):
        check_output(tmp_path / "out.mp4")


def test_an_encoder_that_refuses_is_one_line_and_leaves_nothing(tmp_path):
    writer = VideoWriter(tmp_path / "out.mp4", size_hw=(48, 64), fps=10, preset="no such preset")
    with pytest.raises(OSError, match="cannot be written") as caught, writer:
        writer.write(np.zeros((48, 64, 3), np.uint8))
    assert not isinstance(caught.value, av.FFmpegError)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "image", [np.zeros((4, 6, 3), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8)]
)
def test_other_frames_are_refused(tmp_path, image):
    with pytest.raises(ValueError, match=r"frames must be uint8 \(4, 4, 3\), got"):  # noqa: SIM117
        with VideoWriter(tmp_path / "out.mp4", size_hw=(4, 4), fps=10) as writer:
            writer.write(image)
    assert not list(tmp_path.iterdir())


def test_times_must_increase(tmp_path):
    with (
        pytest.raises(ValueError, match=r"times must increase from 0, got 0\.1 s after 0\.2"),
        VideoWriter(tmp_path / "out.mp4", size_hw=(4, 4), fps=10) as writer,
    ):
        writer.write(np.zeros((4, 4, 3), np.uint8), 0.2)
        writer.write(np.zeros((4, 4, 3), np.uint8), 0.1)
