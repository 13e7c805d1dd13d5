import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.sampling import uniform_frames
from posecube.sampling.geometry import crop_and_resize
from posecube.sampling.records import Window
from posecube.sampling.rgb.views import RgbSpec, RgbView, read_views, rgb_views, seen_through, training_rgb_view

FRAME_HW = (120, 160)


def window(**fields: Any) -> Window:
    content = {"first": 0, "num_frames": 30, "box_xyxy": np.array([20.0, 10, 100, 90]), "frame_hw": FRAME_HW}
    return Window(**{**content, "flipped": False, **fields})


@dataclass
class Film:
    """A video whose frames tell their numbers; counts those that were looked at."""

    num_frames: int
    size_hw: tuple[int, int] = FRAME_HW
    num_looked_at: int = 0
    num_delivered: int = 0

    def __iter__(self) -> Iterator["FilmFrame"]:
        for number in range(self.num_frames):
            self.num_delivered += 1
            yield FilmFrame(self, number)


@dataclass
class FilmFrame:
    film: Film
    number: int

    @property
    def image_rgb(self) -> np.ndarray:
        self.film.num_looked_at += 1
        return np.full((*self.film.size_hw, 3), self.number, np.uint8)


def test_what_a_window_shows_is_cut_out_and_resized() -> None:
    image = np.random.default_rng(0).integers(0, 256, (*FRAME_HW, 3), np.uint8)
    shown = seen_through(image, window(), (80, 80))
    assert np.array_equal(shown, image[10:90, 20:100]), "a box of the asked size is copied"
    expected = cv2.resize(image[10:90, 20:100], (56, 40), interpolation=cv2.INTER_LINEAR)
    assert np.array_equal(seen_through(image, window(), (40, 56)), expected)
    assert np.array_equal(seen_through(image, window(flipped=True), (40, 56)), expected[:, ::-1])


@pytest.mark.parametrize(
    ("box", "black"),
    [
        ((-40, 10, 40, 90), np.s_[:, :40]),
        ((120, 10, 200, 90), np.s_[:, 40:]),
        ((20, -40, 100, 40), np.s_[:40]),
        ((20, 80, 100, 160), np.s_[40:]),
    ],
)
def test_it_is_black_outside_the_frame(box: tuple[int, ...], black: tuple[slice, ...]) -> None:
    shown = seen_through(np.full((*FRAME_HW, 3), 9, np.uint8), window(box_xyxy=np.array(box, float)), (80, 80))
    assert not shown[black].any()
    assert (shown == 9).sum() == 40 * 80 * 3


@pytest.mark.parametrize("box", [(200, 10, 280, 90), (-90, 10, -10, 90), (20, 130, 100, 210), (20, -90, 100, -10)])
def test_a_window_beside_the_frame_shows_nothing(box: tuple[int, ...]) -> None:
    shown = seen_through(np.full((*FRAME_HW, 3), 9, np.uint8), window(box_xyxy=np.array(box, float)), (24, 32))
    assert shown.shape == (24, 32, 3) and not shown.any()


def test_a_window_thinner_than_a_pixel_shows_one() -> None:
    image = np.full((*FRAME_HW, 3), 9, np.uint8)
    assert (seen_through(image, window(box_xyxy=np.array([20.2, 10.2, 20.3, 10.3])), (8, 8)) == 9).all()


