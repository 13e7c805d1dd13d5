"""Golden files: the originals where the shared folder has them, the small ones of the repository elsewhere."""

import io
import lzma
import os
from pathlib import Path
from typing import Any

import torch

HERE = Path(__file__).resolve().parent
ORIGINALS = Path(os.environ.get("POSECUBE_SHARED", HERE.parents[2] / "shared")) / "data/golden"
FOLDER = ORIGINALS if ORIGINALS.is_dir() else HERE
VOLUMES = FOLDER / "volumes"


def _read(part: str, name: str) -> bytes:
    path = FOLDER / part / name
    return path.read_bytes() if path.is_file() else lzma.decompress(path.with_name(f"{name}.xz").read_bytes())


def listings() -> list[str]:
    """Names of the lists of tensors."""
    return sorted(path.name.split(".")[0] for path in (FOLDER / "state_dicts").glob("*.txt*"))


def shapes(name: str) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a checkpoint's tensors."""
    rows = [line.split("\t") for line in _read("state_dicts", f"{name}.txt").decode().splitlines() if line[0] != "#"]
    return {key: tuple(map(int, shape.strip("()").replace(",", " ").split())) for _, key, shape, _ in rows}


def model(name: str) -> dict[str, Any]:
    """Input and logits of a model filled by the rule."""
    content: dict[str, Any] = torch.load(io.BytesIO(_read("models", f"{name}_recipe.pt")), weights_only=True)
    return content
