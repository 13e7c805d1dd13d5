"""PCK on rendered clips, with an estimator that is wrong in a known way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from jaxtyping import UInt8
from numpy import ndarray

import pose_errors
import studio_pose
from pose_errors import VIEWS, Errors, Score, estimate_clip, mean_offsets, view_of
from posecube.pose.types import TrackedPose
from posecube.skeleton.layouts import COCO17
from posecube.video.frame import Frame
from posecube_studio.clip import RenderedClip, render_clip
from studio_pose import Trial, by_light


@pytest.fixture(scope="module")
def clip() -> RenderedClip:
    return render_clip("wave", num_frames=3, size_hw=(64, 114), fps=10, rig="arc", view=1)


def follow(
    monkeypatch: pytest.MonkeyPatch, truth: RenderedClip, shift_px: tuple[float, float], seen: Sequence[int]
) -> None:
    """Estimate the truth but for a shift, in some frames."""

    def track(frames: Iterator[Frame], _: object) -> Iterator[tuple[Frame, list[TrackedPose]]]:
        for frame in frames:
            xy = truth.keypoints_xy[0, frame.index] + np.array(shift_px, dtype=np.float32)
            pose = TrackedPose(1, xy, np.ones(17, np.float32), np.array([0, 0, 9, 9], np.float32), 0.9)
            yield frame, [pose] if frame.index in seen else []

    monkeypatch.setattr(pose_errors, "track_people", track)


def test_a_perfect_estimate_is_perfect(clip: RenderedClip, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, clip, (0, 0), seen=range(3))
    score = Score.of([estimate_clip(clip, None)])  # type: ignore[arg-type]
    assert (score.pck_10, score.pck_20, score.found, score.counted) == (100, 100, 100, 100)
    assert score.num_joints == (clip.confidence == 1).sum()


def test_who_is_missed_is_wrong(clip: RenderedClip, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, clip, (1, -2), seen=[1])
    errors = estimate_clip(clip, None)  # type: ignore[arg-type]
    score = Score.of([errors])
    assert score.found == score.counted == pytest.approx(100 / 3)
    assert 0 < score.pck_20 < 50
    right, down = mean_offsets([errors], view=int(errors.view[0, 1])).T
    assert (right[errors.visible[0, 1]] > 0).all() and (down[errors.visible[0, 1]] < 0).all()


def test_joints_and_views_are_told_apart(clip: RenderedClip, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, clip, (0, 0), seen=range(3))
    errors = estimate_clip(clip, None)  # type: ignore[arg-type]
    errors.offsets[..., COCO17.index("left_knee"), :] += 0.15
    assert Score.of([errors], joints=["left_knee"]).pck_10 == 0
    assert Score.of([errors], joints=["left_knee"]).pck_20 == 0  # both ways: 0.21
    assert Score.of([errors], joints=["right_knee"]).pck_10 == 100
    seen_from = int(errors.view[0, 0])
    assert Score.of([errors], view=(seen_from + 1) % 4).num_joints == 0
    assert np.isnan(Score.of([errors], view=(seen_from + 1) % 4).found)


def test_views_follow_the_chest() -> None:
    clips = [
        render_clip("idle", num_frames=2, size_hw=(64, 64), variety=0.0, rig="arc", view=view) for view in range(6)
    ]
    seen = [VIEWS[view_of(clip.keypoints_3d)[0, 0]] for clip in clips]
    # People face camera 1 at -45 degrees.
    assert seen[1] == "front" and seen[0] == seen[3] == "45 degrees" and seen[2] == "side" and seen[5] == "back"


def test_light_has_names_from_bright_to_dark() -> None:
    def errors(dark: float, *, brightened: bool = False) -> Errors:
        nothing = np.zeros((1, 1, 17))
        return Errors("wave", dark, brightened, np.zeros((1, 1, 17, 2)), nothing > 0, nothing[..., 0] > 0, nothing > 0)

    several = [errors(4), errors(4, brightened=True), errors(2.5), errors(1)]
    assert list(by_light(several)) == ["bright", "dark_2.5", "dark_4", "dark_4_brightened"]


def test_brightened_frames_are_brighter(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[UInt8[ndarray, "H W 3"]] = []

    def look(frames: Iterator[Frame], _: object) -> Iterator[tuple[Frame, list[TrackedPose]]]:
        for frame in frames:
            looked_at.append(frame.image_rgb)
            yield frame, []

    monkeypatch.setattr(pose_errors, "track_people", look)
    trial = Trial(("wave",), views=(0,), darks=(1.0, 3.0), num_frames=1, size_hw=(64, 64))
    errors = list(trial.run(None))  # type: ignore[arg-type]
    assert [(each.dark, each.brightened) for each in errors] == [(1.0, False), (3.0, False), (3.0, True)]
    bright, dark, brightened = (float(image.mean()) for image in looked_at)
    assert dark < 0.5 * brightened < bright


def test_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio_pose, "load_estimator", lambda: None)
    monkeypatch.setattr(pose_errors, "track_people", lambda frames, _: ((frame, []) for frame in frames))
    small = replace(Trial(("wave",)), views=(1,), num_frames=1, size_hw=(64, 64))
    monkeypatch.setattr(studio_pose, "Trial", lambda *, darks, **_: replace(small, darks=darks))
    figures = studio_pose.measure()
    lights = ("bright", "dark_3.2", "dark_3.2_brightened")
    assert {f"{light}_{what}" for light in lights for what in ("pck", "found", "counted")} < figures.keys()
    assert len(figures) == 10  # and the one view of the one clip
    assert set(figures.values()) == {0.0}
