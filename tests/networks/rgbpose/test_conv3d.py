from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from posecube.model.cost import count_operations
from posecube.networks import NETWORKS, load_published
from posecube.networks.rgbpose.conv3d import PUBLISHED_LATERALS, Lateral

RGB = (3, 2, 32, 32)  # colours, frames, height, width
VOLUME = (5, 8, 8, 8)  # joints, maps, height, width


def small(**arguments: object) -> nn.Module:
    torch.manual_seed(0)
    sizes = {"rgb_base_channels": 8, "pose_base_channels": 4, "num_joints": VOLUME[0], "num_classes": 3}
    blocks = {"rgb_stage_blocks": (1, 1, 2, 1), "pose_stage_blocks": (1, 2, 1)}
    return NETWORKS["rgbpose_conv3d"](**{**sizes, **blocks, **arguments})


def inputs(num_clips: int) -> tuple[Tensor, Tensor]:
    return torch.randn(num_clips, *RGB), torch.rand(num_clips, *VOLUME)


def test_size_and_cost_are_as_published() -> None:
    with torch.device("meta"):
        network = NETWORKS["rgbpose_conv3d"](num_classes=60)
    assert sum(parameter.numel() for parameter in network.parameters()) == 36_147_928
    assert count_operations(network, (3, 8, 224, 224), (17, 32, 56, 56)) == pytest.approx(58.29e9, abs=0.005e9)


def test_logits_and_features_are_those_of_the_published_code(
    goldlib: ModuleType,
    golden_model: Callable[[str], dict[str, Any]],
    published_state: Callable[[str], dict[str, Tensor]],
) -> None:
    golden = golden_model("mmaction2_rgbpose_conv3d")
    assert (golden["rgb"], golden["heat"]) == ("u8((1,3,8,112,112),3,0.9)/127.5-1", "u8((1,17,32,28,28),4)/255")
    rgb, volume = goldlib.u8((1, 3, 8, 112, 112), 3, 0.9) / 127.5 - 1, goldlib.u8((1, 17, 32, 28, 28), 4) / 255
    network = load_published(published_state("mmaction2_rgbpose_conv3d"), "rgbpose_conv3d")
    with torch.inference_mode():
        logits, features = network(rgb, volume), network.features(rgb, volume)
    assert list(logits) == ["rgb", "pose"]
    for head, expected in golden["logits"].items():
        torch.testing.assert_close(logits[head], expected, atol=1e-5, rtol=1e-4)
    for found, expected in zip(features, golden["feat_mean"], strict=True):
        torch.testing.assert_close(found.mean(dim=(2, 3, 4)), expected, atol=1e-5, rtol=1e-4)


def test_features_of_both_pathways() -> None:
    seen, posed = small().features(torch.rand(2, 3, 2, 64, 96), torch.rand(2, 5, 8, 16, 24))
    assert seen.shape == (2, 8 * 8 * 4, 2, 2, 3)
    assert posed.shape == (2, 4 * 4 * 4, 8, 2, 3)


@pytest.mark.parametrize("stage", [1, 2, 3])
@pytest.mark.parametrize(("source", "target"), [("rgb", "pose"), ("pose", "rgb")])
def test_a_lateral_carries_one_way_only(stage: int, source: str, target: str) -> None:
    network = small(laterals=[Lateral(stage, source, target)]).eval()
    rgb, volume = inputs(1)
    with torch.inference_mode():
        before = network(rgb, volume)
        other_rgb, other_volume = network(torch.randn_like(rgb), volume), network(rgb, torch.rand_like(volume))
    changed = {"rgb": other_rgb, "pose": other_volume}  # which input was another one
    for head in ("rgb", "pose"):
        other = "pose" if head == "rgb" else "rgb"
        assert not torch.allclose(changed[head][head], before[head])
        assert torch.equal(changed[other][head], before[head]) == (head == source)


def test_without_laterals_the_pathways_are_two_networks() -> None:
    network = small(laterals=()).eval()
    rgb, volume = torch.randn(1, 3, 5, 40, 40), torch.rand(1, 5, 7, 20, 20)  # sizes that no lateral would join
    with torch.inference_mode():
        logits = network(rgb, volume)
        assert torch.equal(logits["rgb"], network.rgb(rgb))
        assert torch.equal(logits["pose"], network.pose(volume))
    assert not any("_to_" in name for name in network.state_dict())


def test_laterals_are_plain_data() -> None:
    assert [tuple(lateral) for lateral in PUBLISHED_LATERALS] == [
        (2, "pose", "rgb"),
        (2, "rgb", "pose"),
        (3, "pose", "rgb"),
        (3, "rgb", "pose"),
    ]
    listed = small(laterals=[[2, "pose", "rgb"]])  # as a weights card's JSON has them
    assert listed.state_dict().keys() == small(laterals=[Lateral(2, "pose", "rgb")]).state_dict().keys()


@pytest.mark.parametrize(
    ("laterals", "message"),
    [
        ([(0, "rgb", "pose")], r"stage 1 to 3, .* got \(0, 'rgb', 'pose'\)"),
        ([(4, "rgb", "pose")], r"stage 1 to 3, .* got \(4, 'rgb', 'pose'\)"),
        ([(2, "rgb", "rgb")], r"'rgb' and 'pose' or the reverse, got \(2, 'rgb', 'rgb'\)"),
        ([(2, "rgb", "pose"), [2, "rgb", "pose"]], r"lateral \(2, 'rgb', 'pose'\) is there twice"),
        ([(2, "rgb")], r"a lateral is \(stage, source, target\) .* got \(2, 'rgb'\)"),
    ],
)
def test_laterals_out_of_place(laterals: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        small(laterals=laterals)
    assert "\n" not in str(caught.value)


def test_inputs_that_do_not_go_together() -> None:
    rgb, volume = inputs(1)
    for maps in (volume[:, :, :4], torch.rand(1, 5, 8, 16, 16)):
        with pytest.raises(ValueError, match="the volume must have 4 maps a frame, of a quarter of the frames'"):
            small()(rgb, maps)


def test_the_number_of_stages_is_fixed() -> None:
    with pytest.raises(ValueError, match="stage_blocks and time_stages must be of one length, got 3 and 4"):
        small(rgb_stage_blocks=(1, 1, 1))
    with pytest.raises(ValueError, match="must be of one length, got 2, 3, 3"):
        small(pose_stage_blocks=(1, 1))


@pytest.mark.parametrize(("speed_ratio", "frames"), [(1, 3), (2, 3), (4, 3), (8, 1)])
def test_other_frame_rates(speed_ratio: int, frames: int) -> None:
    network = small(speed_ratio=speed_ratio).eval()
    seen, posed = network.features(torch.rand(1, 3, frames, 32, 32), torch.rand(1, 5, frames * speed_ratio, 8, 8))
    assert (seen.shape[2], posed.shape[2]) == (frames, frames * speed_ratio)
