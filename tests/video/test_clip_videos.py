import pickle
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecube.video.clip_videos import ClipVideos


@pytest.mark.parametrize(
    ("file", "pattern", "clip"),
    [
        ("S001C001P001R001A001_rgb.avi", "{name}_rgb", "S001C001P001R001A001"),
        ("wave/a.mp4", "{name}", "wave/a"),
        ("wave/a.mp4", "{name}", "wave/a.mp4"),
        ("a.v2.mp4", "{name}", "a.v2"),
        ("0001/video.mp4", "{name}/video.mp4", "0001"),
    ],
)
def test_a_clips_video_is_found_by_its_name(
    file: str, pattern: str, clip: str, tmp_path: Path, make_video: Callable[..., Path], read_number: Callable[..., int]
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    codec = "mpeg4" if file.endswith("avi") else "libx264"
    path = make_video(file, num_frames=5, codec=codec)
    videos = ClipVideos(tmp_path, pattern)
    assert videos.find(clip) == path
    assert [read_number(frame.image_rgb) for frame in videos.frames(clip)] == [0, 1, 2, 3, 4]


def test_a_folder_of_pictures_is_a_video(
    tmp_path: Path, make_image: Callable[..., np.ndarray], read_number: Callable[..., int]
) -> None:
    folder = tmp_path / "frames" / "0001"
    folder.mkdir(parents=True)
    for number in range(12):
        cv2.imwrite(str(folder / f"{number + 1:06d}.png"), make_image(number))
    (folder / "notes.txt").write_text("no picture")
    frames = list(ClipVideos(tmp_path / "frames").frames("0001"))
    assert [read_number(frame.image_rgb) for frame in frames] == list(range(12))


def test_pictures_are_rgb_and_read_when_looked_at(tmp_path: Path) -> None:
    (tmp_path / "clip").mkdir()
    cv2.imwrite(str(tmp_path / "clip" / "0.png"), np.full((4, 4, 3), (0, 0, 255), np.uint8))  # red, in OpenCV's order
    (tmp_path / "clip" / "1.png").write_bytes(b"damaged")
    first, second = ClipVideos(tmp_path).frames("clip")
    assert first.image_rgb[0, 0].tolist() == [255, 0, 0]
    with pytest.raises(ValueError, match=r"1\.png: cannot be read as a picture"):
        _ = second.image_rgb


def test_it_goes_to_worker_processes(tmp_path: Path) -> None:
    videos = ClipVideos(tmp_path, "{name}_rgb")
    assert pickle.loads(pickle.dumps(videos)) == videos


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no folder of videos .*absent"):
        ClipVideos(tmp_path / "absent")
    with pytest.raises(ValueError, match=r"must hold \{name\}, got 'rgb\.avi'"):
        ClipVideos(tmp_path, "rgb.avi")
    with pytest.raises(FileNotFoundError, match=r"clip 'a' has no video: expected .*a_rgb, with or without a suffix"):
        ClipVideos(tmp_path, "{name}_rgb").frames("a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=r"expected the frames of clip 'empty' as pictures .*, got none"):
        ClipVideos(tmp_path).frames("empty")
    (tmp_path / "text.mp4").write_text("not a video")
    with pytest.raises(ValueError, match=r"text\.mp4: "):
        ClipVideos(tmp_path).frames("text")
