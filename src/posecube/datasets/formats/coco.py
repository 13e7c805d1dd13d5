"""COCO keypoints: one JSON file of annotations or of results, whose images become clips by their video or folder.

Annotations are ``{"images", "annotations", "categories"}``, results a list of
``{"image_id", "category_id", "keypoints": [x, y, v] * 17, "score"}``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float64
from numpy import ndarray
from pydantic import TypeAdapter

from posecube.datasets.contents import DatasetContents, labelled_contents
from posecube.datasets.formats.coco_images import (
    CocoImage,
    GivenId,
    ImageId,
    group_images,
    images_of_ids,
    place_images,
    read_images,
)
from posecube.datasets.formats.pose_clips import SIZE_OF_JOINTS, parse_size, sequence_of_frames
from posecube.datasets.frame_people import FramePeople
from posecube.datasets.json_file import Foreign, WholeNumber, checked, named, numbers, read_json, whole_number
from posecube.datasets.labels import LabelledClip, label_clips
from posecube.errors import UserError
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17

_VISIBILITIES = (0.0, 1.0, 2.0)


class _Person(Foreign):
    """An annotation or a result; what only its own clip needs is checked with that clip."""

    image_id: GivenId
    category_id: WholeNumber = 1
    keypoints: Any = None
    track_id: Any = None


class _Category(Foreign):
    id: Any = None
    name: Any = None
    keypoints: Any = None


class _Annotations(Foreign):
    annotations: list[_Person]
    categories: list[_Category] | None = None


_RESULTS, _ANNOTATIONS = TypeAdapter(list[_Person]), TypeAdapter(_Annotations)


@dataclass(frozen=True)
class _File:
    """A file's images, and the people of each as they stand there.

    Attributes:
        are_annotated: A joint's third number is a visibility: 0 not marked, 1 marked though hidden, 2 seen.
    """

    images: dict[ImageId, CocoImage]
    people: dict[ImageId, list[_Person]]
    are_annotated: bool


def read_coco(
    source: Path,
    *,
    images: str | Path | None = None,
    group: str = "auto",
    labels: str | Path | None = None,
    size: str | None = None,
    max_people: int = 2,
    occluded_confidence: float = 0.5,
) -> DatasetContents:
    """Read a file; it is loaded as a whole, its clips are made one by one.

    A clip's people are those of ``track_id``, or linked across frames where it does not number them. Results' third
    number is a confidence, annotations' a visibility unless it is none of 0, 1, 2.

    Args:
        source: The ``.json`` file.
        images: For results, the annotation file that lists their images; without it an image is known by its id alone.
        group: Which images make a clip: "video" (``video_id``, ordered by ``frame_id``), "folder" (of ``file_name``,
            ordered by name), "image" (each by itself), or "auto", the first of them that an image has.
        labels: None, "folders" for the folder a clip lies in, or a file with `name label` or `name label split` a line.
        size: Frame size HEIGHTxWIDTH where the images have none; without it the smallest that holds a clip's joints.
        max_people: People of a clip to keep: those who are most present.
        occluded_confidence: Confidence of annotated joints that are hidden (visibility 1), in [0, 1].

    Raises:
        FileNotFoundError: If a file does not exist.
        UserError: If it is no such file, or not one clip can be read.
    """
    if max_people < 1:
        raise UserError(f"max_people must be at least 1, got {max_people}")
    if not 0 <= occluded_confidence <= 1:
        raise UserError(f"occluded_confidence must lie in [0, 1], got {occluded_confidence}")
    size_hw = parse_size(size)
    try:
        file = _read_file(source, None if images is None else Path(images))
        clips = group_images(file.images.values(), group)
    except ValueError as error:
        raise UserError(f"{source}: {error}") from None
    remarks: Counter[str] = Counter()
    confidence_of_hidden = occluded_confidence if file.are_annotated else None

    def read(clip: LabelledClip) -> SkeletonSequence:
        placed = place_images(clips[clip.name])
        frame_hw = _frame_size(placed.values()) or size_hw
        sequence = sequence_of_frames(
            {at: _poses(image, file.people.get(image.id, []), confidence_of_hidden) for at, image in placed.items()},
            num_frames=max(placed) + 1,
            layout=COCO17,
            size_hw=frame_hw,
            max_people=max_people,
            name=clip.name,
            label=clip.label,
        )
        if frame_hw is None:
            remarks[SIZE_OF_JOINTS] += 1
        return sequence

    return labelled_contents(source, label_clips(clips, labels), layout=COCO17, read=read, remarks=remarks)


def _read_file(source: Path, images: Path | None) -> _File:
    content = read_json(source)
    if isinstance(content, list):
        people = _by_image(checked(_RESULTS, content, ""), allowed=None)
        known = images_of_ids(people) if images is None else read_images(read_json(images), images.name)
    else:
        annotated = checked(_ANNOTATIONS, content, "")
        people = _by_image(annotated.annotations, allowed=_person_categories(annotated.categories))
        known = read_images(content)
    unknown = next((id_ for id_ in people if id_ not in known), None)
    if unknown is not None:
        raise UserError(f"people are given for image {unknown!r:.60}, which is not listed")
    if not known:
        raise UserError("it lists no image")
    return _File(known, people, are_annotated=isinstance(content, dict))


def _by_image(listed: list[_Person], *, allowed: set[int] | None) -> dict[ImageId, list[_Person]]:
    """People with keypoints by the id of their image; others have a box alone."""
    people: dict[ImageId, list[_Person]] = {}
    for person in listed:
        if person.keypoints is not None and (allowed is None or person.category_id in allowed):
            people.setdefault(person.image_id, []).append(person)
    return people


def _person_categories(categories: list[_Category] | None) -> set[int] | None:
    """Ids of the categories with COCO's 17 joints; None where the file names no categories."""
    if categories is None:
        return None
    allowed = set()
    for index, category in enumerate(categories):
        joints = list(COCO17.joints) if category.keypoints is None and category.name == "person" else category.keypoints
        if joints == list(COCO17.joints):
            with named(f"categories[{index}].id"):
                allowed.add(whole_number(category.id))
    if not allowed:
        raise UserError(f"no category has COCO's 17 keypoints ({', '.join(COCO17.joints[:3])}, ...)")
    return allowed


def _frame_size(images: Iterable[CocoImage]) -> tuple[int, int] | None:
    sizes = {image.size_hw for image in images}
    if len(sizes) > 1:
        raise UserError(f"its {len(sizes)} sizes of images make no video; read each image by itself, group=image")
    return sizes.pop()


def _poses(image: CocoImage, people: list[_Person], confidence_of_hidden: float | None) -> FramePeople:
    read = []
    for index, person in enumerate(people):
        what = f"image {image.path}, person {index}"
        with named(f"{what}: keypoints"):
            values = numbers(person.keypoints, counts=[3 * COCO17.num_joints])
        if confidence_of_hidden is not None:
            values = _with_confidence(values, confidence_of_hidden)
        with named(f"{what}: track_id"):
            number = -1 if person.track_id is None else whole_number(person.track_id)
        read.append((values, number if number >= 0 else None))
    return FramePeople.of(read, num_joints=COCO17.num_joints)


def _with_confidence(values: Float64[ndarray, " 51"], confidence_of_hidden: float) -> Float64[ndarray, " 51"]:
    visibility = values[2::3]
    if not np.isin(visibility, _VISIBILITIES).all():
        return values
    changed = values.copy()
    changed[2::3] = np.select([visibility == 2, visibility == 1], [1.0, confidence_of_hidden], 0.0)
    return changed
