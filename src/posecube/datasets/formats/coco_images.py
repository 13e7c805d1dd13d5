"""The images of a COCO file, and which of them make a clip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import AliasChoices, Field, PlainValidator, StrictStr, TypeAdapter

from posecube.datasets.formats.pose_clips import frame_positions, natural_order
from posecube.datasets.json_file import Foreign, OptionalNumber, checked, described, named, whole_number
from posecube.errors import UserError

GROUPS = ("auto", "video", "folder", "image")
ImageId = int | str


@dataclass(frozen=True)
class CocoImage:
    """One image; what the file does not say is None.

    Attributes:
        path: Its file name with folders, or its number.
        size_hw: Height and width in pixels.
        video: Name of its video.
        frame: Its number in the video.
    """

    id: ImageId
    path: PurePosixPath
    size_hw: tuple[int, int] | None = None
    video: str | None = None
    frame: int | None = None


def image_id(value: Any) -> ImageId:
    """An id, which is a whole number or a text.

    Raises:
        UserError: If it is something else.
    """
    return value if isinstance(value, str) and value else whole_number(value)


GivenId = Annotated[int | str, PlainValidator(image_id)]
_OptionalId = Annotated[int | str | None, PlainValidator(lambda value: None if value is None else image_id(value))]


class _Video(Foreign):
    id: Any = None
    name: Any = Field(default=None, validation_alias=AliasChoices("name", "file_name"))


class _Image(Foreign):
    id: GivenId
    file_name: StrictStr = ""
    video: _OptionalId = Field(default=None, validation_alias=AliasChoices("video_id", "vid_id"))
    frame: OptionalNumber = Field(default=None, validation_alias=AliasChoices("frame_id", "frame_index"))
    height: OptionalNumber = None
    width: OptionalNumber = None


class _Images(Foreign):
    images: list[_Image]
    videos: list[_Video] = Field(default_factory=list)


_IMAGES = TypeAdapter(_Images)


def read_images(content: Any, what: str = "") -> dict[ImageId, CocoImage]:
    """The entries of ``images``, by id; videos are called as the list ``videos`` calls them, if there is one.

    Raises:
        UserError: If an entry is not as expected.
    """
    listed = checked(_IMAGES, content, what)
    videos: dict[ImageId, str] = {}
    for index, video in enumerate(listed.videos):
        if isinstance(video.name, str) and video.name:
            with named(f"videos[{index}].id"):
                videos[image_id(video.id)] = _plain_path(video.name).as_posix()
    images: dict[ImageId, CocoImage] = {}
    for index, image in enumerate(listed.images):
        if image.id in images:
            raise UserError(f"images[{index}]: id {described(image.id)} stands there twice")
        images[image.id] = CocoImage(
            id=image.id,
            path=_plain_path(image.file_name or str(image.id)),
            size_hw=_size_hw(image, f"images[{index}]"),
            video=None if image.video is None else videos.get(image.video, str(image.video)),
            frame=image.frame,
        )
    return images


def images_of_ids(ids: Iterable[ImageId]) -> dict[ImageId, CocoImage]:
    """Images of which nothing is known but their ids, which may be file names."""
    return {id_: CocoImage(id_, _plain_path(str(id_))) for id_ in ids}


def group_images(images: Iterable[CocoImage], group: str) -> dict[str, list[CocoImage]]:
    """Clip names to the images of each clip.

    Args:
        images: All images.
        group: "video": images of one video_id; "folder": of one folder; "image": each by itself; "auto": the first of
            the three that an image has.

    Raises:
        UserError: If the group is unknown, or images do not say what it needs.
    """
    if group not in GROUPS:
        raise UserError(f"group must be one of {', '.join(GROUPS)}, got {group!r}")
    clips: dict[str, list[CocoImage]] = {}
    for image in images:
        name, is_alone = _clip_name(image, group)
        if is_alone and name in clips:
            raise UserError(f"two images would be called {name!r}")
        clips.setdefault(name, []).append(image)
    return clips


def place_images(images: list[CocoImage]) -> dict[int, CocoImage]:
    """Position in the clip to image: by frame number if each has one, else in the order of the file names.

    Raises:
        UserError: If two images have one frame number.
    """
    images = sorted(images, key=lambda image: (image.frame or 0, natural_order(image.path.as_posix())))
    frames = [image.frame for image in images if image.frame is not None]
    positions = frame_positions(frames) if len(frames) == len(images) else range(len(images))
    return dict(zip(positions, images, strict=True))


def _clip_name(image: CocoImage, group: str) -> tuple[str, bool]:
    """Name of an image's clip, and whether it is the only image there."""
    folder = image.path.parent
    if group in ("auto", "video") and image.video is not None:
        return image.video, False
    if group in ("auto", "folder") and folder != PurePosixPath():
        return folder.as_posix(), False
    if group in ("video", "folder"):
        raise UserError(f"image {image.path} has no {group}; group images otherwise")
    return image.path.with_suffix("").as_posix(), True


def _size_hw(image: _Image, what: str) -> tuple[int, int] | None:
    if image.height is None or image.width is None:
        return None
    if not (0 < image.height < 100_000 and 0 < image.width < 100_000):
        raise UserError(f"{what}: height and width must be pixels, got {image.height:.6g} and {image.width:.6g}")
    return image.height, image.width


def _plain_path(name: str) -> PurePosixPath:
    """A path without root and dots, which may come from any system."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return PurePosixPath(*parts) if parts else PurePosixPath("image")
