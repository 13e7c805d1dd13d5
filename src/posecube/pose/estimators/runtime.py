"""One way to run a model file: arrays in, arrays out, whichever inference library does the work."""

from __future__ import annotations

import importlib.util
import logging
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy import ndarray

from posecube import lookup
from posecube.errors import UserError, extra

_log = logging.getLogger(__name__)

BACKENDS = ("openvino", "onnxruntime")
# What computes on each device. The processor is the choice of "auto": joints are then the same on every machine.
DEVICES = {
    "auto": "CPUExecutionProvider",
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "mps": "CoreMLExecutionProvider",
}


class Runtime(Protocol):
    """A compiled model.

    Attributes:
        path: The file that it was read from.
        backend: "openvino" or "onnxruntime".
        input_shapes: Shape of each input; None stands for a size that may change.
        output_names: Name of each array that a call returns.
    """

    path: Path
    backend: str
    input_shapes: tuple[tuple[int | None, ...], ...]
    output_names: tuple[str, ...]

    def __call__(self, *arrays: ndarray) -> tuple[ndarray, ...]:
        """Run the model once; safe to call from several threads."""
        ...


def load_runtime(
    path: str | Path,
    *,
    backend: str | None = None,
    device: str = "auto",
    threads: int = 1,
    outputs: Sequence[str] | None = None,
) -> Runtime:
    """Compile a model, or hand out the one that this process has compiled before.

    Args:
        path: A .onnx, .tflite or OpenVINO .xml file.
        backend: "openvino", "onnxruntime", or None for OpenVINO with ONNX Runtime (where installed) as the fallback,
            and for ONNX Runtime on other devices than the processor.
        device: One of DEVICES; "auto" is the processor.
        threads: Cores that one call may use.
        outputs: Names of the outputs that are wanted; layers that only the others need are cut off. None keeps all.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If the file is no model, the backend, the device or an output is unknown, or this machine lacks it.
        MissingExtraError: If ONNX Runtime is asked for and not installed.
    """
    path = Path(path)
    if backend is not None and backend not in BACKENDS:
        raise lookup.unknown(backend, BACKENDS, what="inference backend")
    provider = lookup.find(DEVICES, device, what="device")
    if threads < 1:
        raise UserError(f"an inference runtime needs at least one thread, got {threads}")
    if not path.is_file():
        raise FileNotFoundError(f"model file {path} does not exist")
    status = path.stat()
    wanted = tuple(outputs) if outputs is not None else None
    return _compiled(path.resolve(), status.st_mtime_ns, status.st_size, backend, provider, threads, wanted)


def useful_threads(threads: int | None = None) -> int:
    """The number given, else what helps models of this size: two, or one where there is one core."""
    if threads is not None:
        return threads
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(2, cores)


@lru_cache(maxsize=16)
def _compiled(
    path: Path,
    _mtime_ns: int,
    _size: int,
    backend: str | None,
    provider: str,
    threads: int,
    outputs: tuple[str, ...] | None,
) -> Runtime:
    if backend == "onnxruntime" or provider != DEVICES["cpu"]:
        return OnnxRuntime(path, provider=provider, threads=threads, outputs=outputs)
    try:
        return OpenVinoRuntime(path, threads=threads, outputs=outputs)
    except RuntimeError as error:
        if backend is None and path.suffix == ".onnx" and importlib.util.find_spec("onnxruntime"):
            _log.info("OpenVINO cannot read %s, taking ONNX Runtime", path)
            return OnnxRuntime(path, threads=threads, outputs=outputs)
        raise UserError(f"{path} is not a model that OpenVINO can read: {_last_line(error)}") from None


