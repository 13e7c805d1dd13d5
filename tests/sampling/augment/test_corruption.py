"""Corruptions: as strong as asked for, on what they name and on nothing else."""

from fractions import Fraction

import numpy as np
import pytest

from posecube.sampling.augment import corruption
from posecube.sampling.augment.corruption import (
    LIMB_JOINTS,
    body_halves,
    displaced_by_height,
    displaced_in_frame,
    motion_scale,
    person_heights,
    with_dropped_people,
    with_half_hidden,
    with_scaled_confidence,
    with_sides_swapped,
    without_frames,
    without_limb_joints,
)
from posecube.skeleton import SkeletonLayout, SkeletonSequence, find_layout

COCO17 = find_layout("coco17")
SIZE_HW = (100, 400)


def sequence_of(*, people: int = 2, frames: int = 400, axes: int = 2, layout: SkeletonLayout = COCO17):
    rng = np.random.default_rng(0)
    keypoints = rng.uniform(10, 90, size=(people, frames, layout.num_joints, axes))
    confidence = rng.uniform(0.5, 1, size=keypoints.shape[:3])
    confidence[0, :, 3] = 0
    return SkeletonSequence(
        keypoints, confidence, layout, SIZE_HW if axes == 2 else (0, 0), fps=Fraction(30), label=1, name="clip"
    )


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


CASES = {
    "frame": lambda s, r: displaced_in_frame(s, 0.02, r),
    "motion": lambda s, r: displaced_in_frame(s, 0.02, r, scaled_by_motion=True),
    "height": lambda s, r: displaced_by_height(s, 0.05, r),
    "limb": lambda s, r: without_limb_joints(s, 0.5, r),
    "frames": lambda s, r: without_frames(s, 0.5, r),
    "sides": lambda s, r: with_sides_swapped(s, 0.5, r),
    "doubt": lambda s, r: with_scaled_confidence(s, 0.5, r),
    "half": lambda s, r: with_half_hidden(s, 0.5, r),
    "tracks": lambda s, r: with_dropped_people(s, 0.5, r),
}
AT_ZERO = {
    "frame": lambda s, r: displaced_in_frame(s, 0.0, r),
    "height": lambda s, r: displaced_by_height(s, 0.0, r),
    "limb": lambda s, r: without_limb_joints(s, 0.0, r),
    "frames": lambda s, r: without_frames(s, 0.0, r),
    "sides": lambda s, r: with_sides_swapped(s, 0.0, r),
    "doubt": lambda s, r: with_scaled_confidence(s, 0.0, r),
    "half": lambda s, r: with_half_hidden(s, 0.0, r),
    "tracks": lambda s, r: with_dropped_people(s, 0.0, r),
}


@pytest.mark.parametrize("name", CASES)
def test_a_generator_decides_and_the_rest_of_the_clip_stays(name: str) -> None:
    clean = sequence_of()
    before = clean.keypoints.copy(), clean.confidence.copy()
    one, same, other = (
        CASES[name](clean, rng()),
        CASES[name](clean, rng()),
        CASES[name](clean, np.random.default_rng(8)),
    )
    np.testing.assert_array_equal(one.keypoints, same.keypoints)
    np.testing.assert_array_equal(one.confidence, same.confidence)
    assert not (np.array_equal(one.keypoints, other.keypoints) and np.array_equal(one.confidence, other.confidence))
    np.testing.assert_array_equal(clean.keypoints, before[0])
    np.testing.assert_array_equal(clean.confidence, before[1])
    assert (one.label, one.name, one.fps, one.layout, one.size_hw) == (1, "clip", 30, COCO17, SIZE_HW)


@pytest.mark.parametrize("name", AT_ZERO)
def test_nothing_happens_at_zero(name: str) -> None:
    clean = sequence_of()
    same = AT_ZERO[name](clean, rng())
    np.testing.assert_array_equal(same.keypoints, clean.keypoints)
    np.testing.assert_array_equal(same.confidence, clean.confidence)


