"""RGBPose-Conv3D (Duan et al., "Revisiting Skeleton-based Action Recognition"): RGB frames and volumes together.

Two SlowOnly pathways, few large frames beside many small maps, show each other their features on the way: a lateral
brings one pathway's features to the other's frame rate and lays them beside its own. Each pathway has its own head;
the score is the mean of their probabilities. Published size, for 8 frames of 224 x 224, 32 maps of 56 x 56, 17 joints,
60 classes: 36.15 M parameters, 58.29 GMACs.

    RGB pathway                       (C, T, H, W)        pose pathway                  (C, T, H, W)
    stem     1x7x7 s2, maximum s2       64  8 56 56       stem     1x7x7, maximum         32 32 56 56
    stage 1  bottleneck 64 x 3         256  8 56 56
    stage 2  bottleneck 128 x 4        512  8 28 28       stage 1  bottleneck 32 x 4     128 32 28 28
      from pose, 7x1x1 stride 4       +128  8 28 28         from RGB, 7x1x1 upwards 4    +32 32 28 28
    stage 3  bottleneck 256 x 6, 3D   1024  8 14 14       stage 2  bottleneck 64 x 6, 3D 256 32 14 14
      from pose, 7x1x1 stride 4       +256  8 14 14         from RGB, 7x1x1 upwards 4    +64 32 14 14
    stage 4  bottleneck 512 x 3, 3D   2048  8  7  7       stage 3  bottleneck 128 x 3, 3D 512 32 7  7
    head     mean, dropout, linear                        head     mean, dropout, linear
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from posecube.errors import UserError
from posecube.networks.layers import EXPANSION
from posecube.networks.posec3d.slowonly import PoseSlowOnly
from posecube.networks.rgbpose.published import BOTH, SPEED_RATIO
from posecube.networks.rgbpose.slowonly import RgbSlowOnly
from posecube.networks.spec import NetworkSpec

NUM_STAGES = 4  # of the RGB pathway
LATERAL_KERNEL = 7  # frames of the pose pathway
Pathway = Literal["rgb", "pose"]
DIRECTIONS: tuple[tuple[Pathway, Pathway], ...] = (("pose", "rgb"), ("rgb", "pose"))


class Lateral(NamedTuple):
    """A connection from one pathway, "rgb" or "pose", into the other.

    Attributes:
        stage: RGB stages that lie before it, at least 1. The pose pathway lacks the first one: it has one less.
    """

    stage: int
    source: Pathway
    target: Pathway


PUBLISHED_LATERALS = tuple(Lateral(stage, *direction) for stage in (2, 3) for direction in DIRECTIONS)


class RgbPoseConv3D(nn.Module):
    """Normalised RGB frames and a heatmap volume to the logits of both heads.

    Args:
        rgb_base_channels: Channels of the RGB stem and width of its first stage; ``pose_base_channels`` likewise.
        rgb_stage_blocks: Bottlenecks of the four RGB stages; ``pose_stage_blocks`` those of the three pose stages.
        laterals: Which features go where; (stage, source, target) in place of a Lateral will do.
        speed_ratio: Maps a frame.
        channel_ratio: A lateral adds one channel to so many that the stage has.

    Raises:
        UserError: If a pathway gets another number of stages, or a lateral is out of place or there twice.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        num_joints: int = 17,
        rgb_base_channels: int = 64,
        pose_base_channels: int = 32,
        rgb_stage_blocks: Sequence[int] = (3, 4, 6, 3),
        pose_stage_blocks: Sequence[int] = (4, 6, 3),
        laterals: Iterable[Lateral | Sequence[int | str]] = PUBLISHED_LATERALS,
        speed_ratio: int = 4,
        channel_ratio: int = 4,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.speed_ratio = speed_ratio
        self.pose_to_rgb, self.rgb_to_pose = nn.ModuleDict(), nn.ModuleDict()
        joined = {"rgb": [0] * NUM_STAGES, "pose": [0] * NUM_STAGES}
        for stage, _, target in _checked(laterals):
            rgb_channels = rgb_base_channels * 2 ** (stage - 1) * EXPANSION
            pose_channels = pose_base_channels * 2 ** (stage - 2) * EXPANSION if stage > 1 else pose_base_channels
            if target == "rgb":
                added = rgb_channels // channel_ratio
                self.pose_to_rgb[str(stage)] = _to_rgb(pose_channels, added, speed_ratio)
            else:
                added = pose_channels // channel_ratio
                self.rgb_to_pose[str(stage)] = _to_pose(rgb_channels, added, speed_ratio)
            joined[target][stage] = added
        self.rgb = RgbSlowOnly(
            num_classes=num_classes,
            base_channels=rgb_base_channels,
            stage_blocks=rgb_stage_blocks,
            joined_channels=joined["rgb"],
            dropout=dropout,
        )
        self.pose = PoseSlowOnly(
            num_classes=num_classes,
            num_joints=num_joints,
            base_channels=pose_base_channels,
            stage_blocks=pose_stage_blocks,
            temporal_strides=(1, 1, 1),
            joined_channels=joined["pose"][1:],
            dropout=dropout,
        )

    def forward(
        self, rgb: Float[Tensor, "N 3 S G U"], volume: Float[Tensor, "N V T H W"]
    ) -> dict[str, Float[Tensor, "N K"]]:
        """Logits "rgb" and "pose" of S frames and of T maps, a quarter of the frames' height and width.

        Raises:
            UserError: If a lateral joins features of different sizes.
        """
        rgb_features, pose_features = self.features(rgb, volume)
        return {"rgb": self.rgb.head(rgb_features), "pose": self.pose.head(pose_features)}

    def features(
        self, rgb: Float[Tensor, "N 3 S G U"], volume: Float[Tensor, "N V T H W"]
    ) -> tuple[Float[Tensor, "N C S g u"], Float[Tensor, "N D T h w"]]:
        """What the RGB head and the pose head read."""
        seen = self.rgb.stages[0](self.rgb.pool(self.rgb.stem(rgb)))
        posed = self.pose.pool(self.pose.stem(volume))
        for stage, pose_stage in enumerate(self.pose.stages, start=1):
            to_rgb = _joined(seen, posed, self.pose_to_rgb, stage, self.speed_ratio)
            to_pose = _joined(posed, seen, self.rgb_to_pose, stage, self.speed_ratio)
            seen, posed = self.rgb.stages[stage](to_rgb), pose_stage(to_pose)
        return seen, posed


