"""How published networks were fed: what a card must say and no tensor shows.

Each network's ``published`` facts name one of the functions here, or have one of their own.

Source: the training configurations of both frameworks, their published settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from posecube.errors import UserError
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import BodySpace, ClipSpec, ImageSpace, MapSpace, UniformFrames
from posecube.sampling.geometry import Fit
from posecube.sampling.rgb.views import RgbSpec
from posecube.skeleton import find_layout
from posecube.skeleton.layouts import LAYOUTS

Framework = Literal["pyskl", "mmaction2"]
StreamName = Literal["joint", "bone", "joint_motion", "bone_motion"]
IN_SPACE = ("ntu25", "kinect20", "h36m17", "sbu15")  # layouts of 3D joints
USUAL_LAYOUTS = ("coco17", "penn13", "sbu15", "openpose18", "kinect20", "ntu25")
GRAPH_CLIP_LEN = 100
TEST_SIZE, RGB_SIZE = 64, 224  # pixels, of maps and of video frames
TRAIN_SIZES = {64: 56, 56: 48}  # by the size in testing
RGB_FRAMES = 8
FRAME_PIXELS = 4  # of a video frame, to each pixel of the map beside it
MOST_PEOPLE = 10  # in a volume: published ones show everybody who was found
SQUASHED_CLASSES = 400  # Kinetics-400 is what MMAction2 tests without cutting the middle out
# Joints more confident than this are drawn.
MIN_CONFIDENCE = {"pyskl": 1e-3, "mmaction2": 1e-4}


@dataclass(frozen=True)
class InputChoice:
    """What is fed to an imported network, as far as the user says it; None is what is published.

    Attributes:
        layout: Name of the skeleton layout.
        limbs: For volumes: whether they show limbs.
        stream: For graph networks: what they read of the joints.
        size: For volumes: height and width of the map in testing.
        clip_len: Frames of a clip.
        framework: Whose test frames, threshold for joints of low confidence, and fit; None is pyskl.
        fit: For volumes: how a box that is no square gets into the map in testing.
    """

    layout: str | None = None
    limbs: bool | None = None
    stream: StreamName | None = None
    size: int | None = None
    clip_len: int | None = None
    framework: Framework | None = None
    fit: Fit | None = None

    def __post_init__(self) -> None:
        for name, value in {"size": self.size, "clip length": self.clip_len}.items():
            if value is not None and value < 1:
                raise UserError(f"the {name} must be at least 1, got {value}")


@dataclass(frozen=True)
class PublishedInput:
    """What a model reads, in the fields of a ``ModelSpec``."""

    layout: str
    clip: ClipSpec
    representation: VolumeSpec | StreamSpec | None
    rgb: RgbSpec | None = None


def volume_input(
    inferred: Mapping[str, Any],
    choice: InputChoice,
    *,
    clip_len: int = 48,
    sigma_px: float = 0.6,
    cuts_middle: bool = True,
    maps_per_frame: int | None = None,
) -> PublishedInput:
    """Of a network that reads volumes, or volumes and video frames.

    Args:
        cuts_middle: Whether MMAction2 tests it on the middle of a box that is no square.
        maps_per_frame: Maps to each video frame, if there are any.
    """
    if choice.stream is not None:
        raise UserError("a stream is for graph networks; this one reads volumes of joints or, with limbs, limbs")
    framework = choice.framework or "pyskl"
    representation = VolumeSpec(
        shows="limbs" if choice.limbs else "joints", sigma_px=sigma_px, min_confidence=MIN_CONFIDENCE[framework]
    )
    cuts = framework == "mmaction2" and cuts_middle and inferred["num_classes"] != SQUASHED_CLASSES
    clip = _map_clip(choice, clip_len=clip_len)
    clip = clip.with_space(test_fit=choice.fit or ("centre_crop" if cuts else "squash"))
    rgb = None
    if maps_per_frame is not None:
        sizes = (clip.map.size_hw[0] * FRAME_PIXELS, clip.map.view_size_hw[0] * FRAME_PIXELS)
        rgb = _frames(clip.clip_len // maps_per_frame, *sizes)
    layout = choice.layout or _layout_of(inferred["num_joints"], representation)
    channels = representation.num_channels(find_layout(layout))
    if channels != inferred["num_joints"]:
        raise UserError(
            f"the checkpoint reads {inferred['num_joints']} channels, layout {layout} has {channels} "
            f"{representation.shows}: choose another layout, or {'joints' if choice.limbs else 'limbs'}"
        )
    return PublishedInput(layout, clip, representation, rgb)


def frames_input(_inferred: Mapping[str, Any], choice: InputChoice) -> PublishedInput:
    """Of a network that reads video frames alone; the joints say where to look."""
    if choice.stream is not None or choice.limbs:
        raise UserError("a stream and limbs are for networks that read joints; this one reads video frames")
    size = choice.size or RGB_SIZE
    clip = _map_clip(choice, clip_len=RGB_FRAMES).with_space(size_hw=(size, size), test_size_hw=None)
    return PublishedInput(choice.layout or "coco17", clip, None, _frames(clip.clip_len, size, size))


def graph_input(inferred: Mapping[str, Any], choice: InputChoice) -> PublishedInput:
    """Of a network on the graph of a skeleton."""
    if choice.limbs or choice.size:
        raise UserError(
            "limbs and a size are for volumes; this network reads joints, bones or their motion: choose a stream"
        )
    layout = named_layout(inferred, choice)
    stream = choice.stream or "joint"
    is_in_space, is_motion = layout in IN_SPACE, stream.endswith("motion")
    clip = ClipSpec(
        clip_len=choice.clip_len or GRAPH_CLIP_LEN,
        max_people=inferred.get("num_people") or 2,
        frames=UniformFrames(published_sampling=choice.framework or "pyskl"),
        space=BodySpace(motion=is_motion) if is_in_space else ImageSpace(crop=False, motion=is_motion),
    )
    representation = StreamSpec(
        shows="bones" if stream.startswith("bone") else "joints",
        with_confidence=inferred["in_channels"] == clip.space.num_axes + 1,
    )
    return reading_as_many(PublishedInput(layout, clip, representation), inferred)


def named_layout(inferred: Mapping[str, Any], choice: InputChoice) -> str:
    """The layout that the user names or the number of joints tells.

    Raises:
        UserError: If there is neither.
    """
    layout = choice.layout or inferred.get("layout")
    if layout is None:
        raise UserError("the checkpoint has a number of joints that no published layout has: name its layout")
    return layout


def reading_as_many(fed: PublishedInput, inferred: Mapping[str, Any]) -> PublishedInput:
    """The input, if it gives as many numbers a joint as the checkpoint reads.

    Raises:
        UserError: If it does not.
    """
    assert isinstance(fed.representation, StreamSpec), "volumes have channels instead"
    if fed.representation.num_channels(fed.clip.space.num_axes) != inferred["in_channels"]:
        raise UserError(
            f"the checkpoint reads {inferred['in_channels']} numbers a joint, layout {fed.layout} gives "
            f"{fed.clip.space.num_axes} coordinates and, at most, a confidence: choose another layout"
        )
    return fed


def _map_clip(choice: InputChoice, *, clip_len: int) -> ClipSpec:
    size = choice.size or TEST_SIZE
    train_size = TRAIN_SIZES.get(size, size)
    return ClipSpec(
        clip_len=choice.clip_len or clip_len,
        max_people=MOST_PEOPLE,
        frames=UniformFrames(published_sampling=choice.framework or "pyskl"),
        space=MapSpace(size_hw=(train_size, train_size), test_size_hw=(size, size)),
    )


def _frames(num_frames: int, train_size: int, test_size: int) -> RgbSpec:
    return RgbSpec(clip_len=num_frames, size_hw=(train_size, train_size), test_size_hw=(test_size, test_size))


def _layout_of(num_channels: int, representation: VolumeSpec) -> str:
    """The usual layout with so many joints, or limbs."""
    for name in USUAL_LAYOUTS:
        if representation.num_channels(find_layout(name)) == num_channels:
            return name
    raise UserError(
        f"the checkpoint reads {num_channels} channels, and no usual layout has so many {representation.shows}: name "
        f"one of {', '.join(LAYOUTS)}"
    )
