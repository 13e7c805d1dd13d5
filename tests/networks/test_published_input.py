"""Cards say what published training configurations say."""

from typing import Any, Literal

import pytest

from posecube.checkpoints.weights_import import published_spec
from posecube.model import ModelSpec
from posecube.networks import SPECS, StreamInput
from posecube.networks.gcn import StgcnppSpec
from posecube.networks.motionbert import MotionBertSpec
from posecube.networks.posec3d import PoseSlowOnlySpec
from posecube.networks.published_input import Framework, InputChoice
from posecube.networks.rgbpose import RgbSlowOnlySpec
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import MapSpace, SpreadFrames, SquareSpace, UniformFrames

VOLUME = {"num_classes": 60, "num_joints": 17, "base_channels": 32}
SPACE = {"num_classes": 60, "layout": "ntu25", "in_channels": 3, "base_channels": 64}
BOTH = {"num_classes": 60, "num_joints": 17}
BERT = {"num_classes": 60, "layout": "h36m17", "in_channels": 3, "base_channels": 256, "max_frames": 243}
IMAGE = SPACE | {"layout": "coco17"}


def spec(architecture: str, told: dict[str, Any], **choice: Any) -> ModelSpec:
    return published_spec(architecture, told, InputChoice(**choice))


def test_volumes() -> None:
    made = spec("posec3d_slowonly", VOLUME, framework="mmaction2")
    clip, volume = made.clip, made.representation
    assert (made.layout, clip.clip_len, clip.space.size_hw, clip.space.view_size_hw) == (
        "coco17",
        48,
        (56, 56),
        (64, 64),
    )
    assert (clip.max_people, clip.frames) == (10, UniformFrames(published_sampling="mmaction2"))
    assert clip.space == MapSpace(
        padding=0.25, crop=True, size_hw=(56, 56), test_size_hw=(64, 64), test_fit="centre_crop"
    )
    assert volume == VolumeSpec(shows="joints", sigma_px=0.6, combine="max", min_confidence=1e-4)
    assert made.network == PoseSlowOnlySpec(base_channels=32)


def test_choices_for_volumes() -> None:
    made = spec("posec3d_x3d", VOLUME, limbs=True, size=56, clip_len=32, framework="pyskl")
    assert made.representation == VolumeSpec(shows="limbs", min_confidence=1e-3)
    assert (made.clip.clip_len, made.clip.space.size_hw, made.clip.space.view_size_hw) == (32, (48, 48), (56, 56))
    assert spec("posec3d_c3d", VOLUME, size=20).clip.space.size_hw == (20, 20)
    assert spec("posec3d_c3d", VOLUME | {"num_joints": 13}).layout == "penn13"
    assert spec("posec3d_c3d", VOLUME | {"num_joints": 25}, layout="openpose25").layout == "openpose25"


@pytest.mark.parametrize(
    ("framework", "num_classes", "strides", "fit"),
    [
        ("mmaction2", 60, (1, 1, 2), "centre_crop"),
        ("mmaction2", 400, (1, 1, 2), "squash"),
        ("mmaction2", 60, (1, 1, 1), "squash"),
        ("pyskl", 60, (1, 1, 2), "squash"),
    ],
)
def test_how_a_box_gets_into_the_map(
    framework: Framework, num_classes: int, strides: tuple[int, ...], fit: str
) -> None:
    told = VOLUME | {"num_classes": num_classes, "temporal_strides": strides}
    assert spec("posec3d_slowonly", told, framework=framework).clip.map.test_fit == fit
    assert spec("posec3d_slowonly", told, framework=framework, fit="squash").clip.map.test_fit == "squash"


def test_a_network_that_keeps_time_is_the_pose_half_of_two() -> None:
    assert spec("posec3d_slowonly", VOLUME | {"temporal_strides": (1, 1, 1)}).clip.clip_len == 32
    assert spec("posec3d_slowonly", VOLUME | {"temporal_strides": (1, 1, 2)}).clip.clip_len == 48


@pytest.mark.parametrize("stream", ["joint", "bone", "joint_motion", "bone_motion"])
def test_streams(stream: str) -> None:
    in_space, in_image = spec("stgcnpp", SPACE, stream=stream), spec("stgcnpp", IMAGE, stream=stream)
    for made, place, with_confidence in [(in_space, "body", False), (in_image, "image", True)]:
        assert (made.clip.clip_len, made.clip.space.kind, made.clip.max_people) == (100, place, 2)
        assert place == "body" or not made.clip.space.crop
        shows: Literal["joints", "bones"] = "bones" if "bone" in stream else "joints"
        assert made.representation == StreamSpec(shows=shows, with_confidence=with_confidence)
        assert made.clip.space.motion == ("motion" in stream)
        assert made.network_input == StreamInput(made.layout, 3)
        assert made.network == StgcnppSpec(base_channels=64)