class OpenVinoRuntime:
    """Runs a model with OpenVINO in float32.

    Left alone, OpenVINO computes in bfloat16 where the processor can, which moves joints by up to 13 pixels.
    """

    backend = "openvino"

    def __init__(self, path: Path, *, threads: int = 1, outputs: Sequence[str] | None = None) -> None:
        import openvino  # here, so that ONNX Runtime alone is enough to run a model

        self.path = path
        core = openvino.Core()
        model = core.read_model(path)
        names = [output.get_any_name() for output in model.outputs]
        if outputs is not None:
            _check_outputs(path, outputs, names)
            model = openvino.Model([model.output(name) for name in outputs], model.get_parameters())
        settings = {
            "INFERENCE_PRECISION_HINT": "f32",
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
        }
        self._compiled = core.compile_model(model, "CPU", settings)
        self._types = [port.element_type.to_dtype() for port in self._compiled.inputs]
        self._local = threading.local()
        self.output_names = tuple(outputs) if outputs is not None else tuple(names)
        self.input_shapes = tuple(
            tuple(axis.get_length() if axis.is_static else None for axis in port.partial_shape)
            for port in self._compiled.inputs
        )

    def __call__(self, *arrays: ndarray) -> tuple[ndarray, ...]:
        """Run the model once; each thread has a request of its own."""
        request = getattr(self._local, "request", None)
        if request is None:
            request = self._local.request = self._compiled.create_infer_request()
        request.infer(_checked_inputs(self, arrays, self._types), share_inputs=True)
        return tuple(request.get_output_tensor(index).data.copy() for index in range(len(self.output_names)))


class OnnxRuntime:
    """Runs an .onnx file with ONNX Runtime (optional extra)."""

    backend = "onnxruntime"

    def __init__(
        self,
        path: Path,
        *,
        provider: str = DEVICES["cpu"],
        threads: int = 1,
        outputs: Sequence[str] | None = None,
    ) -> None:
        with extra("onnx", needed_for=f"running {path.name} with ONNX Runtime"):
            import onnxruntime

        self.path = path
        if provider not in onnxruntime.get_available_providers():
            raise UserError(
                f"{path.name}: the ONNX Runtime that is installed here has no {provider}; install one that has it (for "
                "CUDA: onnxruntime-gpu), or leave the device to auto"
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=[provider])
        except Exception as error:  # its exceptions have no common public type
            raise UserError(f"{path} is not a model that ONNX Runtime can read: {_last_line(error)}") from None
        if provider not in self._session.get_providers():  # it falls back to the processor without a word
            raise UserError(f"{path.name}: {provider} finds no device here; leave the device to auto")
        names = [output.name for output in self._session.get_outputs()]
        if outputs is not None:
            _check_outputs(path, outputs, names)
        self.output_names = tuple(outputs) if outputs is not None else tuple(names)
        inputs = self._session.get_inputs()
        self._input_names = [port.name for port in inputs]
        self._types = [_NUMPY_TYPES[port.type] for port in inputs]
        self.input_shapes = tuple(tuple(n if isinstance(n, int) else None for n in port.shape) for port in inputs)

    def __call__(self, *arrays: ndarray) -> tuple[ndarray, ...]:
        """Run the model once."""
        feed = dict(zip(self._input_names, _checked_inputs(self, arrays, self._types), strict=True))
        return tuple(self._session.run(list(self.output_names), feed))


_NUMPY_TYPES: dict[str, Any] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


def _checked_inputs(runtime: Runtime, arrays: Sequence[ndarray], types: Sequence[Any]) -> list[ndarray]:
    if len(arrays) != len(runtime.input_shapes):
        raise UserError(f"{runtime.path.name} takes {len(runtime.input_shapes)} inputs, got {len(arrays)}")
    for array, shape in zip(arrays, runtime.input_shapes, strict=True):
        fits = len(array.shape) == len(shape) and all(m in (None, n) for m, n in zip(shape, array.shape, strict=True))
        if not fits:
            raise UserError(f"{runtime.path.name} takes an input of shape {shape}, got {array.shape}")
    return [np.ascontiguousarray(array, dtype=dtype) for array, dtype in zip(arrays, types, strict=True)]


def _check_outputs(path: Path, wanted: Sequence[str], names: Sequence[str]) -> None:
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise UserError(f"{path.name} has no output {', '.join(unknown)}; its outputs are: {', '.join(names)}")


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
