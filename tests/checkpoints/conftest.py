"""Published checkpoints to import: the fixtures of tests/networks, and small networks under published names."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

NETWORKS_TESTS = Path(__file__).resolve().parents[1] / "networks"
sys.path.insert(0, str(NETWORKS_TESTS))
_spec = importlib.util.spec_from_file_location("golden_fixtures", NETWORKS_TESTS / "conftest.py")
assert _spec is not None and _spec.loader is not None
_golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_golden)
goldlib, golden_model = _golden.goldlib, _golden.golden_model
published_shapes, published_state = _golden.published_shapes, _golden.published_state


@pytest.fixture
def small_state() -> Callable[..., dict[str, Tensor]]:
    """A state dict under published names, of a small network."""
    from builders import published_names
    from posecube.networks import NETWORKS

    def state(architecture: str, **arguments: Any) -> dict[str, Tensor]:
        torch.manual_seed(0)
        own = NETWORKS[architecture](**{"num_classes": 3, **arguments}).state_dict()
        names = published_names(architecture, own)
        return {names[key]: tensor.clone() for key, tensor in own.items()}

    return state
