"""Tiny painted videos get dark: who is still found, what is kept for a second run, what is refused."""

import json

import numpy as np
import pytest
from fake_people import PaintedPose, Walker, make_painted, walking, write_video

from posecube.evaluation.robustness.darkness import GAMMAS, Darkness, darkened, darkness_series
from posecube.skeleton import SkeletonSequence, find_layout
from posecube.store import SkeletonStore, StoreWriter
from posecube.video.clip_videos import ClipVideos
from posecube.video.darkness import MID_GREY
from posecube.video.frame import Frame

COCO17 = find_layout("coco17")


@pytest.fixture(scope="module")
def videos(tmp_path_factory) -> ClipVideos:
    folder = tmp_path_factory.mktemp("films")
    for number in range(2):
        write_video(folder / f"clip{number}_rgb.mp4", [Walker(number, walking(60, 10))], num_frames=16)
    (folder / "broken_rgb.mp4").write_bytes(b"no video at all")
    (folder / "pictures_rgb").mkdir()
    return ClipVideos(folder, "{name}_rgb")


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> SkeletonStore:
    path = tmp_path_factory.mktemp("annotated") / "store"
    with StoreWriter(path, layout=COCO17, classes=["walk", "run"]) as writer:
        for label, name in enumerate(["clip0", "clip1", "broken", "pictures", "gone"]):
            writer.add(
                SkeletonSequence(
                    np.zeros((1, 16, 17, 2)), np.ones((1, 16, 17)), COCO17, (120, 320), label=label % 2, name=name
                )
            )
        writer.set_split("test", ["clip0", "clip1"])
    return SkeletonStore.open(path)


def series_of(darkness, videos, store, out, indices=(0, 1)):
    return darkness_series(
        darkness, videos, store, np.array(indices), split="test", out=out, progress=lambda *_step: None
    )


def grey_frame(share: float) -> Frame:
    return Frame(0, 0.0, np.full((64, 64, 3), round(255 * share), np.uint8))


def test_frames_are_as_dark_as_the_gamma_says() -> None:
    for gamma in (1.5, 2.5, 3.5):
        (frame,) = darkened([grey_frame(MID_GREY)], gamma, name="clip", noise=0)
        assert np.median(frame.image_rgb) == pytest.approx(255 * MID_GREY**gamma, rel=0.12, abs=1.5)
        (noisy,) = darkened([grey_frame(MID_GREY)], gamma, name="clip")
        assert noisy.image_rgb.std() > frame.image_rgb.std()


def test_darkness_is_a_function_of_frame_name_and_gamma() -> None:
    def image(name: str, gamma: float = 2.0) -> np.ndarray:
        return next(darkened([grey_frame(0.5)], gamma, name=name)).image_rgb

    np.testing.assert_array_equal(image("a"), image("a"))
    assert not np.array_equal(image("a"), image("b"))
    bright = grey_frame(0.5)
    assert next(darkened([bright], 1, name="a")) is bright, "gamma 1 is the video as it is"


def test_stores_by_darkness_are_made_once(videos, store, tmp_path, monkeypatch) -> None:
    darkness = Darkness((1.0, 1.5, 4.0), pose=make_painted, brighten=True)
    (dark, brightened), remarks = series_of(darkness, videos, store, tmp_path)
    assert not remarks and dark.severities == brightened.severities == (1.0, 1.5, 4.0)
    bright = dark.sources[0].store
    assert bright is not None and bright.names == ["clip0", "clip1"] and bright.labels.tolist() == [0, 1]
    assert bright.classes == ("walk", "run") and bright.split("test").tolist() == [0, 1]
    assert dark.sources[2].store is None, "paint is not found at night"
    assert brightened.sources[0].store is not None and brightened.sources[0].store.path == bright.path
    report = json.loads((tmp_path / "gamma_4.report.json").read_text())
    assert report["no_detections"] == ["clip0", "clip1"]
    assert sorted(path.name for path in tmp_path.glob("*.json")) == [
        "gamma_1.5.report.json", "gamma_1.5_brightened.report.json", "gamma_1.report.json", "gamma_4.report.json",
        "gamma_4_brightened.report.json",
    ]  # fmt: skip

    def never(*_arguments: object, **_options: object) -> None:
        raise AssertionError("what was found is kept")

    monkeypatch.setattr(PaintedPose, "find_people", never)
    (again, _), _ = series_of(darkness, videos, store, tmp_path)
    assert again.sources[0].store is not None and again.sources[0].store.fingerprint == bright.fingerprint


