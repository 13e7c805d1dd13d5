"""From one layout to another, by joint name.

A joint of the same name is copied. A joint that the source lacks is derived where anatomy allows it (``_DERIVATIONS``),
otherwise it is missing: confidence 0. Definitions differ between data sets (one's ``head`` is the crown, another's the
middle of the face), so a converted skeleton is near what an estimator of the other layout would give, not equal to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.sequence import SkeletonSequence


@dataclass(frozen=True)
class _Derivation:
    """A joint as the mean of others: of all of them, or of those that were seen."""

    sources: tuple[str, ...]
    needs_all: bool = True


def _mean(*sources: str) -> _Derivation:
    return _Derivation(sources)


def _mean_of_seen(*sources: str) -> _Derivation:
    return _Derivation(sources, needs_all=False)


# For each joint the ways to derive it, best first; `*` stands for the side. The first way whose sources the layout has
# (all of them, or one of them where those seen suffice) is taken. A copy, such as hand for wrist, is a mean of one.
_DERIVATIONS: dict[str, tuple[_Derivation, ...]] = {
    "head": (_mean_of_seen("nose", "left_eye", "right_eye", "left_ear", "right_ear"),),
    "nose": (_mean("head"),),
    "neck": (_mean("left_shoulder", "right_shoulder"), _mean("thorax")),
    "thorax": (_mean("left_shoulder", "right_shoulder"), _mean("neck")),
    "spine": (
        _mean("left_shoulder", "right_shoulder", "left_hip", "right_hip"),
        _mean("neck", "pelvis"),
    ),
    "pelvis": (_mean("left_hip", "right_hip"),),
    "*_wrist": (_mean("*_hand"),),
    "*_hand": (_mean("*_index", "*_pinky"), _mean("*_wrist")),
    "*_hand_tip": (_mean("*_index"),),
    "*_index": (_mean("*_hand_tip"),),
    "*_ankle": (_mean("*_foot"),),
    "*_foot": (_mean("*_foot_index"), _mean_of_seen("*_big_toe", "*_small_toe"), _mean("*_ankle")),
    "*_foot_index": (_mean_of_seen("*_big_toe", "*_small_toe"), _mean("*_foot")),
    "*_big_toe": (_mean("*_foot_index"), _mean("*_foot")),
}
# Ways that come first into one layout, as whoever trained on it converts: of MotionBERT's public code.
_DERIVATIONS_INTO: dict[str, dict[str, tuple[_Derivation, ...]]] = {
    "h36m17": {"head": (_mean_of_seen("left_eye", "right_eye"),)},
}


@dataclass(frozen=True)
class ConversionWeights:
    """How each target joint is made of source joints.

    Attributes:
        weights: Fraction of each source joint, rows of joints that cannot be derived are zero. (target V, source V)
        needs_all: Target joints that are missing as soon as one of their sources is; the others are the mean of the
            sources that were seen. (target V,)
    """

    weights: Float32[ndarray, "V_target V_source"]
    needs_all: Bool[ndarray, " V_target"]


@lru_cache(maxsize=128)
def conversion_weights(source: SkeletonLayout, target: SkeletonLayout) -> ConversionWeights:
    """Work out how the joints of one layout are made from those of another."""
    weights = np.zeros((target.num_joints, source.num_joints), dtype=np.float32)
    needs_all = np.ones(target.num_joints, dtype=bool)
    for row, joint in enumerate(target.joints):
        derivation = _derivation(joint, source, target)
        if derivation is not None:
            columns = [source.index(name) for name in derivation.sources]
            weights[row, columns] = 1 / len(columns)
            needs_all[row] = derivation.needs_all
    weights.setflags(write=False)
    needs_all.setflags(write=False)
    return ConversionWeights(weights, needs_all)


def convert_keypoints(
    keypoints: Float32[ndarray, "*dims V C"],
    confidence: Float32[ndarray, "*dims V"],
    *,
    source: SkeletonLayout,
    target: SkeletonLayout,
) -> tuple[Float32[ndarray, "*dims W C"], Float32[ndarray, "*dims W"]]:
    """Convert joints of any leading shape.

    A joint that needs all its sources has the smallest of their confidences; one that is the mean of the sources seen
    has the mean of those sources' confidences. Coordinates of missing joints become 0.
    """
    conversion = conversion_weights(source, target)
    weights = conversion.weights
    is_seen = confidence > 0
    # What was not seen may hold NaN, which no weight of 0 would silence.
    seen_keypoints = np.where(is_seen[..., None], keypoints, 0)
    seen_fraction = is_seen.astype(np.float32) @ weights.T
    divisor = np.where(seen_fraction > 0, seen_fraction, 1)
    converted = np.einsum("wv,...vc->...wc", weights, seen_keypoints) / divisor[..., None]
    mean = confidence @ weights.T / divisor
    smallest = np.where(weights > 0, confidence[..., None, :], np.float32(2)).min(axis=-1)
    smallest = np.where(smallest > 1, 0, smallest)  # no source at all
    new_confidence = np.where(conversion.needs_all, smallest, mean).clip(0, 1).astype(np.float32)
    converted = np.where(new_confidence[..., None] > 0, converted, 0).astype(np.float32)
    return converted, new_confidence


def convert(sequence: SkeletonSequence, layout: SkeletonLayout) -> SkeletonSequence:
    """The same sequence in another layout; see ``convert_keypoints``."""
    if sequence.layout == layout:
        return sequence
    keypoints, confidence = convert_keypoints(
        sequence.keypoints, sequence.confidence, source=sequence.layout, target=layout
    )
    return sequence.replaced(keypoints=keypoints, confidence=confidence, layout=layout)


def _derivation(joint: str, source: SkeletonLayout, target: SkeletonLayout) -> _Derivation | None:
    if joint in source.joints:
        return _mean(joint)
    side, _, part = joint.partition("_")
    is_paired = side in ("left", "right") and bool(part)
    first = _DERIVATIONS_INTO.get(target.name, {}).get(joint, ())
    for derivation in (*first, *_DERIVATIONS.get(f"*_{part}" if is_paired else joint, ())):
        names = tuple(name.replace("*", side) for name in derivation.sources)
        present = tuple(name for name in names if name in source.joints)
        if present == names or (present and not derivation.needs_all):
            return _Derivation(present, derivation.needs_all)
    return None


def check_convertible(source: SkeletonLayout, target: SkeletonLayout, *, reader: str) -> None:
    """Refuse skeletons that lack more than half of the joints that are read.

    It is asked of the layouts, not of what was seen: in a close-up most joints are out of sight, and that is no error.

    Args:
        reader: Who reads the target, as a sentence begins: "recipe penn_joint reads".

    Raises:
        UserError: If more than half of the target's joints cannot be derived.
    """
    rows = conversion_weights(source, target).weights
    missing = [joint for joint, row in zip(target.joints, rows, strict=True) if not row.any()]
    if 2 * len(missing) > target.num_joints:
        raise UserError(
            f"{reader} layout {target.name}; {len(missing)} of its {target.num_joints} joints cannot be derived from "
            f"{source.name}: {', '.join(missing)}"
        )
