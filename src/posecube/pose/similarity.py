"""How similar two skeletons, two boxes or two people's appearances are, and the cheapest pairing of two sets.

Distances between skeletons are counted in torso lengths, so that one threshold serves people near and far.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Float32, UInt8
from numpy import ndarray

from posecube.skeleton import SkeletonLayout

TORSO_JOINTS = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
# An upright body's box is about four torsos across its diagonal; this stands in for a torso seen end-on or not at all.
_TORSOS_IN_DIAGONAL = 4.0
_SAMPLES = 12
_SHADES, _HUES = 4, 6
_IMPOSSIBLE = 1e6


def body_size_px(
    keypoints_xy: Float[ndarray, "V 2"], confidence: Float[ndarray, " V"], layout: SkeletonLayout
) -> float:
    """Length of the torso in pixels, or a quarter of the body's diagonal where that is longer; at least 1."""
    seen = confidence > 0
    size = 1.0
    if seen.any():
        extent = np.ptp(keypoints_xy[seen], axis=0)
        size = max(size, float(np.hypot(*extent)) / _TORSOS_IN_DIAGONAL)
    left_shoulder, right_shoulder, left_hip, right_hip = (layout.index(joint) for joint in TORSO_JOINTS)
    if seen[[left_shoulder, right_shoulder, left_hip, right_hip]].all():
        shoulders = (keypoints_xy[left_shoulder] + keypoints_xy[right_shoulder]) / 2
        hips = (keypoints_xy[left_hip] + keypoints_xy[right_hip]) / 2
        size = max(size, float(np.hypot(*(shoulders - hips))))
    return size


def torso_up_xy(
    keypoints_xy: Float[ndarray, "V 2"], confidence: Float[ndarray, " V"], layout: SkeletonLayout
) -> Float[ndarray, " 2"] | None:
    """Unit vector from the hips to the shoulders; None where the torso was not seen whole."""
    rows = [layout.index(joint) for joint in TORSO_JOINTS]
    if not (confidence[rows] > 0).all():
        return None
    shoulders, hips = keypoints_xy[rows[:2]].mean(axis=0), keypoints_xy[rows[2:]].mean(axis=0)
    length = float(np.hypot(*(shoulders - hips)))
    return (shoulders - hips) / length if length > 0 else None


def joint_distance(
    first_xy: Float[ndarray, "P V 2"],
    first_confidence: Float[ndarray, "P V"],
    second_xy: Float[ndarray, "Q V 2"],
    second_confidence: Float[ndarray, "Q V"],
    *,
    first_size_px: Float[ndarray, " P"],
    second_size_px: Float[ndarray, " Q"],
    furthest: float = 3.0,
) -> Float32[ndarray, "P Q"]:
    """Mean distance of the joints that both skeletons show, in torso lengths, weighted by confidence.

    A joint further off than `furthest` is simply elsewhere and counts no more than that: one flung wrist must not
    outvote a body that matches. Where two skeletons share no joint the distance is infinite.
    """
    offsets = first_xy[:, None] - second_xy[None]
    weights = np.sqrt(first_confidence[:, None] * second_confidence[None])
    offsets = np.where(weights[..., None] > 0, offsets, 0)
    sizes = (first_size_px[:, None] + second_size_px[None]) / 2
    torsos = np.minimum(np.hypot(offsets[..., 0], offsets[..., 1]) / sizes[..., None], furthest)
    total = weights.sum(axis=-1)
    mean = (torsos * weights).sum(axis=-1) / np.maximum(total, 1e-9)
    return np.where(total > 0, mean, np.inf).astype(np.float32)


def box_iou(first_xyxy: Float[ndarray, "P 4"], second_xyxy: Float[ndarray, "Q 4"]) -> Float32[ndarray, "P Q"]:
    """Overlap of boxes: intersection over union, 0 to 1."""
    first, second = first_xyxy[:, None], second_xyxy[None]
    sides = np.minimum(first[..., 2:], second[..., 2:]) - np.maximum(first[..., :2], second[..., :2])
    shared = np.prod(np.maximum(sides, 0), axis=-1)
    first_area = np.prod(first[..., 2:] - first[..., :2], axis=-1)
    second_area = np.prod(second[..., 2:] - second[..., :2], axis=-1)
    union = first_area + second_area - shared
    return (shared / np.maximum(union, 1e-9)).astype(np.float32)


def box_containment(first_xyxy: Float[ndarray, "P 4"], second_xyxy: Float[ndarray, "Q 4"]) -> Float32[ndarray, "P Q"]:
    """Intersection over the smaller of two boxes, 0 to 1: 1 where one lies in the other."""
    first, second = first_xyxy[:, None], second_xyxy[None]
    sides = np.minimum(first[..., 2:], second[..., 2:]) - np.maximum(first[..., :2], second[..., :2])
    shared = np.prod(np.maximum(sides, 0), axis=-1)
    areas = [np.prod(boxes[..., 2:] - boxes[..., :2], axis=-1) for boxes in (first, second)]
    return (shared / np.maximum(np.minimum(*areas), 1e-9)).astype(np.float32)