def _to_rgb(in_channels: int, out_channels: int, speed_ratio: int) -> nn.Sequential:
    """From the maps' rate to the frames': a strided convolution in time."""
    conv = nn.Conv3d(
        in_channels,
        out_channels,
        (LATERAL_KERNEL, 1, 1),
        stride=(speed_ratio, 1, 1),
        padding=(LATERAL_KERNEL // 2, 0, 0),
        bias=False,
    )
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    return nn.Sequential(conv)


def _to_pose(in_channels: int, out_channels: int, speed_ratio: int) -> nn.Sequential:
    """From the frames' rate to the maps': a transposed convolution in time, normalised and rectified."""
    conv = nn.ConvTranspose3d(
        in_channels,
        out_channels,
        (LATERAL_KERNEL, 1, 1),
        stride=(speed_ratio, 1, 1),
        padding=(LATERAL_KERNEL // 2, 0, 0),
        output_padding=(speed_ratio - 1, 0, 0),  # exactly speed_ratio maps a frame
        bias=False,
    )
    nn.init.kaiming_normal_(conv.weight, mode="fan_in", nonlinearity="relu")
    return nn.Sequential(conv, nn.BatchNorm3d(out_channels), nn.ReLU(inplace=True))


def _joined(
    own: Float[Tensor, "N C T H W"],
    other: Float[Tensor, "N D S H W"],
    laterals: nn.ModuleDict,
    stage: int,
    speed_ratio: int,
) -> Float[Tensor, "N E T H W"]:
    """A pathway's features with those that a lateral brings it, if it has one at this stage."""
    if str(stage) not in laterals:
        return own
    brought = laterals[str(stage)](other)
    if brought.shape[2:] != own.shape[2:]:
        raise UserError(
            f"the volume must have {speed_ratio} maps a frame, of a quarter of the frames' height and width: features "
            f"(T, H, W) = {tuple(brought.shape[2:])} meet {tuple(own.shape[2:])} after RGB stage {stage}"
        )
    return torch.cat([own, brought], dim=1)


def _checked(laterals: Iterable[Lateral | Sequence[int | str]]) -> list[Lateral]:
    known = [Lateral(stage, *direction) for stage in range(1, NUM_STAGES) for direction in DIRECTIONS]
    checked: list[Lateral] = []
    for given in laterals:
        lateral = next((one for one in known if one == tuple(given)), None)
        if lateral is None:
            raise UserError(
                f"a lateral is (stage, source, target) with stage 1 to {NUM_STAGES - 1}, source and target 'rgb' and "
                f"'pose' or the reverse, got {tuple(given)}"
            )
        if lateral in checked:
            raise UserError(f"lateral {tuple(lateral)} is there twice")
        checked.append(lateral)
    return checked


class RgbPoseConv3DSpec(NetworkSpec):
    """Sizes of ``RgbPoseConv3D``."""

    module = RgbPoseConv3D
    reads = "volume"
    heads = ("rgb", "pose")
    published = BOTH

    name: Literal["rgbpose_conv3d"] = "rgbpose_conv3d"
    rgb_base_channels: PositiveInt = 64
    pose_base_channels: PositiveInt = 32
    rgb_stage_blocks: tuple[PositiveInt, ...] = (3, 4, 6, 3)
    pose_stage_blocks: tuple[PositiveInt, ...] = (4, 6, 3)
    laterals: tuple[Lateral, ...] = PUBLISHED_LATERALS
    speed_ratio: PositiveInt = SPEED_RATIO
    channel_ratio: PositiveInt = 4
    dropout: float = Field(default=0.5, ge=0.0, le=1.0)

    @property
    def maps_per_frame(self) -> int:
        return self.speed_ratio
