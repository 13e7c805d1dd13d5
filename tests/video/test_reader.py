"""The reader: times, sizes, rotation, and every kind of file that is not a sound video."""

import logging
import os
import time
import wave
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from posecube.video.reader import Video, open_video, read_frames


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("clip.mp4", "libx264", {}),
        ("clip.mkv", "libx264", {"bf": "3"}),
        ("clip.avi", "mpeg4", {}),
        ("clip.avi", "mjpeg", {}),
        ("bframes.avi", "libx264", {"bf": "3", "b_strategy": "0"}),
        ("clip.mov", "libx264", {}),
        ("clip.ts", "libx264", {}),
        ("a: b 100%d ü.mp4", "libx264", {}),
        ("-clip.mp4", "libx264", {}),
    ],
)
def test_every_frame_comes_once_in_order_at_its_time(make_video, read_number, name, codec, options):
    path = make_video(name, codec=codec, options=options, num_frames=20)
    frames = list(read_frames(path))
    assert [frame.index for frame in frames] == list(range(20))
    assert [read_number(frame.image_rgb) for frame in frames] == list(range(20))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(20) / 10, atol=2e-4)
    info = open_video(path)
    assert (info.size_hw, info.fps, info.rotation, info.path) == ((48, 64), Fraction(10), 0, path)
    assert info.num_frames_estimate == pytest.approx(20, abs=1)
    assert info.duration_s == pytest.approx(2.0, abs=0.11)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_variable_frame_rate_is_kept(make_video, read_number, name):
    times_ms = [0, 40, 55, 300, 310, 1000, 1033, 2500]
    frames = list(read_frames(make_video(name, times_ms=times_ms, options={"bf": "2"})))
    assert [read_number(frame.image_rgb) for frame in frames] == list(range(8))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.array(times_ms) / 1000, atol=1e-3)


def test_times_count_from_the_first_frame(make_video):
    frames = list(read_frames(make_video("late.mkv", times_ms=[5000, 5100, 5200])))
    np.testing.assert_allclose([frame.time_s for frame in frames], [0, 0.1, 0.2], atol=1e-3)


def test_a_stream_without_stamps_is_timed_by_its_rate(make_video):
    path = make_video("raw.h264", format="h264", options={"bf": "2"})
    frames = list(read_frames(path))
    info = open_video(path)
    assert len(frames) == 12
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(12) / float(info.fps), atol=1e-6)
    assert info.duration_s is None
    assert info.num_frames_estimate is None


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotation_turns_picture_and_size(make_video, make_image, rotation):
    path = make_video(rotation=rotation)
    expected = np.rot90(make_image(0), -rotation // 90)  # rotation is clockwise, rot90 is not
    info, frame = open_video(path), next(read_frames(path))
    assert info.rotation == rotation
    assert info.size_hw == frame.size_hw == expected.shape[:2] == frame.image_rgb.shape[:2]
    assert np.abs(frame.image_rgb.astype(int) - expected).mean() < 3
    small = next(read_frames(path, max_side=32))
    assert small.image_rgb.shape[:2] == small.size_hw == (expected.shape[0] // 2, expected.shape[1] // 2)
    assert np.abs(small.image_rgb.astype(int) - expected[::2, ::2]).mean() < 6


@pytest.mark.parametrize(
    ("max_side", "size_hw"), [(None, (48, 64)), (64, (48, 64)), (500, (48, 64)), (40, (30, 40)), (1, (1, 1))]
)
def test_max_side_scales_down_only(make_video, max_side, size_hw):
    frame = next(read_frames(make_video(), max_side=max_side))
    assert frame.size_hw == frame.image_rgb.shape[:2] == size_hw


def test_colours_are_read_by_the_matrix_they_were_written_with(make_video):
    """Untagged high definition is BT.709, smaller is BT.601."""
    for size_hw, matrix in (((48, 64), "ITU601"), ((720, 64), "ITU709")):
        path = make_video(f"{matrix}.mkv", num_frames=1, size_hw=size_hw)
        with av.open(str(path)) as container:
            expected = next(container.decode(video=0)).to_ndarray(format="rgb24", src_colorspace=matrix)
        difference = next(read_frames(path)).image_rgb.astype(int) - expected
        assert np.abs(difference).max() <= 2


def test_pixel_aspect_is_told_and_pixels_stay_as_stored(tmp_path):
    path = tmp_path / "wide.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(4, 3)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    assert open_video(path).pixel_aspect == Fraction(4, 3)
    assert open_video(path).size_hw == (48, 64)


def _text(path: Path) -> None:
    path.write_text("these are words, not pictures\n" * 200)


def _sound(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))


def _picture(path: Path) -> None:
    import matplotlib.image

    matplotlib.image.imsave(path, np.zeros((8, 8, 3), np.uint8))


def _noise(path: Path) -> None:
    path.write_bytes(np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8).tobytes())


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("empty.mp4", Path.touch, "empty file"),
        ("words.mp4", _text, "got a text file"),
        ("words.txt", _text, "got a text file"),
        ("sound.wav", _sound, "sound only"),
        ("picture.png", _picture, "single picture"),
        ("noise.avi", _noise, "unknown or damaged data"),
        ("folder.mp4", Path.mkdir, "got a directory"),
        ("pipe.mp4", os.mkfifo, "got a device or a pipe"),
    ],
)
def test_what_is_no_video_is_refused_in_one_line(tmp_path, name, make, message):
    path = tmp_path / name
    make(path)
    for opened in (open_video, read_frames):
        with pytest.raises(ValueError, match=message) as caught:
            opened(path)
        text = str(caught.value)
        assert "\n" not in text and str(path) in text and "expected a video file" in text
        assert not isinstance(caught.value, av.FFmpegError)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.mp4: no such file"):
        read_frames(tmp_path / "nothing.mp4")  # at the call, not at the first frame