def best_of_each_body(
    distance: Float[ndarray, "P P"], merit: Float[ndarray, " P"], *, same_body: float
) -> list[list[int]]:
    """Group skeletons that lie on the same body; the best of each group comes first in it.

    Goes from the best merit down: each skeleton joins the first better one that is closer than `same_body` torsos.
    """
    groups: list[list[int]] = []
    for candidate in np.argsort(-merit, kind="stable").tolist():
        for group in groups:
            if distance[group[0], candidate] < same_body:
                group.append(candidate)
                break
        else:
            groups.append([candidate])
    return groups


def match(cost: Float[ndarray, "A B"]) -> list[tuple[int, int]]:
    """The cheapest pairing of rows with columns; pairs of infinite cost are left out."""
    if cost.size == 0:
        return []
    from scipy.optimize import linear_sum_assignment  # here: it takes longer to import than all of this room

    rows, columns = linear_sum_assignment(np.where(np.isfinite(cost), cost, _IMPOSSIBLE))
    return [
        (int(row), int(column)) for row, column in zip(rows, columns, strict=True) if np.isfinite(cost[row, column])
    ]


def match_boxes(
    first_xyxy: Float[ndarray, "A 4"], second_xyxy: Float[ndarray, "B 4"], *, min_iou: float
) -> list[tuple[int, int, float]]:
    """Pair boxes by their overlap: (first index, second index, intersection over union)."""
    overlap = box_iou(first_xyxy, second_xyxy)
    pairs = match(np.where(overlap >= min_iou, 1 - overlap, np.inf))
    return [(first, second, float(overlap[first, second])) for first, second in pairs]


def torso_appearance(
    image_rgb: UInt8[ndarray, "H W 3"],
    keypoints_xy: Float[ndarray, "V 2"],
    confidence: Float[ndarray, " V"],
    layout: SkeletonLayout,
) -> Float32[ndarray, " B"] | None:
    """Appearance: a histogram of colours on a grid between shoulders and hips, summing to 1.

    Returns:
        None where the torso was not seen or lies outside of the frame.
    """
    corners = [layout.index(joint) for joint in TORSO_JOINTS]
    if not (confidence[corners] > 0).all():
        return None
    left_shoulder, right_shoulder, left_hip, right_hip = keypoints_xy[corners]
    along = np.linspace(0.1, 0.9, _SAMPLES)[:, None, None]
    across = np.linspace(0.15, 0.85, _SAMPLES)[None, :, None]
    top = left_shoulder + across * (right_shoulder - left_shoulder)
    bottom = left_hip + across * (right_hip - left_hip)
    points = np.round(top + along * (bottom - top)).astype(np.int64).reshape(-1, 2)
    inside = _inside(points, (image_rgb.shape[0], image_rgb.shape[1]))
    if inside.sum() < len(points) // 2:
        return None
    colours = image_rgb[points[inside, 1], points[inside, 0]].astype(np.float32)
    return _colour_histogram(colours)


def appearance_distance(first: Float[ndarray, " B"], second: Float[ndarray, " B"]) -> float:
    """Hellinger distance of two histograms: 0 for the same colours, 1 for colours with nothing in common."""
    return float(np.sqrt(max(0.0, 1.0 - float(np.sqrt(first * second).sum()))))


def _inside(points_xy: ndarray, size_hw: tuple[int, int]) -> Bool[ndarray, " S"]:
    height, width = size_hw
    return (points_xy >= 0).all(axis=1) & (points_xy[:, 0] < width) & (points_xy[:, 1] < height)


def _colour_histogram(colours_rgb: Float32[ndarray, "S 3"]) -> Float32[ndarray, " B"]:
    """Brightness beside two opponent colours, each softly split over neighbouring bins so that noise moves little."""
    red, green, blue = colours_rgb.T / 256
    bright = (red + green + blue) / 3 * (_SHADES - 1)
    # Cloth seldom spans more than half of the opponent range: the scale of 1 spreads it, what is beyond is clipped.
    red_green = np.clip(red - green + 0.5, 0, 1) * (_HUES - 1)
    yellow_blue = np.clip((red + green) / 2 - blue + 0.5, 0, 1) * (_HUES - 1)
    values = np.stack([bright, red_green, yellow_blue])
    floors = np.minimum(np.floor(values), [[_SHADES - 2], [_HUES - 2], [_HUES - 2]])
    fractions = values - floors
    histogram = np.zeros(_SHADES * _HUES * _HUES)
    for steps in np.ndindex(2, 2, 2):
        upper = np.array(steps)[:, None]
        shade, first, second = (floors + upper).astype(np.int64)
        weight = np.prod(np.where(upper == 1, fractions, 1 - fractions), axis=0)
        histogram += np.bincount((shade * _HUES + first) * _HUES + second, weight, len(histogram))
    return (histogram / histogram.sum()).astype(np.float32)
