"""MoveNet: decoding, and the real model on boxes of YOLOX."""

import numpy as np
import pytest

from posecube.pose.estimators.movenet import MoveNet, decode_movenet
from posecube.pose.estimators.yolox import YoloxDetector
from posecube.skeleton.layouts import COCO17
from posecube.video.reader import read_frames


def test_decoding_swaps_rows_and_columns():
    output = np.zeros((1, 1, 17, 3), np.float32)
    output[..., 3, :] = [0.25, 0.5, 0.7]
    points, confidence = decode_movenet(output, size_wh=(192, 192))
    np.testing.assert_allclose(points[3], [95.5, 47.5])
    assert confidence[3] == pytest.approx(0.7)


def test_another_output_is_refused():
    with pytest.raises(ValueError, match=r"\(1, 1, 17, 3\), got \(1, 6, 56\)"):
        decode_movenet(np.zeros((1, 6, 56)), size_wh=(192, 192))


def test_two_real_people(shared):
    weights = shared / "data" / "weights"
    detector = YoloxDetector(weights / "yolox_nano.onnx")
    estimator = MoveNet(weights / "movenet_single_pose_lightning_ptq.tflite", detector=detector, threads=1)
    image = next(iter(read_frames(shared / "data" / "videos" / "two_people_ntu.mp4"))).image_rgb
    regions = estimator.find_people(image)
    poses = estimator.estimate(image, regions)
    poses = estimator.estimate(image, poses.next_regions)
    assert len(poses) == 2 and (poses.score > 0.4).all()
    nose, ankle = COCO17.index("nose"), COCO17.index("left_ankle")
    assert (poses.keypoints_xy[:, ankle, 1] - poses.keypoints_xy[:, nose, 1] > 400).all()
