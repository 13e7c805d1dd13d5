"""pyskl and mmaction2 pickles: one file with the annotations of all clips, and mostly their splits.

Two forms: ``{"split": {name: [clip]}, "annotations": [...]}``, or a plain list of annotations of one split. Each
annotation has frame_dir, label, keypoint (M, T, V, C), keypoint_score (M, T, V), img_shape (height, width).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.datasets.contents import DatasetContents
from posecube.datasets.plain_pickle import plain, read_plain_pickle
from posecube.skeleton import SkeletonLayout, SkeletonSequence, find_layout

# The format does not name its joints: these numbers of joints are in use in it.
_LAYOUT_OF_JOINTS = {13: "penn13", 15: "sbu15", 17: "coco17", 18: "openpose18", 20: "kinect20", 25: "ntu25"}


def read_pyskl(
    source: Path,
    *,
    layout: str | None = None,
    classes: Sequence[str] | str | Path | None = None,
    split: str | None = None,
) -> DatasetContents:
    """Read a pickle; the file is loaded as a whole, its clips are converted one by one.

    Nothing that the file names is run: see ``plain_pickle``. Joints are missing (confidence 0) where the score is 0,
    where all coordinates are 0, or where one is not finite. Without scores every other joint has confidence 1. Clips in
    which nobody was ever seen are skipped.

    Args:
        source: The ``.pkl`` file.
        layout: Name of the joints' layout; None takes it from their number (17 is coco17, 25 is ntu25).
        classes: Class names, or a text file with one a line; None numbers them.
        split: Name for the clips of a plain list; None leaves them without a split.

    Raises:
        FileNotFoundError: If a file does not exist.
        ValueError: If the pickle holds anything but plain data, or an annotation is not as expected.
    """
    content = read_plain_pickle(source)
    annotations, splits = _annotations_and_splits(source, content, split)
    chosen = find_layout(layout) if layout else _layout(source, annotations)
    skipped: dict[str, str] = {}

    def sequences() -> Iterator[SkeletonSequence]:
        for position, annotation in enumerate(annotations):
            sequence = _sequence(f"{source.name}, annotation {position}", annotation, chosen)
            if isinstance(sequence, SkeletonSequence):
                yield sequence
            else:
                skipped[_name(annotation)] = sequence

    return DatasetContents(
        layout=chosen,
        classes=_classes(classes, annotations),
        sequences=sequences(),
        splits=splits,
        skipped=skipped,
    )


def _annotations_and_splits(
    source: Path, content: Any, split: str | None
) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    table: Any = {}
    if isinstance(content, dict):
        content, table = content.get("annotations"), content.get("split", {})
    is_list = isinstance(content, list) and content and all(isinstance(item, dict) for item in content)
    if not is_list or not isinstance(table, dict):
        raise ValueError(f"{source} is no pyskl pickle: expected annotations, a list of dicts, and a dict of splits")
    nameless = [position for position, item in enumerate(content) if not isinstance(item.get("frame_dir"), str)]
    if nameless:
        raise ValueError(f"{source}: annotation {nameless[0]} has no name (frame_dir)")
    known = {_name(item) for item in content}
    splits = {}
    for name, clips in table.items():
        listed = [str(clip) for clip in (plain(clips) if plain(clips) is not None else ())]
        missing = [clip for clip in listed if clip not in known]
        if missing:
            raise ValueError(
                f"{source}: split {name!r} names {len(missing)} clips without annotation, first {missing[0]!r}"
            )
        splits[str(name)] = listed
    if not splits and split:
        splits[split] = [_name(item) for item in content]
    return content, splits


def _name(annotation: dict[str, Any]) -> str:
    return str(annotation["frame_dir"])


def _layout(source: Path, annotations: list[dict[str, Any]]) -> SkeletonLayout:
    keypoints = next((plain(item["keypoint"]) for item in annotations if plain(item.get("keypoint")) is not None), None)
    if not isinstance(keypoints, ndarray) or keypoints.ndim != 4:
        raise ValueError(
            f"{source}: its annotations have no keypoint (M, T, V, C); pickles that keep them elsewhere are not read"
        )
    num_joints = keypoints.shape[2]
    if num_joints not in _LAYOUT_OF_JOINTS:
        raise ValueError(
            f"{source}: {num_joints} joints belong to no known layout of this format; name one with `layout`"
        )
    return find_layout(_LAYOUT_OF_JOINTS[num_joints])


def _classes(classes: Sequence[str] | str | Path | None, annotations: list[dict[str, Any]]) -> tuple[str, ...]:
    if isinstance(classes, str | Path):
        path = Path(classes)
        if not path.is_file():
            raise FileNotFoundError(f"no file of class names at {path}")
        return tuple(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    if classes is not None:
        return tuple(classes)
    labels = [label for label in (_label(item) for item in annotations) if label is not None]
    return tuple(str(label) for label in range(max(labels, default=-1) + 1))


def _label(annotation: dict[str, Any]) -> int | None:
    label = plain(annotation.get("label"))
    if isinstance(label, ndarray) and label.size == 1:
        label = label.item()
    return int(label) if isinstance(label, int) and label >= 0 else None


def _sequence(where: str, annotation: dict[str, Any], layout: SkeletonLayout) -> SkeletonSequence | str:
    """The clip, or the reason why there is none."""
    keypoints = plain(annotation.get("keypoint"))
    if not isinstance(keypoints, ndarray) or keypoints.ndim != 4 or keypoints.dtype.kind not in "fiu":
        raise ValueError(f"{where}: keypoint must be an array (M, T, V, C)")
    if keypoints.shape[2] != layout.num_joints or keypoints.shape[3] not in (2, 3):
        raise ValueError(
            f"{where}: layout {layout.name} needs keypoint (M, T, {layout.num_joints}, 2 or 3), got {keypoints.shape}"
        )
    if 0 in keypoints.shape:
        return f"no people or no frames: keypoint {keypoints.shape}"
    keypoints = _float32(keypoints)
    confidence = _confidence(where, keypoints, plain(annotation.get("keypoint_score")))
    if not confidence.any():
        return "nobody was seen in it"
    return SkeletonSequence(
        keypoints=np.where(confidence[..., None] > 0, keypoints, np.float32(0)),
        confidence=confidence,
        layout=layout,
        size_hw=_size_hw(where, annotation) if keypoints.shape[3] == 2 else (0, 0),
        label=_label(annotation),
        name=_name(annotation),
    )


def _confidence(where: str, keypoints: Float32[ndarray, "M T V C"], score: Any) -> Float32[ndarray, "M T V"]:
    is_given = np.isfinite(keypoints).all(axis=-1) & (keypoints != 0).any(axis=-1)
    if score is None:
        return is_given.astype(np.float32)
    if not isinstance(score, ndarray) or score.shape != keypoints.shape[:3] or score.dtype.kind not in "fiu":
        raise ValueError(f"{where}: keypoint_score must be an array {keypoints.shape[:3]} like keypoint")
    # Estimators' scores may pass 1 a little.
    finite_score = np.nan_to_num(_float32(score), nan=0, posinf=1, neginf=0)
    return (finite_score.clip(0, 1) * is_given).astype(np.float32)


def _float32(numbers: ndarray) -> ndarray:
    with np.errstate(over="ignore"):  # what is too large becomes infinite, which is a missing joint
        return numbers.astype(np.float32)


def _size_hw(where: str, annotation: dict[str, Any]) -> tuple[int, int]:
    size = plain(annotation.get("img_shape", annotation.get("original_shape")))
    try:
        height, width = (int(side) for side in size[:2])
    except (TypeError, ValueError):
        raise ValueError(f"{where}: img_shape must be (height, width), got {size!r}") from None
    return height, width