def test_brightening_again_finds_people_in_dim_light(videos, store, tmp_path) -> None:
    (dark, brightened), _ = series_of(Darkness((1.0, 1.5), make_painted, brighten=True), videos, store, tmp_path)
    found = [0 if series.sources[1].store is None else len(series.sources[1].store) for series in (dark, brightened)]
    assert found == [0, 2]


def test_workers_find_what_one_process_finds(videos, store, tmp_path) -> None:
    one, two = (
        series_of(Darkness((1.0, 1.2), make_painted, workers=workers), videos, store, tmp_path / str(workers))[0][0]
        for workers in (1, 2)
    )
    for left, right in zip(one.sources, two.sources, strict=True):
        assert (left.store and left.store.fingerprint) == (right.store and right.store.fingerprint)


def test_a_video_that_cannot_be_read_is_named_and_the_rest_goes_on(videos, store, tmp_path) -> None:
    (dark,), remarks = series_of(Darkness((1.0, 1.2), make_painted), videos, store, tmp_path, indices=(0, 2))
    assert dark.sources[0].store is not None and dark.sources[0].store.names == ["clip0"]
    assert [remark.split(":")[0] for remark in remarks] == ["poses gamma 1", "poses gamma 1.2"]
    assert "broken could not be read" in remarks[0] and "text file" in remarks[0]


def test_a_video_at_which_the_estimator_fails_is_named_too(videos, store, tmp_path, monkeypatch) -> None:
    look = PaintedPose.find_people

    def fails_at_blue(self: PaintedPose, image_rgb: np.ndarray, **options: bool) -> list:
        if (image_rgb[..., 2] > 180).any():
            raise RuntimeError("no blue, please")
        return look(self, image_rgb, **options)

    monkeypatch.setattr(PaintedPose, "find_people", fails_at_blue)
    (dark,), remarks = series_of(Darkness((1.0, 1.1), make_painted), videos, store, tmp_path)
    assert remarks[0] == "poses gamma 1: clip1 could not be read: RuntimeError: no blue, please"
    assert dark.sources[0].store is not None and dark.sources[0].store.names == ["clip0"]


def test_what_cannot_be_darkened_is_refused_before_any_work(videos, store, tmp_path) -> None:
    darkness = Darkness((1.0, 2.0), make_painted)
    with pytest.raises(ValueError, match=r"clip 'pictures': darkness needs video files, .* is a folder"):
        series_of(darkness, videos, store, tmp_path, indices=(0, 3))
    with pytest.raises(FileNotFoundError, match="clip 'gone' has no video"):
        series_of(darkness, videos, store, tmp_path, indices=(0, 4))
    with pytest.raises(ValueError, match="unknown pose estimator 'nonesuch'"):
        series_of(Darkness((1.0, 2.0), "nonesuch"), videos, store, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_store_of_another_estimator_is_refused(videos, store, tmp_path) -> None:
    series_of(Darkness((1.0, 1.2), make_painted), videos, store, tmp_path)
    with pytest.raises(
        ValueError, match=r"extracted with pose make_painted, .* now asked for is pose PaintedPose, .*out"
    ):
        series_of(Darkness((1.0, 1.2), PaintedPose), videos, store, tmp_path)


def test_options_of_the_command_line() -> None:
    assert Darkness().gammas == GAMMAS
    for gammas in ([2.0], [2.0, 1.5], [0.5, 2.0], [1.0, 9.0], [1.0, 1.0]):
        with pytest.raises(ValueError, match=r"^gammas must be two or more that rise from at least 1 to at most 8"):
            Darkness(gammas)
    with pytest.raises(ValueError, match=r"^workers must be at least 1, got 0"):
        Darkness(workers=0)
