"""What goes wrong with skeletons: each a pure function of a sequence, how bad it is, and a generator.

Joints keep their places in the arrays; what is dropped gets confidence 0. Joints that were missing stay missing.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32, Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton import SkeletonLayout, SkeletonSequence

# The joints that move most and are lost first: of PoseConv3D's table 5, which names eight "limb keypoints".
LIMB_JOINTS = tuple(f"{side}_{joint}" for joint in ("elbow", "wrist", "knee", "ankle") for side in ("left", "right"))
_UPPER_WORDS = ("head", "nose", "eye", "ear", "neck", "thorax", "shoulder", "elbow", "wrist", "hand", "thumb")
_MOTION_PIXELS = 10_000.0  # travelled by all joints together, at which motion counts as full
_LEAST_MOTION = 0.2


def displaced_in_frame(
    sequence: SkeletonSequence, alpha: float, rng: np.random.Generator, *, scaled_by_motion: bool = False
) -> SkeletonSequence:
    """Move every joint of every frame on its own, by ``alpha`` of the frame's width and height at one sigma.

    Args:
        scaled_by_motion: Move less where there is less motion, see ``motion_scale``.

    Raises:
        UserError: If the joints are 3D: they have no frame.

    Source: noise of the contrastive training's report, section III.B, as its code draws it; but that code also moves
    the zeros that stand for missing joints, which here stay missing.
    """
    if sequence.num_axes != 2:
        raise UserError(
            f"noise in fractions of the frame needs 2D joints, {sequence.name or 'the sequence'} has 3D ones"
        )
    height, width = sequence.size_hw
    sigma = alpha * np.array([width, height], dtype=np.float32)
    if scaled_by_motion:
        sigma = sigma * motion_scale(sequence)
    return _displaced(sequence, np.broadcast_to(sigma, sequence.keypoints.shape), rng)


def displaced_by_height(sequence: SkeletonSequence, alpha: float, rng: np.random.Generator) -> SkeletonSequence:
    """Move every joint of every frame on its own, by ``alpha`` of its person's height at one sigma.

    A fraction of the frame means little where people are near or far: on 1080p frames of NTU RGB+D 0.015 of the frame
    is about 0.065 of a person.
    """
    sigma = alpha * person_heights(sequence)
    return _displaced(sequence, np.broadcast_to(sigma[:, None, None, None], sequence.keypoints.shape), rng)


def without_limb_joints(sequence: SkeletonSequence, probability: float, rng: np.random.Generator) -> SkeletonSequence:
    """Drop, of each person in each frame with this probability, one elbow, wrist, knee or ankle.

    Raises:
        UserError: If the layout has none of these joints.

    Source: PoseConv3D section 4.4.2, table 5.
    """
    dropped = one_joint_dropped(sequence.confidence, limb_joints(sequence.layout), probability, rng)
    return sequence.replaced(confidence=dropped)


def one_joint_dropped(
    confidence: Float32[ndarray, "M T V"], joints: Int64[ndarray, " L"], probability: float, rng: np.random.Generator
) -> Float32[ndarray, "M T V"]:
    """Drop, of each person in each frame with this probability, one of these joints, all of them as likely."""
    people, frames = confidence.shape[:2]
    is_dropped = rng.uniform(size=(people, frames)) < probability
    which = joints[rng.integers(len(joints), size=(people, frames))]
    confidence = confidence.copy()
    person, frame = np.nonzero(is_dropped)
    confidence[person, frame, which[is_dropped]] = 0
    return confidence


def limb_joints(layout: SkeletonLayout) -> Int64[ndarray, " L"]:
    """Indices of elbows, wrists, knees and ankles.

    Raises:
        UserError: If the layout has none of these joints.
    """
    found = np.array([layout.index(name) for name in LIMB_JOINTS if name in layout.joints], dtype=np.int64)
    if not len(found):
        raise UserError(f"layout {layout.name} has no elbows, wrists, knees and ankles")
    return found


def without_frames(sequence: SkeletonSequence, probability: float, rng: np.random.Generator) -> SkeletonSequence:
    """Drop everybody in a frame with this probability; one frame is always left."""
    kept = rng.uniform(size=sequence.num_frames) >= probability
    seen = np.flatnonzero(sequence.confidence.any(axis=(0, 2)))
    if len(seen) and not kept[seen].any():
        kept[rng.choice(seen)] = True
    return sequence.replaced(confidence=sequence.confidence * kept[:, None])


def with_sides_swapped(sequence: SkeletonSequence, probability: float, rng: np.random.Generator) -> SkeletonSequence:
    """Take a person's left for the right in a frame with this probability, as estimators do with backs."""
    swapped = (rng.uniform(size=sequence.confidence.shape[:2]) < probability)[..., None]
    mirror = list(sequence.layout.joint_mirror)
    return sequence.replaced(
        keypoints=np.where(swapped[..., None], sequence.keypoints[:, :, mirror], sequence.keypoints),
        confidence=np.where(swapped, sequence.confidence[:, :, mirror], sequence.confidence),
    )


