import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from published_rule import slow_volume

from golden.files import VOLUMES
from posecube.representation import render_joint_volume

SIZE_HW = (20, 24)


def random_pose(seed: int, *, people: int = 1, frames: int = 3, joints: int = 5, spread: float = 1.5) -> tuple:
    """Joints in and around a map of SIZE_HW; a fifth of them unseen."""
    rng = np.random.default_rng(seed)
    keypoints = rng.uniform(-0.5 * (spread - 1), 0.5 + 0.5 * spread, (people, frames, joints, 2)) * SIZE_HW[::-1]
    confidence = rng.uniform(0, 1, (people, frames, joints)) * (rng.uniform(size=(people, frames, joints)) > 0.2)
    return torch.from_numpy(keypoints.astype(np.float32)), torch.from_numpy(confidence.astype(np.float32))


@pytest.mark.parametrize("combine", ["max", "sum"])
@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize("sigma", [0.3, 0.6, 0.7, 2.0, 9.0])
def test_equals_the_slow_rule(sigma: float, people: int, combine: str) -> None:
    keypoints, confidence = random_pose(int(sigma * 10), people=people)
    volume = render_joint_volume(keypoints, confidence, size_hw=SIZE_HW, sigma_px=sigma, combine=combine)
    expected = slow_volume(keypoints.numpy(), confidence.numpy(), SIZE_HW, sigma=sigma, combine=combine)
    np.testing.assert_allclose(volume.numpy(), expected, atol=1e-5)


@pytest.mark.parametrize(("framework", "min_confidence"), [("mmaction2", 1e-4), ("pyskl", 1e-3)])
def test_equals_the_published_code(framework: str, min_confidence: float) -> None:
    golden = np.load(VOLUMES / f"{framework}_edge_joint.npz")
    keypoints, scores = torch.from_numpy(golden["keypoint"]), torch.from_numpy(golden["keypoint_score"])
    size_hw = tuple(golden["img_shape"].tolist())
    volume = render_joint_volume(keypoints, scores, size_hw=size_hw, min_confidence=min_confidence)
    np.testing.assert_allclose(volume.transpose(0, 1).numpy(), golden["heatmap"], atol=1e-5)


def test_spots_are_cut_at_the_pixel_of_double_precision() -> None:
    """Joints so near to where a pixel begins to count that single precision would take another one."""
    reach = 3 * 0.6
    nearest = (np.arange(1, 22) + reach).astype(np.float32)
    columns = np.concatenate([np.nextafter(nearest, np.float32(0)), nearest, np.nextafter(nearest, np.float32(99))])
    first = np.trunc(columns.astype(np.float64) - reach)
    assert (first != np.trunc(columns - np.float32(reach))).any()
    keypoints = torch.from_numpy(np.stack([columns, np.full_like(columns, 10)], -1)).view(1, 1, -1, 2)
    volume = render_joint_volume(keypoints, torch.ones(1, 1, len(columns)), size_hw=SIZE_HW)
    np.testing.assert_array_equal((volume[:, 0, 10] > 0).long().argmax(-1).numpy(), first)


@given(x=st.integers(0, SIZE_HW[1] - 1), y=st.integers(0, SIZE_HW[0] - 1), height=st.floats(0.01, 1))
@settings(max_examples=60, deadline=None)
def test_the_peak_is_the_joint(x: int, y: int, height: float) -> None:
    keypoints = torch.tensor([x, y], dtype=torch.float32).view(1, 1, 1, 2)
    volume = render_joint_volume(keypoints, torch.full((1, 1, 1), height), size_hw=SIZE_HW)
    row, column = divmod(int(volume.argmax()), SIZE_HW[1])
    assert (column, row) == (x, y)
    assert volume.max().item() == pytest.approx(height)


@given(x=st.floats(0, SIZE_HW[1] - 1), y=st.floats(0, SIZE_HW[0] - 1))
@settings(max_examples=60, deadline=None)
def test_the_peak_is_near_the_joint(x: float, y: float) -> None:
    volume = render_joint_volume(torch.tensor([x, y]).view(1, 1, 1, 2), torch.ones(1, 1, 1), size_hw=SIZE_HW)
    row, column = divmod(int(volume.argmax()), SIZE_HW[1])
    assert abs(column - x) <= 0.5 + 1e-4
    assert abs(row - y) <= 0.5 + 1e-4


@given(seed=st.integers(0, 2**16))
@settings(max_examples=30, deadline=None)
def test_mirrored_joints_draw_the_mirrored_volume(seed: int) -> None:
    """On quarter pixels, where mirroring is exact; the cut at 3 sigma truncates toward zero, so it stays out of it."""
    rng = np.random.default_rng(seed)
    keypoints = torch.from_numpy(rng.integers(0, 4 * 16, (2, 3, 4, 2)).astype(np.float32) / 4) + 4
    mirrored = keypoints.clone()
    mirrored[..., 0] = SIZE_HW[1] - 1 - mirrored[..., 0]
    confidence = torch.ones(2, 3, 4)
    volume = render_joint_volume(keypoints, confidence, size_hw=SIZE_HW)
    flipped = render_joint_volume(mirrored, confidence, size_hw=SIZE_HW).flip(-1)
    cut = np.exp(-(2.0**2) / 2)  # a pixel that only one of the two cuts keeps is lower than this
    assert (volume - flipped).abs().max() < cut
    assert torch.equal(volume > cut, flipped > cut)
    torch.testing.assert_close(volume * (volume > cut), flipped * (flipped > cut))


