"""Sequences and stores for the tests of this folder."""

from fractions import Fraction

import numpy as np
import pytest

from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import PENN13
from posecube.store import SkeletonStore, StoreWriter


def build_sequence(number=0, *, people=1, frames=5, axes=2, layout=PENN13, **fields):
    rng = np.random.default_rng(number)
    shape = (people, frames, layout.num_joints)
    fields = {
        "keypoints": rng.uniform(0, 100, (*shape, axes)).astype(np.float32),
        "confidence": rng.uniform(0, 1, shape).astype(np.float32),
        "layout": layout,
        "size_hw": (100, 120 + number) if axes == 2 else (0, 0),
        "fps": Fraction(30000, 1001) if number % 2 else None,
        "label": None if number % 5 == 4 else number % 3,
        "name": f"clip{number:03d}",
        **fields,
    }
    return SkeletonSequence(**fields)


@pytest.fixture
def make_sequence():
    return build_sequence


@pytest.fixture
def sequences():
    return [build_sequence(number, people=1 + number % 3, frames=1 + 3 * number) for number in range(11)]


@pytest.fixture
def store(tmp_path, sequences):
    """Eleven clips in shards of four, with two splits."""
    path = tmp_path / "store"
    with StoreWriter(path, layout=PENN13, classes=("walk", "run", "jump"), clips_per_shard=4) as writer:
        for sequence in sequences:
            writer.add(sequence)
        writer.set_split("train", [f"clip{number:03d}" for number in (9, 1, 5)])
        writer.set_split("test", [])
    return SkeletonStore.open(path)
