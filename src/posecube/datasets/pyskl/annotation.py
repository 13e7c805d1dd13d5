"""One annotation of a pyskl or mmaction2 pickle: what it says, and the clip that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.datasets.pyskl.plain_pickle import plain
from posecube.errors import UserError
from posecube.skeleton import SkeletonLayout, SkeletonSequence

Annotation = Mapping[Any, Any]
OTHER_LENGTH = "total_frames is not the number of frames that the joints have; the joints count"


def field_of(where: str, annotation: Annotation, key: str) -> Any:
    """A field's value, None where it is missing; arrays are read from the file.

    Raises:
        UserError: If the pickle gave an array no content.
    """
    try:
        return plain(annotation.get(key))
    except ValueError as error:
        raise UserError(f"{where}: {key}: {error}") from None


def name_of(annotation: Annotation) -> str | None:
    """The clip's name: its frame_dir, of some older files its filename; None without."""
    name = annotation.get("frame_dir", annotation.get("filename"))
    return name if isinstance(name, str) and name else None


def label_of(where: str, annotation: Annotation) -> int | str | None:
    """The class: an index, a name, or None where it is missing or negative.

    Raises:
        UserError: If it is something else.
    """
    label = field_of(where, annotation, "label")
    if isinstance(label, ndarray) and label.size == 1:
        label = label.item()
    if isinstance(label, float) and label.is_integer():
        label = int(label)
    if label is None or isinstance(label, str):
        return label or None
    if not isinstance(label, int):
        raise UserError(f"{where}: label must be a whole number or a name, got {shown(label)}")
    return label if label >= 0 else None


def shown(value: Any) -> str:
    """A value for an error message: a pickle can make one that is endless when written out."""
    if isinstance(value, str | int | float | None):
        return repr(value)[:60]
    if isinstance(value, tuple) and len(value) < 6 and all(isinstance(item, int | float) for item in value):
        return repr(value)[:60]
    return type(value).__name__


def sequence_of(
    where: str, annotation: Annotation, keypoints: Any, score: Any, *, layout: SkeletonLayout, label: int | None
) -> SkeletonSequence | str:
    """The clip, or the reason why there is none.

    Joints are missing (confidence 0) where the score is 0, where all coordinates are 0, or where one is not finite.
    Without scores every other joint has confidence 1.

    Args:
        where: File and annotation, for messages.
        annotation: It gives the name and the frame's size.
        keypoints: Array (M, T, V, 2 or 3): pixels or metres.
        score: Array (M, T, V) or None.
        layout: Names of the V joints.
        label: Index of the class.

    Raises:
        UserError: If something is not as expected.
    """
    if not isinstance(keypoints, ndarray) or keypoints.ndim != 4 or keypoints.dtype.kind not in "fiu":
        raise UserError(f"{where}: keypoint must be an array (M, T, V, C)")
    if keypoints.shape[2] != layout.num_joints or keypoints.shape[3] not in (2, 3):
        raise UserError(
            f"{where}: layout {layout.name} needs keypoint (M, T, {layout.num_joints}, 2 or 3), got {keypoints.shape}"
        )
    if 0 in keypoints.shape:
        return f"no people or no frames: keypoint {keypoints.shape}"
    keypoints = _float32(keypoints)
    confidence = _confidence(where, keypoints, score)
    if not confidence.any():
        return "it has no detections"
    return SkeletonSequence(
        keypoints=np.where(confidence[..., None] > 0, keypoints, np.float32(0)),
        confidence=confidence,
        layout=layout,
        size_hw=_size_hw(where, annotation) if keypoints.shape[3] == 2 else (0, 0),
        label=label,
        name=name_of(annotation) or "",
    )


def _confidence(where: str, keypoints: Float32[ndarray, "M T V C"], score: Any) -> Float32[ndarray, "M T V"]:
    is_given = np.isfinite(keypoints).all(axis=-1) & (keypoints != 0).any(axis=-1)
    if score is None:
        return is_given.astype(np.float32)
    if not isinstance(score, ndarray) or score.shape != keypoints.shape[:3] or score.dtype.kind not in "fiu":
        raise UserError(f"{where}: keypoint_score must be an array {keypoints.shape[:3]} like keypoint")
    # Estimators' scores may pass 1 a little.
    finite_score = np.nan_to_num(_float32(score), nan=0, posinf=1, neginf=0)
    return (finite_score.clip(0, 1) * is_given).astype(np.float32)


def _float32(numbers: ndarray) -> ndarray:
    with np.errstate(over="ignore"):  # what is too large becomes infinite, which is a missing joint
        return numbers.astype(np.float32)


def _size_hw(where: str, annotation: Annotation) -> tuple[int, int]:
    size = field_of(where, annotation, "img_shape" if "img_shape" in annotation else "original_shape")
    try:
        height, width = (int(side) for side in size[:2])
    except (TypeError, ValueError, KeyError, OverflowError):
        raise UserError(f"{where}: img_shape must be (height, width), got {shown(size)}") from None
    return height, width


def says_other_length(where: str, annotation: Annotation, num_frames: int) -> bool:
    """Does the annotation say another number of frames than its joints have?"""
    total = field_of(where, annotation, "total_frames")
    return total is not None and not (isinstance(total, int | float) and total == num_frames)