def with_scaled_confidence(sequence: SkeletonSequence, spread: float, rng: np.random.Generator) -> SkeletonSequence:
    """Scale every confidence by a number between 1 - spread and 1 of its own."""
    factor = 1 - spread * rng.uniform(size=sequence.confidence.shape)
    return sequence.replaced(confidence=(sequence.confidence * factor).astype(np.float32))


def with_half_hidden(sequence: SkeletonSequence, fraction: float, rng: np.random.Generator) -> SkeletonSequence:
    """Hide the upper, lower, left or right half of everybody for one run of frames, this fraction of the clip.

    Raises:
        UserError: If the layout tells no halves apart.
    """
    halves = [half for half in body_halves(sequence.layout).values() if half.any() and not half.all()]
    if not halves:
        raise UserError(f"layout {sequence.layout.name} has no joints that tell one half of the body from the other")
    hidden = halves[int(rng.integers(len(halves)))]
    run = _run(sequence.num_frames, fraction, rng)
    return sequence.replaced(confidence=np.where(run[:, None] & hidden, np.float32(0), sequence.confidence))


def with_dropped_people(sequence: SkeletonSequence, fraction: float, rng: np.random.Generator) -> SkeletonSequence:
    """Drop each person for one run of frames, this fraction of the clip; nobody is dropped for all of it."""
    confidence = sequence.confidence.copy()
    for person in confidence:
        seen = np.flatnonzero(person.any(axis=-1))
        run = _run(len(seen), fraction, rng)
        if len(seen) and run.all():
            run[int(rng.integers(len(seen)))] = False
        person[seen[run]] = 0
    return sequence.replaced(confidence=confidence)


def motion_scale(sequence: SkeletonSequence) -> float:
    """How much the first person moves, from 0.2 for one who hardly does to 1.

    The root of the pixels that all joints travel from frame to frame, over 10,000. Frames at which a joint is missing
    count as well, as in the public code, where the joint then lies at the origin.

    Source: the contrastive training's public code; its report calls it total_difference.
    """
    first = np.where(sequence.confidence[0, ..., None] > 0, sequence.keypoints[0], 0).astype(np.float64)
    travelled = np.linalg.norm(np.diff(first, axis=0), axis=-1).sum()
    return float(np.clip(np.sqrt(travelled / _MOTION_PIXELS), _LEAST_MOTION, 1.0))


def person_heights(sequence: SkeletonSequence) -> Float32[ndarray, " M"]:
    """Longer side of each person's box of seen joints, median over frames; 0 for people who are never seen.

    The longer side, because people lie down.
    """
    heights = np.zeros(sequence.num_people, dtype=np.float32)
    for index, (coordinates, confident) in enumerate(zip(sequence.keypoints, sequence.confidence, strict=True)):
        present = confident.any(axis=-1)
        if not present.any():
            continue
        seen = (confident[present] > 0)[..., None]
        low = np.where(seen, coordinates[present], np.inf).min(axis=1)
        high = np.where(seen, coordinates[present], -np.inf).max(axis=1)
        heights[index] = np.median((high - low).max(axis=-1))
    return heights


def body_halves(layout: SkeletonLayout) -> dict[str, Bool[ndarray, " V"]]:
    """Which joints belong to each half; the hips' middle and the like belong to none of left and right."""
    upper = np.array([joint.split("_", 1)[-1].startswith(_UPPER_WORDS) for joint in layout.joints])
    left = np.array([joint.startswith("left_") for joint in layout.joints])
    right = np.array([joint.startswith("right_") for joint in layout.joints])
    return {"upper": upper, "lower": ~upper, "left": left, "right": right}


def _displaced(sequence: SkeletonSequence, sigma: ndarray, rng: np.random.Generator) -> SkeletonSequence:
    noise = (rng.normal(size=sequence.keypoints.shape) * sigma).astype(np.float32)
    noise[sequence.confidence == 0] = 0
    return sequence.replaced(keypoints=sequence.keypoints + noise)


def _run(num_frames: int, fraction: float, rng: np.random.Generator) -> Bool[ndarray, " T"]:
    """Consecutive frames, that fraction of all, somewhere."""
    length = round(num_frames * fraction)
    first = int(rng.integers(num_frames - length + 1))
    frames = np.arange(num_frames)
    return (frames >= first) & (frames < first + length)
