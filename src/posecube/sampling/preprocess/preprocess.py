"""Preprocess: what is mended in a whole sequence before frames are chosen, and the thresholds that it may set.

Skeletons found in the dark are many and poor. Low thresholds when they are found, and these here, keep what is good of
them.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field

from posecube.sampling.preprocess.id_switches import without_id_switches
from posecube.sampling.preprocess.smoothing import smoothed


class Preprocess(BaseModel):
    """What is mended in a sequence; the defaults leave it as it is.

    Attributes:
        smooth: Temporal smoothing of joints that shake from frame to frame, see ``smoothed``.
        undo_id_switches: Put back two people who changed places from one frame to the next, see
            ``without_id_switches``.
        skeleton_threshold: A person is left out of the frames in which the mean confidence of their joints is not above
            this; frames without any person then are left out too, see ``denoised``. 0.3 in publications.
        joint_threshold: Joints whose confidence is not above this are missing, and likewise frames without any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    smooth: bool = False
    undo_id_switches: bool = False
    skeleton_threshold: float = Field(default=0.0, ge=0.0, lt=1.0)
    joint_threshold: float = Field(default=0.0, ge=0.0, lt=1.0)

    def applied(
        self, keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"]
    ) -> tuple[Float32[ndarray, "M t V C"], Float32[ndarray, "M t V"]]:
        """The joints as the clip's frames are chosen from."""
        if self.undo_id_switches:
            keypoints, confidence = without_id_switches(keypoints, confidence)
        keypoints, confidence = denoised(
            keypoints, confidence, skeleton=self.skeleton_threshold, joint=self.joint_threshold
        )
        return (smoothed(keypoints, confidence) if self.smooth else keypoints), confidence

    def leaves_nothing(self, confidence: Float32[ndarray, "M T V"]) -> bool:
        """Whether no joint was seen, or none is above the thresholds."""
        return not above_thresholds(confidence, skeleton=self.skeleton_threshold, joint=self.joint_threshold).any()


def above_thresholds(
    confidence: Float32[ndarray, "M T V"], *, skeleton: float, joint: float
) -> Float32[ndarray, "M T V"]:
    """Confidence of the joints that stay, 0 for all others.

    A person stays in a frame if the mean confidence of all its joints there is above ``skeleton``; of a person who
    stays a joint does if its own confidence is above ``joint``. A threshold of 0 leaves out nobody who was seen.

    Source: DSC3D section III.C, equation 2; both thresholds are 0.3 there. Which score of a skeleton is meant is not
    said: the mean confidence of its joints is our reading.
    """
    is_confident = confidence.mean(axis=-1, keepdims=True) > skeleton
    return np.where(is_confident & (confidence > joint), confidence, np.float32(0))


def shown_frames(confidence: Float32[ndarray, "M T V"]) -> Bool[ndarray, " T"]:
    """Frames that show a joint of somebody; all of them where none does, so that a clip never gets lost."""
    shown = np.asarray((confidence > 0).any(axis=(0, 2)))
    return shown if shown.any() else np.ones(len(shown), dtype=bool)


def denoised(
    keypoints: Float32[ndarray, "M T V C"], confidence: Float32[ndarray, "M T V"], *, skeleton: float, joint: float
) -> tuple[Float32[ndarray, "M t V C"], Float32[ndarray, "M t V"]]:
    """The joints above both thresholds, without the frames in which nobody is left.

    Time closes over what is left out. A clip in which nobody is left anywhere keeps its frames, empty. Two thresholds
    of 0 change nothing.

    Source: DSC3D section III.C, equation 2.
    """
    if skeleton == 0 and joint == 0:
        return keypoints, confidence
    confidence = above_thresholds(confidence, skeleton=skeleton, joint=joint)
    shown = shown_frames(confidence)
    return (keypoints, confidence) if shown.all() else (keypoints[:, shown], confidence[:, shown])