@pytest.mark.parametrize("people", [1, 2])
@pytest.mark.parametrize("sigma", [0.3, 0.6, 9.0])
def test_mirrored_is_the_mirror_image_of_the_volume(sigma: float, people: int) -> None:
    keypoints, confidence = random_pose(11, people=people)
    options = {"size_hw": SIZE_HW, "sigma_px": sigma}
    mirrored = render_joint_volume(keypoints, confidence, mirrored=True, **options)
    assert torch.equal(mirrored, render_joint_volume(keypoints, confidence, **options).flip(-1))


@pytest.mark.parametrize(
    ("x", "y", "height"),
    [(5, 5, 0), (5, 5, 9e-5), (np.nan, 5, 0), (np.nan, np.nan, 1), (np.inf, 5, 1), (1e9, -1e9, 1), (-4, 5, 1),
     (5, 23, 1)],
)  # fmt: skip
def test_draws_nothing(x: float, y: float, height: float) -> None:
    keypoints = torch.tensor([x, y], dtype=torch.float32).view(1, 1, 1, 2)
    volume = render_joint_volume(keypoints, torch.full((1, 1, 1), height), size_hw=SIZE_HW)
    assert volume.isfinite().all()
    assert volume.count_nonzero() == 0


@given(seed=st.integers(0, 2**16), people=st.integers(2, 4))
@settings(max_examples=30, deadline=None)
def test_people_share_the_volume_by_maximum(seed: int, people: int) -> None:
    keypoints, confidence = random_pose(seed, people=people)
    together = render_joint_volume(keypoints, confidence, size_hw=SIZE_HW)
    alone = [
        render_joint_volume(one[None], sure[None], size_hw=SIZE_HW)
        for one, sure in zip(keypoints, confidence, strict=True)
    ]
    assert torch.equal(together, torch.stack(alone).amax(0))


def test_a_reused_buffer_is_overwritten() -> None:
    keypoints, confidence = random_pose(3, people=2)
    expected = render_joint_volume(keypoints, confidence, size_hw=SIZE_HW)
    out = torch.full_like(expected, torch.nan)
    assert render_joint_volume(keypoints, confidence, size_hw=SIZE_HW, out=out) is out
    assert torch.equal(out, expected)
    render_joint_volume(keypoints, confidence * 0, size_hw=SIZE_HW, out=out)
    assert out.count_nonzero() == 0


@pytest.mark.parametrize("lead", [(), (1,), (4,), (2, 3), (0,)])
def test_leading_sizes(lead: tuple[int, ...]) -> None:
    rng = torch.Generator().manual_seed(1)
    keypoints = torch.rand(*lead, 2, 3, 5, 2, generator=rng) * 20
    confidence = torch.rand(*lead, 2, 3, 5, generator=rng)
    volume = render_joint_volume(keypoints, confidence, size_hw=SIZE_HW)
    assert volume.shape == (*lead, 5, 3, *SIZE_HW)
    flat = zip(keypoints.view(-1, 2, 3, 5, 2), confidence.view(-1, 2, 3, 5), strict=True)
    for clip, (one, sure) in zip(volume.view(-1, 5, 3, *SIZE_HW), flat, strict=True):
        assert torch.equal(clip, render_joint_volume(one, sure, size_hw=SIZE_HW))


def test_large_batches_are_drawn_in_parts_that_agree() -> None:
    keypoints, confidence = (tensor.expand(9, *tensor.shape) for tensor in random_pose(5, frames=40, joints=17))
    size_hw = (64, 64)
    volume = render_joint_volume(keypoints, confidence, size_hw=size_hw)
    assert volume[0].numel() * 4 * 9 > 8 << 20, "too small to be drawn in parts"
    assert torch.equal(volume, render_joint_volume(keypoints[0], confidence[0], size_hw=size_hw).expand_as(volume))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_types(dtype: torch.dtype) -> None:
    keypoints, confidence = random_pose(6)
    exact = render_joint_volume(keypoints, confidence, size_hw=SIZE_HW)
    out = torch.empty(exact.shape, dtype=dtype)
    render_joint_volume(keypoints, confidence, size_hw=SIZE_HW, out=out)
    torch.testing.assert_close(out.float(), exact, atol=4e-3, rtol=4e-3)


def test_inputs_are_left_as_they_are() -> None:
    keypoints, confidence = random_pose(7)
    before = keypoints.clone(), confidence.clone()
    render_joint_volume(keypoints, confidence, size_hw=SIZE_HW)
    assert torch.equal(keypoints, before[0])
    assert torch.equal(confidence, before[1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sigma_px": 0.0}, "sigma_px must be above 0, got 0.0"),
        ({"sigma_px": float("nan")}, "sigma_px must be above 0, got nan"),
        ({"keypoints_xy": torch.zeros(1, 2, 3, 3)}, r"expected keypoints \(..., M, T, V, 2\).*got \(1, 2, 3, 3\)"),
        ({"confidence": torch.zeros(1, 2, 4)}, r"and \(1, 2, 4\)"),
        ({"out": torch.zeros(3, 2, 8, 9)}, r"shape \(3, 2, 8, 8\), got \(3, 2, 8, 9\)"),
        ({"out": torch.zeros(2, 3, 8, 8).transpose(0, 1)}, "contiguous"),
        ({"out": torch.zeros(3, 2, 8, 8, dtype=torch.int64)}, "real numbers on cpu, got torch.int64"),
    ],
)
def test_errors(change: dict[str, object], message: str) -> None:
    arguments = {"keypoints_xy": torch.zeros(1, 2, 3, 2), "confidence": torch.zeros(1, 2, 3), **change}
    with pytest.raises(ValueError, match=message):
        render_joint_volume(**arguments, size_hw=(8, 8))
