"""3D joints in axes that do not depend on where the sensor stood."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray

from posecube.skeleton.layout import SkeletonLayout

X_AXIS, Z_AXIS = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
PARALLEL = 1e-6  # vectors closer to parallel than this are not turned


def main_person_first(
    keypoints: Float32[ndarray, "M T V 3"], confidence: Float32[ndarray, "M T V"]
) -> tuple[Float32[ndarray, "M t V 3"], Float32[ndarray, "M t V"]]:
    """The person who is seen in most frames first, and only the frames in which that person is seen.

    A clip without anybody stays as it is.

    Source: the normalisation of public graph networks, which swaps the two people of a clip likewise.
    """
    seen = np.any(confidence > 0, axis=-1)
    if not seen.any():
        return keypoints, confidence
    main = int(seen.sum(axis=1).argmax())
    order = [main, *(person for person in range(len(seen)) if person != main)]
    if seen[main].all() and main == 0:
        return keypoints, confidence
    return keypoints[order][:, seen[main]], confidence[order][:, seen[main]]


def in_body_axes(
    keypoints: Float32[ndarray, "M T V 3"], confidence: Float32[ndarray, "M T V"], layout: SkeletonLayout
) -> Float32[ndarray, "M T V 3"]:
    """Metres from the main person's spine in its first frame, spine along z, then shoulders along x.

    The first person is the main one, see ``main_person_first``; missing joints lie at 0.

    Source: the public NTU RGB+D normalisation: centre on the spine's middle, turn pelvis-to-spine to z, right-to-left
    shoulder to x. Layouts without these joints are centred on their centre joint; what they lack is not turned.
    """
    centred = centred_on_start(keypoints, confidence, layout).astype(np.float64)
    first = centred[0, 0]
    for start, end, axis in (("pelvis", "spine", Z_AXIS), ("right_shoulder", "left_shoulder", X_AXIS)):
        if start not in layout.joints or end not in layout.joints:
            continue
        # From end to start for the shoulders' sake: the published rule turns right minus left to x.
        direction = first[layout.index(end)] - first[layout.index(start)]
        turn = turning(direction if axis is Z_AXIS else -direction, axis)
        centred, first = centred @ turn.T, first @ turn.T
    return centred.astype(np.float32)


def centred_on_start(
    keypoints: Float32[ndarray, "M T V 3"], confidence: Float32[ndarray, "M T V"], layout: SkeletonLayout
) -> Float32[ndarray, "M T V 3"]:
    """Metres from the first person's spine, or the layout's centre, in its first frame; missing joints at 0."""
    middle = layout.index("spine") if "spine" in layout.joints else layout.index(layout.centre or layout.joints[0])
    if confidence[0, 0, middle] == 0 and confidence[0, 0].any():
        origin = keypoints[0, 0][confidence[0, 0] > 0].mean(axis=0)
    else:
        origin = keypoints[0, 0, middle]
    return np.where(confidence[..., None] > 0, keypoints - origin, np.float32(0))


def turning(direction: Float[ndarray, " 3"], axis: Float[ndarray, " 3"]) -> Float[ndarray, "3 3"]:
    """The rotation by the smallest angle that turns a direction to an axis (Rodrigues' formula)."""
    length = np.linalg.norm(direction)
    if length < PARALLEL:
        return np.eye(3)
    unit = direction / length
    normal, cosine = np.cross(unit, axis), float(unit @ axis)
    sine = float(np.linalg.norm(normal))
    if sine < PARALLEL:
        return np.eye(3)
    x, y, z = normal / sine
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + sine * cross + (1 - cosine) * (cross @ cross)
