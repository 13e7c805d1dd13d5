"""Golden networks: weights by rule, filled into ours under their published names."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from torch import Tensor

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "networks"), str(TESTS)]

from golden import files, rule  # noqa: E402


@pytest.fixture(scope="session")
def goldlib() -> ModuleType:
    """The rule that made the golden weights and inputs."""
    return rule


@pytest.fixture(scope="session")
def published_shapes() -> Callable[[str], dict[str, tuple[int, ...]]]:
    """Names and shapes of a checkpoint's tensors."""
    return files.shapes


@pytest.fixture(scope="session")
def published_state() -> Callable[[str], dict[str, Tensor]]:
    """A checkpoint's tensors, filled by the rule."""
    return lambda name: {key: rule.recipe(key, shape) for key, shape in files.shapes(name).items()}


@pytest.fixture(scope="session")
def golden_model() -> Callable[[str], dict[str, Any]]:
    """Input and logits of a model filled by the rule."""
    return files.model
