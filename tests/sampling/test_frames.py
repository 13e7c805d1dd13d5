import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden.files import VOLUMES
from posecube.sampling import fixed_stride_frames, spread_frames, uniform_frames

counts = st.integers(1, 300)
clip_lens = st.integers(1, 60)
views = st.integers(1, 12)


@pytest.mark.parametrize("stream", ["mmaction2", "pyskl"])
def test_the_published_index_sets(stream: str) -> None:
    """All 51 of each framework: 17 lengths, one and ten test views, and training after seed 42."""
    golden = np.load(VOLUMES / f"{stream}_uniform_sample_indices.npz")
    assert len(golden.files) == 51
    for name in golden.files:
        kind, *numbers, last = name.split("_")
        if kind == "test":
            frames = uniform_frames(int(numbers[0][1:]), 48, num_clips=int(last[1:]), stream=stream)
        else:
            frames = uniform_frames(int(last[1:]), 48, rng=np.random.RandomState(42), stream=stream)
        np.testing.assert_array_equal(frames, golden[name], err_msg=name)


def test_the_streams_differ() -> None:
    assert not np.array_equal(uniform_frames(300, 48), uniform_frames(300, 48, stream="pyskl"))


@given(num_frames=counts, clip_len=clip_lens, num_clips=views, seed=st.none() | st.integers(0, 99))
@settings(deadline=None)
def test_frames_exist_and_run_forward(num_frames: int, clip_len: int, num_clips: int, seed: int | None) -> None:
    rng = None if seed is None else np.random.default_rng(seed)
    frames = uniform_frames(num_frames, clip_len, num_clips=num_clips, rng=rng)
    assert frames.shape == (num_clips * clip_len,)
    assert frames.dtype == np.int64
    assert frames.min() >= 0 and frames.max() < num_frames
    steps = np.diff(frames.reshape(num_clips, clip_len), axis=1)
    if num_frames >= clip_len:
        assert (steps > 0).all(), "each part of the clip gives one frame"
    else:
        assert (steps % num_frames == 1 % num_frames).all(), "a short clip is run through again, frame by frame"


