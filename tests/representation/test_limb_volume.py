import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from published_rule import slow_volume

from golden.files import VOLUMES
from posecube.representation import limb_volume, render_joint_volume, render_limb_volume

SIZE_HW = (20, 24)
LIMBS = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]


def random_pose(seed: int, *, people: int = 1, frames: int = 3, step: float | None = None) -> tuple:
    """Five joints in and around a map of SIZE_HW, one in eight unseen; with ``step`` each lies near the one before."""
    rng = np.random.default_rng(seed)
    keypoints = rng.uniform(-0.3, 1.3, (people, frames, 5, 2)) * SIZE_HW[::-1]
    if step is not None:
        keypoints = keypoints[:, :, :1] + rng.normal(0, step, (people, frames, 5, 2))
    confidence = rng.uniform(0, 1, (people, frames, 5)) * (rng.uniform(size=(people, frames, 5)) > 0.12)
    return torch.from_numpy(keypoints.astype(np.float32)), torch.from_numpy(confidence.astype(np.float32))


def limb(start: tuple[float, float], end: tuple[float, float], **options: object) -> torch.Tensor:
    """The map of a single limb of full height."""
    keypoints = torch.tensor([start, end], dtype=torch.float32).view(1, 1, 2, 2)
    return render_limb_volume(keypoints, torch.ones(1, 1, 2), limbs=[(0, 1)], size_hw=SIZE_HW, **options)[0, 0]


@pytest.mark.parametrize("combine", ["max", "sum"])
@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("step", [None, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("sigma", [0.3, 0.6, 2.0, 9.0])
def test_equals_the_slow_rule(sigma: float, step: float | None, people: int, combine: str) -> None:
    keypoints, confidence = random_pose(int(sigma * 10), people=people, step=step)
    volume = render_limb_volume(keypoints, confidence, limbs=LIMBS, size_hw=SIZE_HW, sigma_px=sigma, combine=combine)
    expected = slow_volume(keypoints.numpy(), confidence.numpy(), SIZE_HW, sigma=sigma, limbs=LIMBS, combine=combine)
    np.testing.assert_allclose(volume.numpy(), expected, atol=1e-5 * people)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((3, 4), (17, 4)), ((3, 4), (3, 17)), ((3, 4), (14, 15)), ((14, 4), (3, 15)), ((3.5, 4), (16.5, 9)),
        ((0, 0), (23, 19)), ((23, 0), (0, 19)), ((-9, -9), (30, 30)), ((-9, 8), (40, 8.5)), ((8, 8), (8.9, 8)),
        ((8, 8), (9, 8)), ((8, 8), (8, 8)), ((22, 18), (60, 50)), ((-1.9, 5), (-1.9, 9)), ((-30, 2), (2, -30)),
        ((24.7, 3), (24.7, 9)), ((12, 21.7), (13.5, 21.7)),
    ],
)  # fmt: skip
def test_directions_and_edges(start: tuple[float, float], end: tuple[float, float]) -> None:
    ends = np.array([start, end], dtype=np.float32).reshape(1, 1, 2, 2)
    expected = slow_volume(ends, np.ones((1, 1, 2)), SIZE_HW, limbs=[(0, 1)])[0, 0]
    np.testing.assert_allclose(limb(start, end).numpy(), expected, atol=1e-5)
    backwards = slow_volume(ends[:, :, ::-1], np.ones((1, 1, 2)), SIZE_HW, limbs=[(0, 1)])[0, 0]
    np.testing.assert_allclose(limb(end, start).numpy(), backwards, atol=1e-5)


@pytest.mark.parametrize(("framework", "min_confidence"), [("mmaction2", 1e-4), ("pyskl", 1e-3)])
def test_equals_the_published_code(framework: str, min_confidence: float) -> None:
    golden = np.load(VOLUMES / f"{framework}_edge_limb.npz")
    limbs = json.loads(str(golden["meta"]).replace("'", '"').replace("True", "true").replace("False", "false"))
    volume = render_limb_volume(
        torch.from_numpy(golden["keypoint"]),
        torch.from_numpy(golden["keypoint_score"]),
        limbs=[tuple(pair) for pair in limbs["skeletons"]],
        size_hw=tuple(golden["img_shape"].tolist()),
        min_confidence=min_confidence,
    )
    np.testing.assert_allclose(volume.transpose(0, 1).numpy(), golden["heatmap"], atol=1e-5)