def test_streams_of_other_data() -> None:
    assert spec("stgcnpp", IMAGE | {"layout": "openpose18"}).clip.space.kind == "image"
    assert spec("stgcnpp", IMAGE | {"in_channels": 2}).representation == StreamSpec()
    assert spec("stgcnpp", SPACE | {"layout": "kinect20"}).clip.space.kind == "body"
    assert spec("ctrgcn", SPACE | {"num_people": 1}).clip.max_people == 1


@pytest.mark.parametrize(("layout", "order"), [("h36m17", "coco17"), ("coco17", "joints")])
def test_motionbert(layout: str, order: str) -> None:
    made = spec("motionbert", BERT | {"layout": layout})
    clip = made.clip
    assert (made.layout, clip.clip_len, clip.space) == (layout, 243, SquareSpace(padding=1.0, crop=True))
    assert (clip.frames, clip.max_people, clip.preprocess.undo_id_switches) == (SpreadFrames(), 2, True)
    assert made.representation == StreamSpec(with_confidence=True, confidence_order=order)
    assert made.network == MotionBertSpec(base_channels=256, max_frames=243)
    assert spec("motionbert", BERT, clip_len=81).clip.clip_len == 81
    assert spec("motionbert", BERT | {"in_channels": 2}).representation.with_confidence is False


MISFITS: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "stream of a volume": ("posec3d_c3d", VOLUME, {"stream": "bone"}, "a stream is for graph networks"),
    "limbs of a graph": ("stgcnpp", SPACE, {"limbs": True}, "are for volumes"),
    "stream of frames": ("slowonly_rgb", {}, {"stream": "bone"}, "this one reads video frames"),
    "frames that do not meet": (
        "rgbpose_conv3d", BOTH, {"clip_len": 30}, "clip.clip_len must be speed_ratio x rgb.clip_len",
    ),
    "size of a graph": ("stgcnpp", SPACE, {"size": 64}, "are for volumes"),
    "unknown layout": ("posec3d_c3d", VOLUME, {"layout": "coco18"}, "coco18"),
    "other layout": ("posec3d_c3d", VOLUME, {"layout": "ntu25"}, "reads 17 channels, layout ntu25 has 25 joints"),
    "joints nobody has": ("posec3d_c3d", VOLUME | {"num_joints": 7}, {}, "no usual layout has so many joints"),
    "graph nobody has": ("stgcnpp", {"num_classes": 2, "in_channels": 3}, {}, "name its layout"),
    "numbers a joint": ("stgcnpp", IMAGE | {"in_channels": 5}, {}, "reads 5 numbers a joint"),
    "stream of a transformer": ("motionbert", BERT, {"stream": "bone"}, "motionbert reads joints with confidence"),
    "joints of no layout": ("motionbert", {"num_classes": 2, "in_channels": 3}, {}, "name its layout"),
    "numbers a token": ("motionbert", BERT | {"in_channels": 4}, {}, "reads 4 numbers a joint, layout h36m17 gives 2"),
    "no size": ("posec3d_c3d", VOLUME, {"size": 0}, "the size must be at least 1, got 0"),
    "no frames": ("posec3d_c3d", VOLUME, {"clip_len": -1}, "the clip length must be at least 1, got -1"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISFITS)
def test_what_does_not_go_together(case: str) -> None:
    architecture, told, choice, message = MISFITS[case]
    with pytest.raises(ValueError, match=message):
        spec(architecture, told, **choice)


def test_frames_beside_volumes() -> None:
    made = spec("rgbpose_conv3d", BOTH)
    assert made.rgb is not None
    assert (made.clip.clip_len, made.clip.space.size_hw, made.clip.space.view_size_hw) == (32, (56, 56), (64, 64))
    assert (made.rgb.clip_len, made.rgb.size_hw, made.rgb.view_size_hw) == (8, (224, 224), (256, 256))
    assert made.representation == VolumeSpec(sigma_px=0.7, min_confidence=1e-3)
    smaller = spec("rgbpose_conv3d", BOTH, size=56, clip_len=16).rgb
    assert smaller is not None and (smaller.clip_len, smaller.view_size_hw) == (4, (224, 224))


def test_frames_alone() -> None:
    made = spec("slowonly_rgb", {"num_classes": 60, "stage_blocks": (3, 4, 6, 3)})
    assert made.representation is None and made.rgb is not None and made.layout == "coco17"
    assert (made.rgb.clip_len, made.rgb.size_hw, made.rgb.view_size_hw) == (8, (224, 224), (224, 224))
    assert made.network == RgbSlowOnlySpec(stage_blocks=(3, 4, 6, 3))


def test_every_network_has_its_input() -> None:
    for architecture, network in SPECS.items():
        if network.published is not None:
            assert spec(architecture, SPACE if network.reads == "stream" else BOTH).architecture == architecture
