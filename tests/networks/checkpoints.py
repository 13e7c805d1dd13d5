"""Checkpoint files as other frameworks write them."""

import collections
import datetime
import pathlib
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor


@contextmanager
def framework_types() -> Iterator[Any]:
    """Types called as MMEngine's are: a loss history that keeps its own methods, and a dict with attributes."""

    class HistoryBuffer:
        methods: dict[str, object]

        def mean(self) -> float:
            return float(self.log.mean())

        def __init__(self) -> None:
            self.log, self.methods = np.array([1.5, 0.5]), {"mean": HistoryBuffer.mean}

    class ConfigDict(dict):
        pass

    kinds = {"mmengine.logging.history_buffer": HistoryBuffer, "mmengine.config.config": ConfigDict}
    modules = ["mmengine", "mmengine.logging", "mmengine.config", *kinds]
    sys.modules.update({name: types.ModuleType(name) for name in modules})
    for name, kind in kinds.items():
        kind.__module__, kind.__qualname__ = name, kind.__name__
        setattr(sys.modules[name], kind.__name__, kind)
    HistoryBuffer.mean.__qualname__ = "HistoryBuffer.mean"
    HistoryBuffer.mean.__module__ = HistoryBuffer.__module__
    try:
        yield types.SimpleNamespace(HistoryBuffer=HistoryBuffer, ConfigDict=ConfigDict)
    finally:
        for name in modules:
            del sys.modules[name]


def pyskl_content(state: Mapping[str, Tensor]) -> dict[str, Any]:
    """What pyskl saves: meta with the config's text, weights, and the optimizer's state."""
    return {
        "meta": {"pyskl_version": "0.1.0+3f6795f", "config": "model = dict(type='Recognizer3D')\n", "epoch": 24},
        "state_dict": collections.OrderedDict(state),
        "optimizer": {"state": {0: {"momentum_buffer": torch.ones(3)}}, "param_groups": [{"lr": 0.1, "params": [0]}]},
    }


def mmaction2_content(state: Mapping[str, Tensor], framework: Any) -> dict[str, Any]:
    """What MMAction2 1.x saves by MMEngine: types of its own and of numpy all over."""
    return {
        "meta": {
            "cfg": "model = dict(type='RecognizerGCN')\n",
            "mmengine_version": "0.10.7",
            "seed": np.int64(3),
            "dataset_meta": framework.ConfigDict(classes=("a", "b"), more=framework.ConfigDict(palette=[1])),
            "time": datetime.datetime(2024, 1, 2),
            "work_dir": pathlib.PosixPath("work_dirs/x"),
            "counts": collections.defaultdict(list, a=[np.float32(0.5)]),
        },
        "state_dict": collections.OrderedDict(state),
        "message_hub": {
            "log_scalars": collections.OrderedDict({"train/loss": framework.HistoryBuffer()}),
            "runtime_info": {"dtype": np.dtype("float32"), "seen": {1, 2}, "losses": np.arange(4.0)},
        },
        "optimizer": {"state": {0: {"momentum_buffer": torch.ones(3)}}},
        "param_schedulers": [{"last_step": 24, "_last_lr": [0.0]}],
    }