def test_a_smaller_copy_of_the_video_shows_the_same() -> None:
    image = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 256, (*FRAME_HW, 3), np.uint8), (0, 0), 8)
    half = cv2.resize(image, (FRAME_HW[1] // 2, FRAME_HW[0] // 2), interpolation=cv2.INTER_AREA)
    for flipped in (False, True):
        large, small = (seen_through(picture, window(flipped=flipped), (40, 40)) for picture in (image, half))
        assert np.abs(large.astype(int) - small.astype(int)).max() <= 2


@settings(max_examples=25)
@given(
    x=st.integers(30, 90),
    y=st.integers(30, 90),
    left=st.integers(-40, 20),
    top=st.integers(-40, 20),
    side=st.integers(140, 200),
    flipped=st.booleans(),
)
def test_a_spot_is_where_the_joint_is(x: int, y: int, left: int, top: int, side: int, flipped: bool) -> None:
    """Within a map pixel: maps take a pixel's centre for its corner and mirror about their own middle, as published."""
    image = np.zeros((*FRAME_HW, 3), np.float32)
    rows, columns = np.mgrid[: FRAME_HW[0], : FRAME_HW[1]]
    image[:] = 250 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 18)[..., None]
    box = np.array([left, top, left + side, top + side], float)
    shown = seen_through(image.astype(np.uint8), window(box_xyxy=box, flipped=flipped), (160, 160))[..., 0]
    joint = crop_and_resize(np.array([[[[x, y]]]], np.float32), box, (40, 40))[0, 0, 0]
    if flipped:
        joint[0] = 40 - 1 - joint[0]
    weights = shown.astype(float) / shown.sum()
    found = np.array([(weights * np.arange(160)).sum(), (weights * np.arange(160)[:, None]).sum()]) / 4
    assert np.abs(found - joint).max() < 1.0


def test_training_frames_come_from_the_joints_stretch() -> None:
    spec = RgbSpec(clip_len=8, size_hw=(24, 32), test_size_hw=(48, 64))
    stretch = window(first=40, num_frames=16)
    seen = set()
    for seed in range(50):
        view = training_rgb_view(stretch, spec, np.random.default_rng(seed))
        assert view.size_hw == (24, 32) and view.window is stretch
        assert (np.diff(view.frames) > 0).all()
        assert all(40 + 2 * part <= frame < 42 + 2 * part for part, frame in enumerate(view.frames.tolist()))
        seen |= set(view.frames.tolist())
    assert seen == set(range(40, 56))


@pytest.mark.parametrize("stream", ["mmaction2", "pyskl"])
@pytest.mark.parametrize("flips", [False, True])
def test_test_frames_are_those_of_the_published_stream(stream: Any, flips: bool) -> None:
    spec = RgbSpec(clip_len=8, test_size_hw=(48, 64))
    windows = [
        window(num_frames=75, flipped=flipped) for _ in range(10) for flipped in ((False, True) if flips else (False,))
    ]
    views = rgb_views(windows, spec, flips=flips, published_sampling=stream)
    assert len(views) == len(windows)
    drawn = np.concatenate([view.frames for view in (views[::2] if flips else views)])
    assert np.array_equal(drawn, uniform_frames(75, 8, num_clips=10, stream=stream))
    for view, expected in zip(views, windows, strict=True):
        assert view.window is expected and view.size_hw == (48, 64)
    if flips:
        assert all(np.array_equal(a.frames, b.frames) for a, b in zip(views[::2], views[1::2], strict=True))


def test_testing_is_as_large_as_training_unless_said() -> None:
    assert RgbSpec().view_size_hw == (224, 224)
    assert RgbSpec(test_size_hw=(256, 256)).view_size_hw == (256, 256)


def test_views_read_a_video_once_and_no_further_than_needed() -> None:
    film = Film(100)
    views = [
        RgbView(np.array([3, 3, 9]), window(), (4, 6)),
        RgbView(np.array([9, 2, 20]), window(flipped=True), (8, 8)),
    ]
    first, second = read_views(film, views)
    assert first.shape == (3, 4, 6, 3) and second.shape == (3, 8, 8, 3)
    assert first.dtype == second.dtype == np.uint8
    assert first[:, 0, 0, 0].tolist() == [3, 3, 9]
    assert second[:, 0, 0, 0].tolist() == [9, 2, 20]
    assert (film.num_delivered, film.num_looked_at) == (21, 4)


def test_a_video_that_ends_a_little_early_stands_still(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        (frames,) = read_views(Film(10), [RgbView(np.array([1, 9, 12]), window(), (4, 4))], name="clip 'a'")
    assert frames[:, 0, 0, 0].tolist() == [1, 9, 9]
    assert "clip 'a' has 10 frames, its joints reach to frame 13" in caplog.text


@pytest.mark.parametrize("num_frames", [0, 10])
def test_a_video_that_is_too_short(num_frames: int) -> None:
    message = f"clip 'a' has {num_frames} frames, its joints reach to frame 31: expected the video"
    with pytest.raises(ValueError, match=message) as caught:
        read_views(Film(num_frames), [RgbView(np.array([1, 30]), window(), (4, 4))], name="clip 'a'")
    assert "\n" not in str(caught.value)
