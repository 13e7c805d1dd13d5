"""Golden networks: weights by recipe, filled into ours under their published names."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def goldlib(shared: Path) -> ModuleType:
    """The program that made the golden weights and inputs."""
    spec = importlib.util.spec_from_file_location("goldlib", shared / "data/golden/goldlib.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def published_shapes(shared: Path) -> Callable[[str], dict[str, tuple[int, ...]]]:
    """Names and shapes of a checkpoint's tensors."""

    def shapes(name: str) -> dict[str, tuple[int, ...]]:
        listing = (shared / "data/golden/state_dicts" / f"{name}.txt").read_text().splitlines()
        rows = [line.split("\t") for line in listing if not line.startswith("#")]
        return {key: tuple(map(int, shape.strip("()").replace(",", " ").split())) for _, key, shape, _ in rows}

    return shapes


@pytest.fixture(scope="session")
def published_state(
    published_shapes: Callable[[str], dict[str, tuple[int, ...]]], goldlib: ModuleType
) -> Callable[[str], dict[str, Tensor]]:
    """A checkpoint's tensors, filled by the recipe."""
    return lambda name: {key: goldlib.recipe(key, shape) for key, shape in published_shapes(name).items()}


@pytest.fixture(scope="session")
def golden_model(shared: Path) -> Callable[[str], dict[str, Any]]:
    """Input and logits of a model filled by the recipe."""
    return lambda name: torch.load(shared / "data/golden/models" / f"{name}_recipe.pt", weights_only=True)
