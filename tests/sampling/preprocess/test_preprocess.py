"""Equation 2 of DSC3D by hand: who stays, which joints stay, which frames go; and how clips tell of it."""

import numpy as np
import pytest
from pydantic import ValidationError

from posecube.sampling import (
    Augmentation,
    ClipSpec,
    MapSpace,
    Preprocess,
    clip_rng,
    is_empty,
    training_clip,
    view_clips,
)
from posecube.sampling.preprocess.preprocess import above_thresholds, denoised, shown_frames
from posecube.skeleton import SkeletonSequence, find_layout

LAYOUT = find_layout("penn13")


def sequence_of(confidence, *, name="clip"):
    """A clip in which every joint stands at (frame, joint)."""
    confidence = np.asarray(confidence, np.float32)
    people, frames, joints = confidence.shape
    keypoints = np.stack(np.broadcast_arrays(np.arange(frames)[:, None], np.arange(joints)), axis=-1)
    return SkeletonSequence(
        np.broadcast_to(keypoints, (people, *keypoints.shape)), confidence, LAYOUT, (120, 160), name=name
    )


def test_the_equation_by_hand():
    confidence = np.array([[[0.9, 0.5, 0.1], [0.4, 0.2, 0.3], [0.3, 0.3, 0.3]]], np.float32)
    left = above_thresholds(confidence, skeleton=0.3, joint=0.3)
    # Frame 1: a mean of 0.3 is not above 0.3; frame 2 the same; of frame 0 the third joint goes.
    np.testing.assert_allclose(left, [[[0.9, 0.5, 0], [0, 0, 0], [0, 0, 0]]])
    np.testing.assert_allclose(above_thresholds(confidence, skeleton=0, joint=0.3)[0, 1], [0.4, 0, 0])
    np.testing.assert_allclose(above_thresholds(confidence, skeleton=0.2, joint=0)[0, 1], [0.4, 0.2, 0.3])


def test_each_person_is_judged_alone():
    confidence = np.array([[[0.9, 0.9]], [[0.1, 0.2]]], np.float32)
    np.testing.assert_allclose(above_thresholds(confidence, skeleton=0.3, joint=0), [[[0.9, 0.9]], [[0, 0]]])
    assert shown_frames(above_thresholds(confidence, skeleton=0.3, joint=0)).tolist() == [True]


def test_frames_without_anybody_leave_the_time_line():
    confidence = np.full((2, 5, 3), 0.8, np.float32)
    confidence[:, 1] = 0.1
    confidence[0, 3] = 0.1
    keypoints = np.arange(2 * 5 * 3 * 2, dtype=np.float32).reshape(2, 5, 3, 2)
    points, left = denoised(keypoints, confidence, skeleton=0.3, joint=0.3)
    np.testing.assert_array_equal(points, keypoints[:, [0, 2, 3, 4]])
    assert left[:, :, 0].tolist() == [[pytest.approx(0.8)] * 2 + [0] + [pytest.approx(0.8)],
                                      [pytest.approx(0.8)] * 4]  # fmt: skip


def test_off_it_changes_nothing_not_even_empty_frames():
    confidence = np.zeros((1, 4, 3), np.float32)
    confidence[0, 2] = 0.01
    keypoints = np.zeros((1, 4, 3, 2), np.float32)
    points, left = denoised(keypoints, confidence, skeleton=0, joint=0)
    assert points is keypoints and left is confidence


def test_a_clip_with_nothing_left_keeps_its_frames_empty():
    confidence = np.full((1, 4, 3), 0.2, np.float32)
    points, left = denoised(np.ones((1, 4, 3, 2), np.float32), confidence, skeleton=0.3, joint=0)
    assert points.shape == (1, 4, 3, 2) and left.shape == (1, 4, 3) and not left.any()


class TestClips:
    """Training clips and test views alike see what is left."""

    spec = ClipSpec(
        clip_len=4,
        max_people=1,
        preprocess=Preprocess(skeleton_threshold=0.3, joint_threshold=0.3),
        space=MapSpace(size_hw=(16, 16), crop=False),
    )

    def clip(self):
        confidence = np.full((1, 20, 13), 0.8)
        confidence[0, :10] = 0.2  # the first half is too poor
        confidence[0, :, 4] = 0.25
        return sequence_of(confidence)

    @pytest.mark.parametrize("training", [False, True])
    def test_only_good_frames_and_joints_are_shown(self, training):
        if training:
            clip = training_clip(self.clip(), self.spec, Augmentation(), clip_rng(0, 0, "a"))
        else:
            clip = view_clips(self.clip(), self.spec)[0]
        # x is the number of the frame, on a map of 16 for 160 pixels: below 10 are the poor ones.
        first_x = np.float32((10 + 0.5) * 16 / 160 - 0.5)
        assert (clip.keypoints[0, :, 0, 0] >= first_x - 1e-5).all()
        assert not clip.confidence[0, :, 4].any() and (clip.confidence[0, :, 0] > 0.7).all()

    def test_a_clip_of_nobody_is_told_and_scored(self):
        poor = sequence_of(np.full((1, 6, 13), 0.2))
        assert is_empty(poor, self.spec) and not is_empty(self.clip(), self.spec)
        assert not is_empty(poor, ClipSpec())
        assert is_empty(sequence_of(np.zeros((1, 6, 13))), ClipSpec())
        clip = view_clips(poor, self.spec)[0]
        assert clip.keypoints.shape == (1, 4, 13, 2) and not clip.confidence.any()
        assert not training_clip(poor, self.spec, Augmentation(), clip_rng(0, 0, "a")).confidence.any()

    def test_people_who_are_not_kept_do_not_count(self):
        two = sequence_of(np.stack([np.full((3, 13), 0.9), np.full((3, 13), 0.29)]))
        assert not is_empty(two, self.spec)
        assert is_empty(two.replaced(confidence=two.confidence * 0.3), self.spec)

    @pytest.mark.parametrize("field", ["skeleton_threshold", "joint_threshold"])
    def test_thresholds_lie_between_0_and_1(self, field):
        with pytest.raises(ValidationError):
            ClipSpec(**{field: 1.0})