def moved(clean: SkeletonSequence, noisy: SkeletonSequence) -> np.ndarray:
    return (noisy.keypoints - clean.keypoints)[clean.confidence > 0]


def test_noise_is_a_share_of_the_frames_own_sides() -> None:
    clean = sequence_of()
    noisy = displaced_in_frame(clean, 0.02, rng())
    np.testing.assert_allclose(moved(clean, noisy).std(axis=0), [8, 2], rtol=0.03)
    np.testing.assert_allclose(moved(clean, noisy).mean(axis=0), 0, atol=0.25)
    np.testing.assert_array_equal(noisy.keypoints[0, :, 3], clean.keypoints[0, :, 3], err_msg="a missing joint")


def test_noise_shrinks_where_nobody_moves() -> None:
    clean = sequence_of(frames=30)
    still = clean.replaced(keypoints=np.repeat(clean.keypoints[:, :1], 30, axis=1))
    assert motion_scale(still) == 0.2
    noisy = displaced_in_frame(still, 0.02, rng(), scaled_by_motion=True)
    np.testing.assert_allclose(moved(still, noisy).std(axis=0), [1.6, 0.4], rtol=0.1)


def test_motion_is_the_way_of_the_first_person() -> None:
    keypoints = np.zeros((2, 3, 17, 2), dtype=np.float32)
    keypoints[0, :, 5] = [[0, 0], [300, 400], [300, 400]]  # 500 pixels
    keypoints[0, :, 6] = [[0, 0], [0, 0], [0, 2000]]
    keypoints[1, 1] = 1e6
    clip = SkeletonSequence(keypoints, np.ones((2, 3, 17)), COCO17, SIZE_HW)
    assert motion_scale(clip) == pytest.approx(0.5)
    assert motion_scale(clip.replaced(keypoints=keypoints * 100)) == 1.0
    assert motion_scale(sequence_of(frames=1)) == 0.2


def test_noise_by_height_follows_each_person() -> None:
    clean = sequence_of(frames=600)
    small = clean.keypoints.copy()
    small[1] = 50 + 0.1 * (small[1] - 50)
    clean = clean.replaced(keypoints=small)
    tall, short = person_heights(clean)
    assert 6 < tall / short < 14
    noise = displaced_by_height(clean, 0.05, rng()).keypoints - clean.keypoints
    np.testing.assert_allclose(noise[0, :, 5].std(), 0.05 * tall, rtol=0.06)
    np.testing.assert_allclose(noise[1, :, 5].std(), 0.05 * short, rtol=0.06)


def test_a_persons_height_is_the_longer_side_and_absent_ones_have_none() -> None:
    clean = sequence_of(frames=2)
    keypoints, confidence = clean.keypoints.copy(), clean.confidence.copy()
    keypoints[0, :, :, 0] = np.linspace(0, 170, 17)
    keypoints[0, :, :, 1] = 20
    confidence[0, :, :4] = 0
    confidence[1] = 0
    heights = person_heights(clean.replaced(keypoints=keypoints, confidence=confidence))
    np.testing.assert_allclose(heights, [170 - 42.5, 0])
    assert displaced_by_height(sequence_of(axes=3), 0.1, rng()).num_axes == 3


def test_one_limb_joint_a_frame_is_lost() -> None:
    clean = sequence_of()
    lost = (without_limb_joints(clean, 0.25, rng()).confidence == 0) & (clean.confidence > 0)
    assert set(lost.sum(axis=-1).ravel()) == {0, 1}
    assert lost.any(axis=-1).mean() == pytest.approx(0.25, abs=0.04)
    limbs = [COCO17.index(joint) for joint in LIMB_JOINTS]
    assert (lost.any(axis=(0, 1)).nonzero()[0] == sorted(limbs)).all()
    always = without_limb_joints(clean, 1.0, rng())
    assert ((always.confidence == 0) & (clean.confidence > 0)).any(axis=-1).all()


