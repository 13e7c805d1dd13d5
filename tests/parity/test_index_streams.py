"""The frames of test and training views against the stored ones, and against the published rule for every length."""

import random

import numpy as np
import pytest
import torch
from numpy import ndarray
from pipeline_states import Golden, golden_names
from published_frames import published_frames

from posecube.sampling import uniform_frames


@pytest.mark.parametrize("name", golden_names("*_uniform_sample_indices.npz"))
def test_the_stored_index_sets(name: str) -> None:
    golden = Golden(name)
    stream = golden.framework
    sets = [key for key in golden.arrays if key != "meta"]
    assert len(sets) >= 51
    for key in sets:
        kind, *numbers, last = key.split("_")
        if kind == "test":
            frames = uniform_frames(int(numbers[0][1:]), 48, num_clips=int(last[1:]), stream=stream)
        else:
            seed = int(numbers[0].removeprefix("seed"))
            frames = uniform_frames(int(last[1:]), 48, rng=np.random.RandomState(seed), stream=stream)
        np.testing.assert_array_equal(frames, golden[key], err_msg=key)


@pytest.mark.parametrize("clip_len", [32, 48, 100])
@pytest.mark.parametrize("num_views", [1, 3, 10])
@pytest.mark.parametrize("stream", ["mmaction2", "pyskl"])
def test_every_length_follows_the_published_rule(stream: str, num_views: int, clip_len: int) -> None:
    for num_frames in range(1, 301):
        frames = uniform_frames(num_frames, clip_len, num_clips=num_views, stream=stream)
        assert frames.tolist() == published_frames(num_frames, clip_len, num_views, stream), num_frames


@pytest.mark.parametrize("num_frames", [1, 47, 48, 75, 96, 300])
@pytest.mark.parametrize("stream", ["mmaction2", "pyskl"])
def test_no_global_random_state_is_read_or_changed(num_frames: int, stream: str) -> None:
    def states() -> tuple[object, list[int], int, list[int]]:
        _, words, place, *_ = np.random.get_state()  # noqa: NPY002
        return random.getstate(), words.tolist(), place, torch.get_rng_state().tolist()

    def views() -> list[ndarray]:
        trained = uniform_frames(num_frames, 48, rng=np.random.default_rng(3), stream=stream)
        return [uniform_frames(num_frames, 48, num_clips=10, stream=stream), trained]

    before, first = states(), views()
    assert states() == before
    np.random.rand(), random.random(), torch.rand(1)  # noqa: NPY002
    for view, again in zip(first, views(), strict=True):
        np.testing.assert_array_equal(view, again)