@pytest.mark.parametrize(
    ("name", "error"), [("x" * 300 + ".mp4", ValueError), ("clip.mp4/more.mp4", FileNotFoundError)]
)
def test_names_that_no_file_can_have(make_video, name, error):
    with pytest.raises(error, match="expected a video file"):
        open_video(make_video().parent / name)


def test_a_file_that_may_not_be_read(make_video, monkeypatch):
    path = make_video()

    def refuse(*_args, **_keywords):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PermissionError, match="may not be read; check its permissions"):
        open_video(path)


def test_an_mp4_without_its_index(make_video):
    path = make_video(num_frames=30)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"moov") - 8])
    with pytest.raises(ValueError, match=r"without its index \(moov\): the recording or download was cut short"):
        open_video(path)


def test_a_sound_file_with_a_cover_is_sound(tmp_path):
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = type(cover.disposition).attached_pic
        sound = container.add_stream("aac", rate=8000)
        container.mux(cover.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        samples = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        samples.sample_rate = 8000
        container.mux(sound.encode(samples))
        container.mux(sound.encode(None))
    with pytest.raises(ValueError, match="sound only"):
        open_video(path)


def packet_places(path: Path) -> list[tuple[int, int]]:
    """Where in the file each frame's data lies: (offset, size)."""
    with av.open(str(path)) as container:
        return [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]


def test_a_file_cut_short_gives_what_it_has_and_warns(make_video, read_number, caplog):
    path = make_video(num_frames=60, options={"g": "5", "bf": "0"}, container_options={"movflags": "+faststart"})
    path.write_bytes(path.read_bytes()[: packet_places(path)[40][0]])
    with caplog.at_level(logging.WARNING):
        frames = list(read_frames(path))
    assert [read_number(frame.image_rgb) for frame in frames] == list(range(40))
    assert "the file states 60 frames and 40 could be decoded: it is damaged or cut short" in caplog.text


@pytest.mark.parametrize(("name", "codec"), [("clip.mp4", "libx264"), ("clip.mkv", "mpeg4"), ("clip.avi", "mpeg4")])
def test_damage_in_the_middle_costs_the_frames_there(make_video, read_number, caplog, name, codec):
    path = make_video(name, num_frames=60, codec=codec, options={"g": "5"})
    data = bytearray(path.read_bytes())
    for start, size in packet_places(path)[30:36]:
        data[start + 8 : start + size] = b"\xff" * (size - 8)
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        frames = list(read_frames(path))
    numbers = [read_number(frame.image_rgb) for frame in frames]
    assert numbers[:25] == list(range(25))
    assert set(range(41, 60)) <= set(numbers)
    assert all(later.time_s > earlier.time_s for earlier, later in pairwise(frames))
    assert frames[-1].time_s == pytest.approx(5.9, abs=0.7)


def test_packets_that_cannot_be_decoded_are_counted_in_one_warning(make_video, caplog):
    path = make_video(num_frames=60, options={"g": "5", "bf": "0"})
    data = bytearray(path.read_bytes())
    for start, size in packet_places(path)[30:36]:
        data[start : start + size] = bytes(size)
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        frames = list(read_frames(path))
    assert 50 <= len(frames) < 60
    assert len([record for record in caplog.records if "places" in record.message]) == 1


def test_a_file_of_which_nothing_can_be_decoded(make_video):
    path = make_video(num_frames=5)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    data[start:end] = bytes(end - start)
    path.write_bytes(data)
    with pytest.raises(ValueError, match="no frame can be decoded"):
        read_frames(path)


def test_reading_can_stop_early_and_start_again(make_video):
    path = make_video()
    frames = read_frames(path)
    assert next(frames).index == 0
    frames.close()
    assert len(list(read_frames(path, threads=1))) == 12


def test_max_side_must_be_positive(make_video):
    with pytest.raises(ValueError, match="max_side must be at least 1 pixel, got 0"):
        read_frames(make_video(), max_side=0)


# Frames counted with PyAV's own decoder; sizes and rates as the container states them.
REAL = {
    "close_up_arm_wrestling.mp4": (280, (256, 340), 28.0, 10.0),
    "nobody_swimming_pool.mp4": (32, (256, 340), 30.0, 1.0667),
    "one_person_drinking_ntu.avi": (103, (1080, 1920), 30.0, 3.4333),
    "tai_chi.mp4": (300, (256, 340), 29.97, 10.01),
    "three_people_aerobics.avi": (393, (288, 384), 10.0, 39.3),
    "two_people_basketball.mp4": (300, (240, 426), 29.97, 10.01),
    "two_people_ntu.mp4": (72, (1080, 1920), 28.05, 2.5667),
}


@pytest.mark.parametrize("name", REAL)
def test_real_videos(shared, name):
    path = shared / "data" / "videos" / name
    num_frames, size_hw, fps, duration_s = REAL[name]
    info = open_video(path)
    assert (info.num_frames_estimate, info.size_hw) == (num_frames, size_hw)
    assert float(info.fps) == pytest.approx(fps, abs=0.01)
    times = np.array([frame.time_s for frame in read_frames(path)])
    assert len(times) == num_frames
    assert (np.diff(times) > 0).all()
    assert times[-1] == pytest.approx(duration_s - 1 / fps, abs=0.05)


def test_avi_with_b_frames_is_evenly_spaced(shared):
    """Its stamps, taken as they come, would go 1, 2, 4, 3, 6."""
    frames = read_frames(shared / "data" / "videos" / "one_person_drinking_ntu.avi")
    np.testing.assert_allclose(np.diff([frame.time_s for frame in frames]), 1 / 30, atol=1e-9)


def test_frames_nobody_looks_at_are_not_converted(shared):
    """Decoding 1080p alone costs about 4 ms of one core; the bound is far off, for busy machines."""
    path = shared / "data" / "videos" / "two_people_ntu.mp4"
    started = time.process_time()
    num_frames = sum(1 for _ in read_frames(path))
    assert (time.process_time() - started) / num_frames < 0.05


def test_an_open_video_tells_about_itself_and_gives_its_frames(make_video, read_number):
    path = make_video(num_frames=5)
    with Video.open(path) as video:
        assert video.info == open_video(path)
        assert [read_number(frame.image_rgb) for frame in video.frames()] == list(range(5))
        with pytest.raises(AssertionError, match="read once: open it again"):
            video.frames()
    assert repr(video) == "Video(clip.mp4, size_hw=(48, 64), fps=10)"


def test_a_video_is_opened_once(make_video, monkeypatch):
    path, opened = make_video(), []
    monkeypatch.setattr("av.open", lambda *a, o=av.open, **k: opened.append(a) or o(*a, **k))
    with Video.open(path) as video:
        assert len(list(video.frames(max_side=32))) == 12
    assert len(opened) == 1


def edited(path: Path, *, start: int, num_frames: int, scale: int) -> None:
    """Change the edit list of a file: show so many frames from one on."""
    data = bytearray(path.read_bytes())
    entry = data.index(b"elst") + 12
    movie_scale = int.from_bytes(data[data.index(b"mvhd") + 16 :][:4], "big")
    data[entry : entry + 4] = (num_frames * movie_scale // 10).to_bytes(4, "big")
    data[entry + 4 : entry + 8] = (start * scale // 10).to_bytes(4, "big")
    path.write_bytes(data)


@pytest.mark.parametrize(("start", "num_frames"), [(13, 40), (40, 20), (2, 25)])
def test_frames_that_an_edit_list_hides_are_not_missing(make_video, read_number, caplog, start, num_frames):
    path = make_video(num_frames=60, options={"g": "5", "bf": "0"})
    with av.open(str(path)) as container:
        scale = container.streams.video[0].time_base.denominator
    edited(path, start=start, num_frames=num_frames, scale=scale)
    with caplog.at_level(logging.WARNING):
        frames = list(read_frames(path))
    assert [read_number(frame.image_rgb) for frame in frames] == list(range(start, start + num_frames))
    assert not caplog.text
    assert open_video(path).num_frames_estimate == pytest.approx(num_frames, abs=1)


def test_what_is_wrong_is_said_once(make_video, caplog):
    path = make_video(num_frames=60, options={"g": "5", "bf": "0"}, container_options={"movflags": "+faststart"})
    path.write_bytes(path.read_bytes()[: packet_places(path)[40][0]])
    with caplog.at_level(logging.WARNING), Video.open(path) as video:
        assert len(list(video.frames())) == len(list(video.again().frames())) == 40
    assert len(caplog.records) == 1


@pytest.mark.parametrize("size_hw", [(2, 4096), (4096, 2), (14, 64), (64, 1040)])
def test_sizes_that_show_nobody_are_refused(make_video, size_hw):
    path = make_video(num_frames=1, size_hw=size_hw, codec="mpeg4", name="clip.avi")
    height, width = size_hw
    with pytest.raises(
        ValueError, match=f"pictures of {width} x {height} pixels cannot show people: expected sides of"
    ):
        open_video(path)
