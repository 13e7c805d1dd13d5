"""Clips in the square around everybody, as MotionBERT reads them: against its rules, and what they leave out."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.representation import SkeletonStreams, StreamSpec
from posecube.sampling import (
    Augmentation,
    ClipSpec,
    Drift,
    Preprocess,
    SpreadFrames,
    SquareSpace,
    training_clip,
    view_clips,
)
from posecube.skeleton import SkeletonSequence, find_layout
from posecube.skeleton.convert import convert

COCO, H36M = find_layout("coco17"), find_layout("h36m17")
SPEC = ClipSpec(
    clip_len=12,
    max_people=2,
    preprocess=Preprocess(undo_id_switches=True),
    frames=SpreadFrames(),
    space=SquareSpace(padding=1.0),
)
MOVED = Augmentation(widen=(0.5, 1.5), drift=Drift(rotate_deg=10, scale=0.1, shift=0.1))


def sequence(*, people: int = 2, frames: int = 7, seed: int = 0) -> SkeletonSequence:
    rng = np.random.default_rng(seed)
    bodies = rng.uniform(-40, 40, (people, 1, 17, 2)) + np.arange(people)[:, None, None, None] * 90
    keypoints = bodies + rng.uniform(-5, 5, (people, frames, 17, 2)) + 120
    sure = rng.uniform(0.3, 1, keypoints.shape[:-1]).astype(np.float32)
    return SkeletonSequence(keypoints.astype(np.float32), sure, COCO, (400, 300), name="a clip")


def published_input(given: SkeletonSequence, *, clip_len: int, ratio: float) -> np.ndarray:
    """What the public code feeds to its network in testing, written down from its description: (M, T, 17, 4).

    The last two numbers are confidences: in the order in which they are, and in that of the public code.
    """
    x = given.keypoints.astype(np.float64) / max(given.size_hw) * 2 - 1
    root, neck = (x[:, :, 11] + x[:, :, 12]) / 2, (x[:, :, 5] + x[:, :, 6]) / 2
    joints = [root, *(x[:, :, i] for i in (12, 14, 16, 11, 13, 15)), (root + neck) / 2, neck, x[:, :, 0]]
    joints += [(x[:, :, 1] + x[:, :, 2]) / 2, *(x[:, :, i] for i in (5, 7, 9, 6, 8, 10))]
    frames = np.linspace(0, given.num_frames, clip_len, endpoint=False).astype(int)
    x = np.stack(joints, axis=2)[:, frames]
    low, high = x.reshape(-1, 2).min(axis=0), x.reshape(-1, 2).max(axis=0)
    side = (high - low).max() * ratio
    x = ((x - (low + high - side) / 2) / side - 0.5) * 2
    return np.concatenate([x.clip(-1, 1), given.confidence[:, frames, :, None]], axis=-1)


def read(given: SkeletonSequence, order: str = "joints", spec: ClipSpec = SPEC) -> np.ndarray:
    clip = view_clips(convert(given, H36M), spec)[0]
    module = SkeletonStreams(StreamSpec(with_confidence=True, confidence_order=order), H36M)  # type: ignore[arg-type]
    return module(torch.from_numpy(clip.keypoints)[None], torch.from_numpy(clip.confidence)[None])[0].numpy()


@pytest.mark.parametrize("frames", [1, 7, 12, 50])
def test_the_input_is_the_published_one(frames: int) -> None:
    given = sequence(frames=frames)
    expected = published_input(given, clip_len=12, ratio=2.0)
    found = read(given, "coco17")
    np.testing.assert_allclose(found[..., :2], expected[..., :2], atol=2e-6)
    body = [0, *range(5, 17)]  # of eyes and ears the head's confidence is all that is left
    np.testing.assert_array_equal(found[..., body, 2], expected[..., body, 2])


def test_confidences_go_with_their_joints_unless_asked_otherwise() -> None:
    given = sequence()
    own, published = read(given), read(given, "coco17")
    np.testing.assert_array_equal(own[..., H36M.index("left_wrist"), 2], published[..., COCO.index("left_wrist"), 2])
    np.testing.assert_array_equal(own[..., H36M.index("head"), 2], published[..., COCO.index("right_ear"), 2])
    np.testing.assert_array_equal(own[..., :2], published[..., :2])


@given(
    seed=st.integers(0, 99), scale=st.floats(0.2, 5), right=st.floats(-300, 300), down=st.floats(-300, 300),
    tall=st.booleans(),
)  # fmt: skip
@settings(deadline=None, max_examples=30)
def test_neither_place_nor_size_nor_frame_matter(
    seed: int, scale: float, right: float, down: float, tall: bool
) -> None:
    given = sequence(seed=seed)
    moved = given.keypoints * np.float32(scale) + np.array([right, down], np.float32)
    other = SkeletonSequence(moved, given.confidence, COCO, (900, 500) if tall else (300, 700), name="a clip")
    np.testing.assert_allclose(read(other), read(given), atol=1e-4)


def test_without_crop_the_frames_longer_side_is_the_square() -> None:
    given = sequence(people=1)
    found = read(given, spec=SPEC.with_space(crop=False).model_copy(update={"clip_len": given.num_frames}))
    wrist = given.keypoints[0, :, COCO.index("left_wrist")] / 400 * 2 - 1
    np.testing.assert_allclose(found[0, :, H36M.index("left_wrist"), :2], wrist, atol=1e-6)


def test_people_fill_half_of_the_square_and_the_absent_one_is_empty() -> None:
    found = read(sequence(people=1))
    assert np.abs(found[0, ..., :2]).max() == pytest.approx(0.5)
    assert found.shape == (2, 12, 17, 3) and not found[1].any()


def test_what_lies_outside_is_put_on_the_edge() -> None:
    narrow = Augmentation(widen=(0.2, 0.2))
    clip = training_clip(convert(sequence(), H36M), SPEC, narrow, np.random.default_rng(0))
    assert np.abs(clip.keypoints).max() == 1


@pytest.mark.parametrize("seed", range(5))
def test_training_widens_the_square_and_drifts(seed: int) -> None:
    given = convert(sequence(frames=40), H36M)
    clip = training_clip(given, SPEC, MOVED, np.random.default_rng(seed))
    reach = np.abs(clip.keypoints).max()
    assert 1 / 3 - 1e-6 <= reach <= 1 and clip.window.box_xyxy.shape == (4,)
    still = training_clip(given, SPEC, Augmentation(), np.random.default_rng(seed))
    assert np.abs(still.keypoints).max() == pytest.approx(0.5)


def test_a_mirror_image_changes_sides() -> None:
    plain, mirrored = view_clips(convert(sequence(), H36M), SPEC, flips=True)
    swapped = plain.keypoints[..., list(H36M.joint_mirror), :] * np.array([-1, 1], np.float32)
    np.testing.assert_allclose(mirrored.keypoints, swapped, atol=1e-6)


def test_people_who_were_swapped_are_put_back() -> None:
    given = sequence(frames=12)
    tangled = given.replaced(
        keypoints=np.concatenate([given.keypoints[:, :6], given.keypoints[::-1, 6:]], axis=1),
        confidence=np.concatenate([given.confidence[:, :6], given.confidence[::-1, 6:]], axis=1),
    )
    np.testing.assert_array_equal(read(tangled), read(given))
    as_they_come = SPEC.model_copy(update={"preprocess": Preprocess()})
    assert not np.array_equal(read(tangled, spec=as_they_come), read(given))


def test_nobody_there() -> None:
    given = sequence()
    nobody = given.replaced(keypoints=np.full_like(given.keypoints, np.nan), confidence=np.zeros_like(given.confidence))
    assert not read(nobody).any()
    for seed in range(3):
        clip = training_clip(convert(nobody, H36M), SPEC, MOVED, np.random.default_rng(seed))
        assert not clip.keypoints.any() and not clip.confidence.any()
