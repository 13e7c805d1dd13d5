"""The images of a COCO file, and which of them make a clip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from posecube.datasets.formats.pose_clips import frame_positions, natural_order
from posecube.datasets.json_file import described, listing, mapping, whole_number
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


def read_images(content: dict[str, Any]) -> dict[ImageId, CocoImage]:
    """The entries of ``images``, by id; videos are called as the list ``videos`` calls them, if there is one.

    Raises:
        UserError: If an entry is not as expected.
    """
    videos = {}
    for index, item in enumerate(listing(content.get("videos", []), "videos")):
        entry = mapping(item, f"video {index}")
        name = entry.get("name", entry.get("file_name"))
        if isinstance(name, str) and name:
            videos[image_id(entry.get("id"), f"video {index}: id")] = _plain_path(name).as_posix()
    images = {}
    for index, item in enumerate(listing(content.get("images"), "images")):
        image = _image(mapping(item, f"image {index}"), f"image {index}", videos)
        if image.id in images:
            raise UserError(f"image {index}: id {described(image.id)} stands there twice")
        images[image.id] = image
    return images


def images_of_ids(ids: Iterable[ImageId]) -> dict[ImageId, CocoImage]:
    """Images of which nothing is known but their ids, which may be file names."""
    return {id_: CocoImage(id_, _plain_path(str(id_))) for id_ in ids}


def image_id(value: Any, what: str) -> ImageId:
    """An id, which is a whole number or a text.

    Raises:
        UserError: If it is something else.
    """
    return value if isinstance(value, str) and value else whole_number(value, what)


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


def _image(entry: dict[str, Any], what: str, videos: dict[ImageId, str]) -> CocoImage:
    id_ = image_id(entry.get("id"), f"{what}: id")
    name = entry.get("file_name", str(id_))
    if not isinstance(name, str):
        raise UserError(f"{what}: file_name must be a text, got {described(name)}")
    video = entry.get("video_id", entry.get("vid_id"))
    video = None if video is None else image_id(video, f"{what}: video_id")
    frame = entry.get("frame_id", entry.get("frame_index"))
    return CocoImage(
        id=id_,
        path=_plain_path(name),
        size_hw=_size_hw(entry, what),
        video=None if video is None else videos.get(video, str(video)),
        frame=None if frame is None else whole_number(frame, f"{what}: frame_id"),
    )


def _size_hw(entry: dict[str, Any], what: str) -> tuple[int, int] | None:
    if "height" not in entry or "width" not in entry:
        return None
    height, width = (whole_number(entry[side], f"{what}: {side}") for side in ("height", "width"))
    if not (0 < height < 100_000 and 0 < width < 100_000):
        raise UserError(f"{what}: height and width must be pixels, got {height:.6g} and {width:.6g}")
    return height, width


def _plain_path(name: str) -> PurePosixPath:
    """A path without root and dots, which may come from any system."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return PurePosixPath(*parts) if parts else PurePosixPath("image")
