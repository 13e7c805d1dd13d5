"""SimCC and heatmap decoding on made arrays, and whole estimators on made .onnx files."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.pose.estimators.loading import load_estimator
from posecube.pose.estimators.rtmpose import RtmPose, decode_heatmaps, decode_simcc

# A standing person in a crop of 192 x 256 pixels, whole numbers of 4 so that heatmaps hit them.
PERSON = np.array(
    [
        [96, 32], [100, 28], [92, 28], [104, 32], [88, 32],
        [116, 64], [76, 64], [124, 100], [68, 100], [124, 132], [68, 132],
        [108, 132], [84, 132], [108, 180], [84, 180], [108, 228], [84, 228],
    ]
)  # fmt: skip


def simcc(points_xy=PERSON, peak=0.8) -> list[np.ndarray]:
    columns = np.zeros((1, len(points_xy), 384), np.float32)
    rows = np.zeros((1, len(points_xy), 512), np.float32)
    for joint, (x, y) in enumerate(points_xy):
        columns[0, joint, 2 * x], rows[0, joint, 2 * y] = peak, peak
    return [columns, rows]


def heatmaps(points_xy=PERSON, peak=0.8) -> list[np.ndarray]:
    maps = np.zeros((1, len(points_xy), 64, 48), np.float32)
    for joint, (x, y) in enumerate(points_xy):
        maps[0, joint, y // 4, x // 4] = peak
    return [maps]


def save_model(path: Path, outputs: list[np.ndarray]) -> Path:
    """A model that answers the same whatever it is shown."""
    onnx = pytest.importorskip("onnx")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "0"], ["z"]),
    ]
    constants = [helper.make_tensor("0", floats, [], [0.0])]
    infos = []
    for index, output in enumerate(outputs):
        constants.append(onnx.numpy_helper.from_array(output, f"constant{index}"))
        nodes.append(helper.make_node("Add", [f"constant{index}", "z"], [f"output{index}"]))
        infos.append(helper.make_tensor_value_info(f"output{index}", floats, output.shape))
    image = helper.make_tensor_value_info("image", floats, [1, 3, 256, 192])
    model = helper.make_model(
        helper.make_graph(nodes, "made", [image], infos, constants),
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
    )
    path.write_bytes(model.SerializeToString())
    return path


@given(st.integers(0, 383), st.integers(0, 511), st.floats(0.1, 3))
def test_simcc_gives_bins_in_pixels_and_the_lower_peak(column, row, peak):
    columns, rows = np.zeros((1, 384)), np.zeros((1, 512))
    columns[0, column], rows[0, row] = peak, 2 * peak
    points, confidence = decode_simcc(columns, rows, size_wh=(192, 256))
    np.testing.assert_allclose(points, [[column / 2, row / 2]])
    assert confidence[0] == pytest.approx(min(peak, 1))


@pytest.mark.parametrize(
    ("neighbours", "expected"),
    [
        ({}, (80, 120)),
        ({(30, 21): 0.5}, (81, 120)),
        ({(31, 20): 0.5, (30, 19): 0.2}, (79, 121)),
        ({(29, 20): 0.1}, (80, 119)),
    ],
    ids=["alone", "right", "down and left", "up"],
)
def test_heatmap_peaks_move_a_quarter_cell(neighbours, expected):
    maps = np.zeros((1, 64, 48))
    maps[0, 30, 20] = 0.9
    for (row, column), value in neighbours.items():
        maps[0, row, column] = value
    points, confidence = decode_heatmaps(maps, size_wh=(192, 256))
    np.testing.assert_allclose(points, [expected])
    assert confidence[0] == pytest.approx(0.9)


@pytest.mark.parametrize("cell", [(0, 0), (63, 47), (0, 20), (30, 47)])
def test_peaks_at_the_rim_stay(cell):
    maps = np.zeros((1, 64, 48))
    maps[0][cell] = 2.0
    points, confidence = decode_heatmaps(maps, size_wh=(192, 256))
    np.testing.assert_allclose(points, [[4 * cell[1], 4 * cell[0]]])
    assert confidence[0] == 1


@pytest.mark.parametrize("outputs", [simcc(), heatmaps(), [np.concatenate([o, o], 1)[:, :26] for o in simcc()]],
                         ids=["simcc", "heatmaps", "halpe26"])  # fmt: skip
def test_a_made_model_gives_its_person_in_frame_pixels(tmp_path, monkeypatch, outputs):
    monkeypatch.delenv("POSECUBE_WEIGHTS", raising=False)
    monkeypatch.setenv("POSECUBE_CACHE", str(tmp_path))
    estimator = load_estimator(save_model(tmp_path / "m.onnx", outputs), threads=1)
    image = np.zeros((512, 384, 3), np.uint8)  # twice the crop, same shape
    poses = estimator.estimate(image, estimator.find_people(image))
    np.testing.assert_allclose(poses.keypoints_xy[0], PERSON * 2 + 0.5, atol=1e-3)
    np.testing.assert_allclose(poses.confidence[0], 0.8, atol=1e-6)
    assert poses.score[0] == pytest.approx(0.8) and estimator.layout.name == "coco17"
    left, _, _, bottom = poses.next_regions[0].box_xyxy
    assert left < 2 * PERSON[:, 0].min() and bottom > 2 * PERSON[:, 1].max()


def test_a_model_that_sees_nobody(tmp_path):
    estimator = RtmPose(save_model(tmp_path / "m.onnx", simcc(peak=0.05)), detector=None, threads=1)
    image = np.zeros((512, 384, 3), np.uint8)
    assert estimator.estimate(image, estimator.find_people(image)).score[0] == 0
    assert len(estimator.estimate(image, [])) == 0


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ([np.zeros((1, 17), np.float32)], "expected two outputs"),
        ([np.zeros((1, 5, 64, 48), np.float32)], "this gives 5"),
    ],
    ids=["flat", "five joints"],
)
def test_other_models_are_refused(tmp_path, outputs, message):
    estimator = RtmPose(save_model(tmp_path / "m.onnx", outputs), detector=None, threads=1)
    image = np.zeros((64, 64, 3), np.uint8)
    with pytest.raises(ValueError, match=message):
        estimator.estimate(image, estimator.find_people(image))