@given(x=st.floats(0, 23), y=st.floats(0, 19), turn=st.floats(0, 6.3), length=st.floats(0, 0.99))
@settings(max_examples=60, deadline=None)
def test_a_short_limb_is_its_first_joint(x: float, y: float, turn: float, length: float) -> None:
    end = (x + length * np.cos(turn), y + length * np.sin(turn))
    keypoints = torch.tensor([(x, y), end], dtype=torch.float32).view(1, 1, 2, 2)
    confidence = torch.tensor([0.9, 0.2]).view(1, 1, 2)
    drawn = render_limb_volume(keypoints, confidence, limbs=[(0, 1)], size_hw=SIZE_HW)
    spot = render_joint_volume(keypoints[..., :1, :], confidence[..., :1], size_hw=SIZE_HW)
    torch.testing.assert_close(drawn, spot, atol=1e-5, rtol=0)


@given(seed=st.integers(0, 2**16), people=st.integers(2, 4))
@settings(max_examples=30, deadline=None)
def test_people_share_the_volume_by_maximum(seed: int, people: int) -> None:
    keypoints, confidence = random_pose(seed, people=people)
    options = {"limbs": LIMBS, "size_hw": SIZE_HW}
    together = render_limb_volume(keypoints, confidence, **options)
    alone = [
        render_limb_volume(one[None], sure[None], **options) for one, sure in zip(keypoints, confidence, strict=True)
    ]
    assert torch.equal(together, torch.stack(alone).amax(0))


@given(seed=st.integers(0, 2**16))
@settings(max_examples=30, deadline=None)
def test_mirrored_joints_draw_the_mirrored_volume(seed: int) -> None:
    """Near the segment; the cut at 3 sigma truncates toward zero on both sides."""
    keypoints, _ = random_pose(seed, people=2)
    keypoints = (keypoints.clamp(4, 14) * 4).round() / 4
    mirrored = keypoints.clone()
    mirrored[..., 0] = SIZE_HW[1] - 1 - mirrored[..., 0]
    options = {"confidence": torch.ones(2, 3, 5), "limbs": LIMBS, "size_hw": SIZE_HW}
    volume = render_limb_volume(keypoints, **options)
    flipped = render_limb_volume(mirrored, **options).flip(-1)
    cut = np.exp(-(2.0**2) / 2)
    assert (volume - flipped).abs().max() < cut
    torch.testing.assert_close(volume * (volume > cut), flipped * (volume > cut), atol=1e-5, rtol=0)


@pytest.mark.parametrize("people", [1, 2])
@pytest.mark.parametrize("step", [None, 0.3, 3.0])
def test_mirrored_is_the_mirror_image_of_the_volume(step: float | None, people: int) -> None:
    keypoints, confidence = random_pose(11, people=people, step=step)
    options = {"limbs": LIMBS, "size_hw": SIZE_HW}
    mirrored = render_limb_volume(keypoints, confidence, mirrored=True, **options)
    assert torch.equal(mirrored, render_limb_volume(keypoints, confidence, **options).flip(-1))


@pytest.mark.parametrize(
    ("end", "heights"),
    [
        ((9, 9), (1, 0)), ((9, 9), (0, 1)), ((9, 9), (1, 9e-5)), ((5.2, 5.2), (1, 0)), ((np.nan, 9), (1, 0)),
        ((np.nan, 9), (1, 1)), ((9, np.inf), (1, 1)),
    ],
)  # fmt: skip
def test_a_limb_with_an_unseen_end_draws_nothing(end: tuple[float, float], heights: tuple[float, float]) -> None:
    keypoints = torch.tensor([(5, 5), end], dtype=torch.float32).view(1, 1, 2, 2)
    confidence = torch.tensor(heights, dtype=torch.float32).view(1, 1, 2)
    volume = render_limb_volume(keypoints, confidence, limbs=[(0, 1)], size_hw=SIZE_HW)
    assert volume.isfinite().all()
    assert volume.count_nonzero() == 0


