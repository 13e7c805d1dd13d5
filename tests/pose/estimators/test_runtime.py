"""One interface over OpenVINO and ONNX Runtime, on models made here."""

import importlib.util
import threading
from pathlib import Path

import numpy as np
import pytest

from posecube.errors import MissingExtraError
from posecube.pose.estimators.runtime import load_runtime, useful_threads

onnx = pytest.importorskip("onnx")
BACKENDS = ["openvino", *(["onnxruntime"] if importlib.util.find_spec("onnxruntime") else [])]


def save_model(path: Path, *, batch: int | str = 1) -> Path:
    """twice = 2 x and total = sum of x over its last axis."""
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [
            helper.make_node("Mul", ["x", "two"], ["twice"]),
            helper.make_node("ReduceSum", ["x", "axis"], ["total"], keepdims=0),
        ],
        "made",
        [helper.make_tensor_value_info("x", floats, [batch, 3])],
        [
            helper.make_tensor_value_info("twice", floats, [batch, 3]),
            helper.make_tensor_value_info("total", floats, [batch]),
        ],
        [
            helper.make_tensor("two", floats, [], [2.0]),
            helper.make_tensor("axis", onnx.TensorProto.INT64, [1], [1]),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize("backend", BACKENDS)
def test_arrays_in_arrays_out(tmp_path, backend):
    runtime = load_runtime(save_model(tmp_path / "m.onnx"), backend=backend)
    twice, total = runtime(np.array([[1, 2, 3]]))
    np.testing.assert_allclose(twice, [[2, 4, 6]])
    np.testing.assert_allclose(total, [6])
    assert runtime.backend == backend
    assert runtime.output_names == ("twice", "total") and runtime.input_shapes == ((1, 3),)


@pytest.mark.parametrize("backend", BACKENDS)
def test_only_the_wanted_outputs(tmp_path, backend):
    runtime = load_runtime(save_model(tmp_path / "m.onnx"), backend=backend, outputs=["total"])
    assert len(runtime(np.ones((1, 3)))) == 1
    with pytest.raises(ValueError, match=r"has no output mean; its outputs are: twice, total"):
        load_runtime(tmp_path / "m.onnx", backend=backend, outputs=["mean"])


@pytest.mark.parametrize("backend", BACKENDS)
def test_sizes_left_open(tmp_path, backend):
    runtime = load_runtime(save_model(tmp_path / "m.onnx", batch="N"), backend=backend)
    assert runtime.input_shapes == ((None, 3),)
    assert runtime(np.ones((5, 3)))[1].tolist() == [3] * 5


def test_results_do_not_change_with_the_next_call(tmp_path):
    runtime = load_runtime(save_model(tmp_path / "m.onnx"))
    first = runtime(np.ones((1, 3)))[0]
    runtime(np.zeros((1, 3)))
    np.testing.assert_array_equal(first, [[2, 2, 2]])


def test_a_model_is_compiled_once_a_process_and_anew_when_the_file_changes(tmp_path):
    path = save_model(tmp_path / "m.onnx")
    assert load_runtime(path) is load_runtime(str(path))
    before = load_runtime(path)
    save_model(path, batch=2)
    assert load_runtime(path) is not before


def test_calls_from_several_threads(tmp_path):
    runtime = load_runtime(save_model(tmp_path / "m.onnx"))
    wrong = []

    def work(value: float) -> None:
        for _ in range(50):
            if runtime(np.full((1, 3), value))[1][0] != 3 * value:
                wrong.append(value)

    workers = [threading.Thread(target=work, args=(float(value),)) for value in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("arrays", "message"),
    [([], "takes 1 inputs, got 0"), ([np.ones((2, 3))], r"shape \(1, 3\), got \(2, 3\)")],
    ids=["none", "other shape"],
)
def test_wrong_inputs_are_named(tmp_path, arrays, message):
    with pytest.raises(ValueError, match=message):
        load_runtime(save_model(tmp_path / "m.onnx"))(*arrays)


def test_what_is_no_model_is_refused(tmp_path):
    (tmp_path / "text.onnx").write_text("hello")
    with pytest.raises(ValueError, match=r"text\.onnx is not a model that .* can read") as caught:
        load_runtime(tmp_path / "text.onnx")
    assert "\n" not in str(caught.value)
    with pytest.raises(FileNotFoundError, match="does not exist"):
        load_runtime(tmp_path / "none.onnx")
    with pytest.raises(ValueError, match="unknown inference backend 'tflite'; known: onnxruntime, openvino"):
        load_runtime(tmp_path / "text.onnx", backend="tflite")
    with pytest.raises(ValueError, match="at least one thread"):
        load_runtime(tmp_path / "text.onnx", threads=0)


def test_onnx_runtime_missing_names_the_install_line(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(MissingExtraError, match=r"posecube\[onnx\]"):
        load_runtime(save_model(tmp_path / "m.onnx"), backend="onnxruntime")


def test_threads_asked_for_are_kept():
    assert useful_threads(7) == 7 and 1 <= useful_threads() <= 2


def test_a_device_that_this_machine_lacks_is_refused_in_one_line(tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this machine has CUDA")
    path = save_model(tmp_path / "m.onnx")
    assert load_runtime(path, device="cpu") is load_runtime(path, device="auto")
    with pytest.raises(ValueError, match=r"has no CUDAExecutionProvider; install .*onnxruntime-gpu") as caught:
        load_runtime(path, device="cuda")
    assert "\n" not in str(caught.value)
