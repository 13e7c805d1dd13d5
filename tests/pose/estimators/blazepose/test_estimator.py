"""BlazePose end to end on real pictures; skipped where its weights are not cached."""

import numpy as np
import pytest

from posecube.pose.estimators.blazepose.estimator import BlazePose
from posecube.pose.estimators.loading import load_estimator
from posecube.pose.estimators.model_files import find_model
from posecube.pose.estimators.yolox import YoloxDetector
from posecube.skeleton.layouts import COCO17
from posecube.video.reader import read_frames


@pytest.fixture(scope="module")
def estimator() -> BlazePose:
    for name in ("blazepose-detector", "blazepose-landmarks"):
        if find_model(name) is None:
            pytest.skip("BlazePose's weights are not cached; any `posecube recognize` fetches them")
    return BlazePose(threads=1)


@pytest.fixture(scope="module")
def standing(shared) -> np.ndarray:
    """One person, standing, 1080 rows."""
    return frame_of(shared, "one_person_drinking_ntu.avi")


def frame_of(shared, name: str, index: int = 0) -> np.ndarray:
    return next(f for f in read_frames(shared / "data" / "videos" / name) if f.index == index).image_rgb


@pytest.mark.parametrize(
    ("video", "index", "people"),
    [("two_people_ntu.mp4", 0, 2), ("three_people_aerobics.avi", 25, 3),
     ("tai_chi.mp4", 20, 1), ("nobody_swimming_pool.mp4", 0, 0), ("nobody_swimming_pool.mp4", 25, 0)],
)  # fmt: skip
def test_people_are_found_once_each(shared, estimator, video, index, people):
    image = frame_of(shared, video, index)
    poses = estimator.estimate(image, estimator.find_people(image))
    assert len(poses) == people and (poses.score >= 0.4).all()


def test_a_standing_person_has_head_and_feet_in_the_right_place(standing, estimator):
    poses = estimator.estimate(standing, estimator.find_people(standing, thorough=False))
    at = {joint: poses.keypoints_xy[0, COCO17.index(joint)] for joint in COCO17.joints}
    assert at["nose"][1] < at["left_shoulder"][1] < at["left_hip"][1] < at["left_knee"][1] < at["left_ankle"][1]
    assert at["left_shoulder"][0] > at["right_shoulder"][0]  # the subject's left is on the right of a frontal view
    assert poses.confidence[0].mean() > 0.7
    # Following gives the same joints as searching.
    again = estimator.estimate(standing, poses.next_regions)
    assert np.abs(again.keypoints_xy - poses.keypoints_xy).max() < 25


def test_regions_of_joints_and_boxes_find_the_same_person(standing, estimator):
    poses = estimator.estimate(standing, estimator.find_people(standing, thorough=False))
    regions = [
        estimator.region_of(poses.keypoints_xy[0], poses.confidence[0]),
        estimator.region_of_box(poses.boxes_xyxy[0].tolist()),
    ]
    for row in range(2):
        other = estimator.estimate(standing, regions)
        assert other.score[row] > 0.8
        assert np.median(np.abs(other.keypoints_xy[row] - poses.keypoints_xy[0])) < 8


def test_a_mirrored_picture_gives_mirrored_joints(standing, estimator):
    poses = estimator.estimate(standing, estimator.find_people(standing, thorough=False))
    flipped = np.ascontiguousarray(standing[:, ::-1])
    mirrored = estimator.estimate(flipped, estimator.find_people(flipped, thorough=False))
    joints = mirrored.keypoints_xy[0][list(COCO17.joint_mirror)]
    joints[:, 0] = standing.shape[1] - 1 - joints[:, 0]
    assert np.median(np.abs(joints - poses.keypoints_xy[0])) < 6


def test_somebody_in_the_dark_is_looked_at_in_more_light(standing, estimator):
    """In a twentieth of the light, where nobody is found without: joints lie where they are by day."""
    by_day = estimator.estimate(standing, estimator.find_people(standing, thorough=False))
    night = (0.05 * standing).astype(np.uint8)
    by_night = estimator.estimate(night, estimator.find_people(night, thorough=False))
    assert len(by_night) == 1 and by_night.score[0] > 0.4
    assert np.median(np.abs(by_night.keypoints_xy - by_day.keypoints_xy)) < 15


def test_boxes_of_yolox_serve_as_well(shared, estimator):
    detector = YoloxDetector(shared / "data" / "weights" / "yolox_nano.onnx")
    with_boxes = BlazePose(detector=detector, threads=1)
    assert with_boxes.name == "yolox-blazepose"
    for video, index, people in (("three_people_aerobics.avi", 65, 3), ("tai_chi.mp4", 20, 1)):
        assert len(with_boxes.find_people(frame_of(shared, video, index))) == people


def test_no_regions_no_people(estimator):
    assert len(estimator.estimate(np.zeros((50, 60, 3), np.uint8), [])) == 0
    assert estimator.find_people(np.zeros((50, 60, 3), np.uint8)) == []


def test_a_region_needs_a_joint(estimator):
    with pytest.raises(ValueError, match="at least one joint"):
        estimator.region_of(np.zeros((17, 2)), np.zeros(17))


def test_yolox_is_used_where_its_file_is_at_hand(shared, estimator, monkeypatch, tmp_path):
    monkeypatch.setenv("POSECUBE_WEIGHTS", str(tmp_path))
    assert load_estimator("blazepose-own", threads=1).name == "blazepose"
    monkeypatch.setenv("POSECUBE_WEIGHTS", str(shared / "data" / "weights"))
    assert load_estimator("blazepose", threads=1).name == "yolox-blazepose"
