"""Stored states of the published pipelines: what stood in the annotation after each of their transforms.

The files are outputs of pyskl 3f6795f and MMAction2 v1.2.0 on synthetic people. Their kind is in their name; whatever
else of a kind lies in the folder is tested too.
"""

import ast
from typing import Any

import numpy as np
from numpy import ndarray

from golden.files import VOLUMES

MIN_CONFIDENCE = {"mmaction2": 1e-4, "pyskl": 1e-3}


def golden_names(kind: str) -> list[str]:
    """File names that fit a pattern; one that is not there where the folder is not, so that a test is seen to skip."""
    return sorted(path.name for path in VOLUMES.glob(kind)) or [kind]


class Golden:
    """One file: arrays by key, states by transform."""

    def __init__(self, name: str) -> None:
        self.framework = name.split("_")[0]
        self.min_confidence = MIN_CONFIDENCE[self.framework]
        with np.load(VOLUMES / name, allow_pickle=False) as file:
            self.arrays = dict(file)
        self.meta: dict[str, Any] = ast.literal_eval(str(self.arrays["meta"])) if "meta" in self.arrays else {}
        self.transforms = list(
            dict.fromkeys(key.split("__")[0] for key in self.arrays if key[0] == "s" and "__" in key)
        )

    def __getitem__(self, key: str) -> ndarray:
        return self.arrays[key]

    def after(self, transform: str, key: str, *, nth: int = 0) -> ndarray:
        """What stood under a key after the n-th transform of a name."""
        steps = [step for step in self.transforms if step.split("_", 1)[1] == transform]
        return self.arrays[f"{steps[nth]}__{key}"]

    def has(self, transform: str) -> bool:
        return any(step.split("_", 1)[1] == transform for step in self.transforms)

    def size_after(self, transform: str, *, nth: int = 0) -> tuple[int, int]:
        height, width = self.after(transform, "img_shape", nth=nth).tolist()
        return height, width

    @property
    def limbs(self) -> list[tuple[int, int]] | None:
        """The limbs that are drawn, None where joints are."""
        drawn = ast.literal_eval(self.meta["gen"]) if "gen" in self.meta else self.meta
        return [(first, last) for first, last in drawn["skeletons"]] if drawn.get("with_limb") else None