@pytest.mark.parametrize(
    ("start", "end"), [((40, 5), (60, 5)), ((5, -40), (5, -4)), ((1e9, 1e9), (2e9, 1e9)), ((1e30, 5), (-1e30, 900))]
)
def test_a_limb_far_outside_draws_nothing(start: tuple[float, float], end: tuple[float, float]) -> None:
    drawn = limb(start, end)
    assert drawn.isfinite().all()
    assert drawn.count_nonzero() == 0


def test_a_reused_buffer_is_overwritten() -> None:
    keypoints, confidence = random_pose(3, people=2)
    options = {"limbs": LIMBS, "size_hw": SIZE_HW}
    expected = render_limb_volume(keypoints, confidence, **options)
    out = torch.full_like(expected, torch.nan)
    assert render_limb_volume(keypoints, confidence, out=out, **options) is out
    assert torch.equal(out, expected)
    render_limb_volume(keypoints, confidence * 0, out=out, **options)
    assert out.count_nonzero() == 0


@pytest.mark.parametrize("people", [1, 2])
@pytest.mark.parametrize("lead", [(), (1,), (4,), (2, 3), (0,)])
def test_leading_sizes(lead: tuple[int, ...], people: int) -> None:
    rng = torch.Generator().manual_seed(1)
    keypoints = torch.rand(*lead, people, 3, 5, 2, generator=rng) * 20
    confidence = torch.rand(*lead, people, 3, 5, generator=rng)
    volume = render_limb_volume(keypoints, confidence, limbs=LIMBS, size_hw=SIZE_HW)
    assert volume.shape == (*lead, 5, 3, *SIZE_HW)
    flat = zip(keypoints.view(-1, people, 3, 5, 2), confidence.view(-1, people, 3, 5), strict=True)
    for clip, (one, sure) in zip(volume.view(-1, 5, 3, *SIZE_HW), flat, strict=True):
        assert torch.equal(clip, render_limb_volume(one, sure, limbs=LIMBS, size_hw=SIZE_HW))


@pytest.mark.parametrize(("part_bytes", "scratch_blocks"), [(1, 1), (100_000, 3), (1 << 30, 2)])
def test_parts_agree(monkeypatch: pytest.MonkeyPatch, part_bytes: int, scratch_blocks: int) -> None:
    """Two people whose limbs fall on both sides of a part's end."""
    monkeypatch.setattr(limb_volume, "PART_BYTES", part_bytes)
    monkeypatch.setattr(limb_volume, "SCRATCH_BLOCKS", scratch_blocks)
    keypoints, confidence = random_pose(5, people=2, frames=40)
    batch = keypoints.expand(3, *keypoints.shape), confidence.expand(3, *confidence.shape)
    options = {"limbs": LIMBS, "size_hw": SIZE_HW}
    volume = render_limb_volume(*batch, **options)
    monkeypatch.undo()
    assert torch.equal(volume, render_limb_volume(keypoints, confidence, **options).expand_as(volume))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_types(dtype: torch.dtype) -> None:
    keypoints, confidence = random_pose(6, people=2)
    exact = render_limb_volume(keypoints, confidence, limbs=LIMBS, size_hw=SIZE_HW)
    out = torch.empty(exact.shape, dtype=dtype)
    render_limb_volume(keypoints, confidence, limbs=LIMBS, size_hw=SIZE_HW, out=out)
    torch.testing.assert_close(out.float(), exact, atol=4e-3, rtol=4e-3)


@pytest.mark.parametrize("limbs", [[], [(0, 5)], [(-1, 0)]])
def test_limbs_must_name_joints(limbs: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match=r"limbs must be pairs of joint indices below 5, got \["):
        render_limb_volume(*random_pose(1), limbs=limbs, size_hw=SIZE_HW)
