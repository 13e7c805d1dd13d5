"""Pictures as a video: their order, their times, and what is no sequence."""

import logging

import cv2
import numpy as np
import pytest

from posecube.errors import UserError
from posecube.video.picture_sequence import PictureFiles, is_pattern, natural_order
from posecube.video.reader import Video, read_frames


@pytest.fixture
def folder(tmp_path, make_image):
    """Twelve pictures whose numbers are not padded: 2 comes before 10."""
    for number in range(12):
        cv2.imwrite(str(tmp_path / f"img_{number}.png"), make_image(number))
    return tmp_path


@pytest.mark.parametrize("name", [".", "img_%d.png", "*.png", "img_*.png"])
def test_pictures_come_in_the_order_of_their_numbers_at_the_rate_that_is_told(folder, read_number, name) -> None:
    with Video.open(folder / name, fps=10) as video:
        assert (video.info.num_frames_estimate, video.info.size_hw, video.info.fps) == (12, (48, 64), 10)
        frames = list(video.frames())
    assert [read_number(frame.image_rgb) for frame in frames] == list(range(12))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(12) / 10)
    assert len(list(video.again().frames())) == 12


def test_without_a_rate_it_is_assumed_and_said_once(folder, caplog) -> None:
    with caplog.at_level(logging.WARNING), Video.open(folder) as video:
        video.again()
    assert caplog.text.count("25 pictures a second are assumed; --fps says otherwise") == 1


def test_what_cannot_be_read_leaves_a_gap_in_time_and_is_said(folder, make_image, caplog) -> None:
    (folder / "img_3.png").write_bytes(b"no picture")
    cv2.imwrite(str(folder / "img_5.png"), make_image(5, (32, 32)))
    with caplog.at_level(logging.WARNING):
        times_s = [frame.time_s for frame in Video.open(folder, fps=1).frames()]
    assert times_s == [0, 1, 2, 4, 6, 7, 8, 9, 10, 11]
    assert "2 of 12 pictures are left out, damaged or not 64 x 48: the first is img_3.png" in caplog.text


def test_what_is_no_sequence_is_refused(folder, make_image) -> None:
    cv2.imwrite(str(folder / "flow_0.png"), make_image(0))
    with pytest.raises(UserError, match=r"not one numbered series but 2 \(flow_#.png, img_#.png\); name one by a pat"):
        Video.open(folder)
    with pytest.raises(UserError, match=r"got a single one, img_11\.png"):
        Video.open(folder / "img_1[1].png")
    with pytest.raises(FileNotFoundError, match="no picture fits it as a pattern"):
        Video.open(folder / "none_%d.png")
    (folder / "empty").mkdir()
    with pytest.raises(UserError, match="got a directory without pictures"):
        PictureFiles.in_folder(folder / "empty")


@pytest.mark.parametrize("fps", [0, -1, float("nan"), 1e9])
def test_rates_that_no_camera_has(folder, fps) -> None:
    with pytest.raises(UserError, match="must lie between 0 and 1000, got"):
        Video.open(folder / "*.png", fps=fps)


def test_a_file_tells_its_own_times(make_video) -> None:
    with pytest.raises(UserError, match="tells its own times"):
        Video.open(make_video(), fps=5)


def test_a_file_with_the_name_of_a_pattern_is_a_file(make_video, read_number) -> None:
    path = make_video("a[1]%d.mp4")
    assert not is_pattern(path) and len(list(read_frames(path))) == 12


def test_natural_order(tmp_path) -> None:
    names = ["a10/1", "a2/10", "a2/9", "B1/1", "7"]
    assert sorted((tmp_path / name for name in names), key=natural_order) == [
        tmp_path / name for name in ("7", "a2/9", "a2/10", "a10/1", "B1/1")
    ]
