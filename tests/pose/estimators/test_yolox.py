"""YOLOX: grid decoding against a slow reference, suppression, letterbox; the real file where it is at hand."""

import math

import numpy as np
import pytest

from posecube.pose.estimators.yolox import YoloxDetector, decode_people, grid_cells, letterbox, suppress_overlapping
from posecube.video.reader import read_frames

SIZE_HW = (64, 96)
NUM_CELLS = (8 * 12) + (4 * 6) + (2 * 3)


def test_decoding_against_a_slow_reference():
    rng = np.random.default_rng(0)
    raw = rng.uniform(0, 1, (NUM_CELLS, 85)).astype(np.float32)
    boxes, score = decode_people(raw, size_hw=SIZE_HW, min_score=0.3)
    expected, row = [], 0
    for stride in (8, 16, 32):
        for y in range(64 // stride):
            for x in range(96 // stride):
                value = raw[row, 4] * raw[row, 5]
                if value >= 0.3:
                    cx, cy = (raw[row, 0] + x) * stride, (raw[row, 1] + y) * stride
                    w, h = math.exp(raw[row, 2]) * stride, math.exp(raw[row, 3]) * stride
                    expected.append([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, value])
                row += 1
    assert row == NUM_CELLS == len(grid_cells(SIZE_HW)[0])
    np.testing.assert_allclose(np.column_stack([boxes, score]), expected, rtol=1e-5)


def test_another_grid_is_refused():
    with pytest.raises(ValueError, match=r"expected 126 cells with 85 numbers .* got \(7, 85\)"):
        decode_people(np.zeros((7, 85)), size_hw=SIZE_HW, min_score=0.5)


def test_suppression_keeps_the_surest_of_those_that_overlap():
    boxes = np.array([[0, 0, 10, 10], [1, 1, 11, 11], [30, 30, 40, 40], [0, 0, 10, 4]], float)
    assert suppress_overlapping(boxes, np.array([0.5, 0.9, 0.3, 0.6]), max_iou=0.5).tolist() == [1, 3, 2]
    assert suppress_overlapping(np.zeros((0, 4)), np.zeros(0), max_iou=0.5).tolist() == []


@pytest.mark.parametrize(("height", "width"), [(50, 100), (300, 100), (416, 416), (1080, 1920)])
def test_letterbox_fits_and_pads_with_grey(height, width):
    canvas, scale = letterbox(np.full((height, width, 3), 200, np.uint8), (416, 416))
    assert canvas.shape == (416, 416, 3) and max(height, width) * scale == pytest.approx(416)
    used = (canvas == 200).all(axis=-1)
    assert used.sum() == pytest.approx(height * width * scale**2, rel=0.02) and (canvas[~used] == 114).all()


def test_real_people_are_counted(shared):
    detector = YoloxDetector(shared / "data" / "weights" / "yolox_nano.onnx")
    for name, people in (("two_people_ntu.mp4", 2), ("three_people_aerobics.avi", 3), ("nobody_swimming_pool.mp4", 0)):
        image = next(iter(read_frames(shared / "data" / "videos" / name))).image_rgb
        boxes, score = detector.find_boxes(image)
        assert len(boxes) == people and (np.diff(score) <= 0).all()
        assert (boxes >= -0.5).all() and (boxes[:, 2] <= image.shape[1] - 0.5).all()