def test_frames_are_lost_but_never_all() -> None:
    clean = sequence_of()
    kept = without_frames(clean, 0.25, rng()).confidence.any(axis=(0, 2))
    assert kept.mean() == pytest.approx(0.75, abs=0.05)
    assert without_frames(clean, 1.0, rng()).confidence.any(axis=(0, 2)).sum() == 1


def test_sides_are_swapped_joint_by_joint() -> None:
    clean = sequence_of()
    swapped = with_sides_swapped(clean, 1.0, rng())
    left, right = COCO17.index("left_wrist"), COCO17.index("right_wrist")
    np.testing.assert_array_equal(swapped.keypoints[:, :, left], clean.keypoints[:, :, right])
    np.testing.assert_array_equal(swapped.keypoints[:, :, 0], clean.keypoints[:, :, 0])
    ear, other = COCO17.index("left_ear"), COCO17.index("right_ear")
    assert (swapped.confidence[0, :, other] == 0).all() and (swapped.confidence[0, :, ear] > 0).all()
    some = (with_sides_swapped(clean, 0.3, rng()).keypoints != clean.keypoints).any(axis=(2, 3))
    assert some.mean() == pytest.approx(0.3, abs=0.05)


def test_doubt_lowers_confidence_only() -> None:
    clean = sequence_of()
    doubtful = with_scaled_confidence(clean, 0.4, rng())
    share = doubtful.confidence[clean.confidence > 0] / clean.confidence[clean.confidence > 0]
    assert share.min() == pytest.approx(0.6, abs=0.01) and share.max() == pytest.approx(1.0, abs=0.01)
    np.testing.assert_array_equal(doubtful.keypoints, clean.keypoints)


def test_half_a_body_is_hidden_for_one_run_of_frames() -> None:
    clean = sequence_of()
    halves = {tuple(half.nonzero()[0]) for half in body_halves(COCO17).values()}
    found = set()
    for seed in range(20):
        hidden = with_half_hidden(clean, 0.3, np.random.default_rng(seed)).confidence == 0
        hidden[0, :, 3] = False
        joints, frames = hidden[1].any(axis=0), hidden.any(axis=(0, 2))
        found.add(tuple(joints.nonzero()[0]))
        assert frames.sum() == 120 and (np.diff(frames.astype(int)) != 0).sum() <= 2
    assert found == halves


def test_halves_by_name() -> None:
    halves = body_halves(find_layout("ntu25"))
    names = np.array(find_layout("ntu25").joints)
    assert {"head", "left_shoulder", "right_hand_tip"} <= set(names[halves["upper"]])
    assert {"pelvis", "left_hip", "right_foot"} <= set(names[halves["lower"]])
    assert not (halves["left"] & halves["right"]).any()


def test_a_lost_track_comes_back() -> None:
    clean = sequence_of()
    lost = ~with_dropped_people(clean, 0.4, rng()).confidence.any(axis=-1)
    assert (lost.sum(axis=1) == 160).all()
    assert not np.array_equal(lost[0], lost[1]), "people are lost one by one"
    assert (with_dropped_people(clean, 1.0, rng()).confidence.any(axis=-1).sum(axis=1) == 1).all()
    nobody = clean.replaced(confidence=np.zeros_like(clean.confidence))
    np.testing.assert_array_equal(with_dropped_people(nobody, 0.5, rng()).confidence, 0)


def test_what_a_layout_does_not_know_is_said() -> None:
    bare = SkeletonLayout("bare", ("a", "b"), (("a", "b"),))
    clip = sequence_of(layout=SkeletonLayout("four", ("a", "b", "c", "d"), (("a", "b"),)))
    with pytest.raises(ValueError, match="layout four has no elbows, wrists, knees and ankles"):
        without_limb_joints(clip, 0.5, rng())
    with pytest.raises(ValueError, match="layout four has no joints that tell one half"):
        with_half_hidden(clip, 0.5, rng())
    with pytest.raises(ValueError, match="needs 2D joints, clip has 3D ones"):
        displaced_in_frame(sequence_of(axes=3), 0.1, rng())
    assert body_halves(bare)["lower"].all()
    assert corruption.LIMB_JOINTS[0] == "left_elbow"