@given(clip_len=st.integers(1, 40), times=st.integers(2, 9), seed=st.integers(0, 99))
@settings(deadline=None)
def test_one_frame_from_each_equal_part(clip_len: int, times: int, seed: int) -> None:
    frames = uniform_frames(clip_len * times, clip_len, rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(frames // times, np.arange(clip_len))


def test_a_clip_of_just_that_length_is_taken_whole() -> None:
    np.testing.assert_array_equal(uniform_frames(48, 48), np.arange(48))


@pytest.mark.parametrize("num_frames", [10, 70, 500])
@pytest.mark.parametrize("stream", ["mmaction2", "pyskl"])
def test_test_views_leave_the_global_random_state_alone(num_frames: int, stream: str) -> None:
    np.random.seed(7)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first = uniform_frames(num_frames, 48, num_clips=3, stream=stream)
    uniform_frames(num_frames, 48, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    np.testing.assert_array_equal(first, uniform_frames(num_frames, 48, num_clips=3, stream=stream))


def test_seeds_give_other_views_and_views_differ() -> None:
    assert not np.array_equal(uniform_frames(300, 48), uniform_frames(300, 48, seed=1))
    first, second = uniform_frames(300, 48, num_clips=2).reshape(2, 48)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, uniform_frames(300, 48))


@pytest.mark.parametrize(
    ("num_frames", "clip_len", "stride", "num_clips", "expected"),
    [
        (9, 3, 4, 1, [0, 4, 8]),
        (13, 3, 4, 1, [2, 6, 10]),  # in the middle
        (13, 3, 4, 2, [1, 5, 9, 3, 7, 11]),
        (5, 4, 2, 1, [0, 2, 4, 1]),  # run through again
        (1, 3, 4, 2, [0] * 6),
    ],
)
def test_fixed_stride(num_frames: int, clip_len: int, stride: int, num_clips: int, expected: list[int]) -> None:
    assert fixed_stride_frames(num_frames, clip_len, stride=stride, num_clips=num_clips).tolist() == expected


@given(
    num_frames=counts, clip_len=clip_lens, stride=st.integers(1, 9), num_clips=views, seed=st.none() | st.integers(0, 9)
)
@settings(deadline=None)
def test_fixed_stride_frames_exist(
    num_frames: int, clip_len: int, stride: int, num_clips: int, seed: int | None
) -> None:
    rng = None if seed is None else np.random.default_rng(seed)
    frames = fixed_stride_frames(num_frames, clip_len, stride=stride, num_clips=num_clips, rng=rng)
    assert frames.shape == (num_clips * clip_len,)
    assert frames.dtype == np.int64
    assert frames.min() >= 0 and frames.max() < num_frames
    steps = np.diff(frames.reshape(num_clips, clip_len), axis=1)
    assert (steps % num_frames == stride % num_frames).all()


def test_fixed_stride_training_starts_cover_the_clip() -> None:
    rng = np.random.default_rng(0)
    starts = {int(fixed_stride_frames(20, 4, stride=3, rng=rng)[0]) for _ in range(300)}
    assert starts == set(range(11))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_frames": 0}, "must be at least 1, got 0, 8, 1"),
        ({"clip_len": 0}, "must be at least 1, got 9, 0, 1"),
        ({"num_clips": -1}, "must be at least 1, got 9, 8, -1"),
        ({"stream": "mmpose"}, "stream must be 'mmaction2' or 'pyskl', got 'mmpose'"),
    ],
)
def test_errors(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        uniform_frames(**{"num_frames": 9, "clip_len": 8, **arguments})


def test_fixed_stride_errors() -> None:
    with pytest.raises(ValueError, match="must be at least 1, got 9, 8, 0, 1"):
        fixed_stride_frames(9, 8, stride=0)


@given(num_frames=counts, clip_len=st.integers(1, 300), num_clips=views, seed=st.none() | st.integers(0, 99))
@settings(deadline=None)
def test_spread_frames_exist_and_never_run_back(
    num_frames: int, clip_len: int, num_clips: int, seed: int | None
) -> None:
    rng = None if seed is None else np.random.default_rng(seed)
    frames = spread_frames(num_frames, clip_len, num_clips=num_clips, rng=rng)
    assert frames.shape == (num_clips * clip_len,) and frames.dtype == np.int64
    assert frames.min() >= 0 and frames.max() < num_frames
    by_view = frames.reshape(num_clips, clip_len)
    assert (np.diff(by_view, axis=1) >= 0).all()
    whole = np.arange(clip_len) * num_frames / clip_len
    if rng is None:
        np.testing.assert_allclose(by_view[0], np.floor(whole + 1e-9), atol=1)  # 1 where a part begins on a frame
    elif num_frames >= clip_len:
        assert (by_view >= whole - 1).all() and (by_view <= whole + num_frames / clip_len).all()
    else:
        near = np.minimum(np.ceil(whole), num_frames - 1)
        assert (by_view >= np.floor(whole)).all() and (by_view <= near).all()


@pytest.mark.parametrize(
    ("num_frames", "clip_len", "expected"),
    [
        (10, 5, [0, 2, 4, 6, 8]),
        (7, 3, [0, 2, 4]),
        (2, 5, [0, 0, 0, 1, 1]),
        (1, 4, [0, 0, 0, 0]),
        (3, 1, [0]),
        (4, 4, [0, 1, 2, 3]),
    ],
)
def test_spread_frames_by_hand(num_frames: int, clip_len: int, expected: list[int]) -> None:
    assert spread_frames(num_frames, clip_len).tolist() == expected


def test_further_views_of_spread_frames_move_through_the_clip() -> None:
    first, second, third = spread_frames(100, 10, num_clips=3).reshape(3, 10)
    assert first.tolist() == list(range(0, 100, 10))
    assert (second[0], second[-1], third[0], third[-1]) == (0, 81, 10, 91)
    with pytest.raises(ValueError, match="num_frames, clip_len and num_clips must be at least 1, got 0, 4, 1"):
        spread_frames(0, 4)
