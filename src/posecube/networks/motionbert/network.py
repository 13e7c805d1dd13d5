"""MotionBERT (Zhu et al., "MotionBERT: A Unified Perspective on Learning Human Motion Representations", ICCV 2023).

A transformer whose tokens are the joints of every frame. Each level has two blocks side by side: one attends among the
joints of a frame and then among the frames of a joint, the other the other way round; how much each of them counts is
learnt for every token. The published sizes have 42,466,317 (full) and 16,001,549 (lite) parameters without what names
actions, and 60,421,193 and 33,956,425 with it, for 60 classes.

    part         kernel                                                        output (T, V, C), for 243 frames
    embed        linear, plus a learnt place of each joint and of each frame   243 17 512       256 in the lite one
    level 1 - 5  [joints 8 heads, MLP x 2, frames 8 heads, MLP x 2]            243 17 512       MLP x 4 in the lite one
                 [frames 8 heads, MLP x 2, joints 8 heads, MLP x 2]
                 softmax of a linear layer on both: how much each counts
    represent    layer norm, linear, tanh                                      243 17 512
    lift         linear: joints in space, what it was first trained for        243 17 3         not used for actions
    head         dropout, mean over time, mean over people,                        17 * 512
                 linear, batch norm, ReLU, linear                                  2048, classes

Source: the paper's section 3.2 for the network; the head's order of steps, sizes and initial numbers follow the public
code.
"""

from __future__ import annotations

from functools import partial
from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn
from torch.nn import functional as F

from posecube.errors import UserError
from posecube.networks.motionbert.published import MOTIONBERT
from posecube.networks.spec import NetworkSpec
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.layouts import find_layout

NUM_HEADS = 8
NUM_AXES = 3  # of the joints that it lifts
SHORT_ROW = 64  # tokens

_LayerNorm = partial(nn.LayerNorm, eps=1e-6)


class AttentionAndMlp(nn.Module):
    """Every token looks at all others of its row, then thinks for itself; both are added to what it was."""

    def __init__(self, channels: int, *, mlp_ratio: int) -> None:
        super().__init__()
        self.norm = _LayerNorm(channels)
        self.queries_keys_values = nn.Linear(channels, 3 * channels)
        self.project = nn.Linear(channels, channels)
        self.mlp_norm = _LayerNorm(channels)
        self.expand = nn.Linear(channels, mlp_ratio * channels)
        self.contract = nn.Linear(mlp_ratio * channels, channels)

    def forward(self, x: Float[Tensor, "B L C"]) -> Float[Tensor, "B L C"]:
        x = x + self.project(self._attention(self.norm(x)))
        return x + self.contract(F.gelu(self.expand(self.mlp_norm(x))))

    def _attention(self, x: Float[Tensor, "B L C"]) -> Float[Tensor, "B L C"]:
        by_head = self.queries_keys_values(x).unflatten(-1, (3, NUM_HEADS, -1)).permute(2, 0, 3, 1, 4)
        seen = attended(by_head[0], by_head[1], by_head[2])
        return seen.transpose(1, 2).flatten(-2)


def attended(
    queries: Float[Tensor, "B H L D"], keys: Float[Tensor, "B H L D"], values: Float[Tensor, "B H L D"]
) -> Float[Tensor, "B H L D"]:
    """Attention; written out for short rows on a CPU, where torch's fused one is slow to train.

    Rows of 17 joints in bfloat16 took 8 times as long fused as written out, those of 243 frames in float32 two thirds
    as long.
    """
    if queries.device.type != "cpu" or queries.shape[-2] > SHORT_ROW:
        return F.scaled_dot_product_attention(queries, keys, values)
    similarity = queries * queries.shape[-1] ** -0.5 @ keys.transpose(-2, -1)
    return similarity.softmax(dim=-1).to(values.dtype) @ values


class SpaceTimeAttention(nn.Module):
    """Attention among the joints of each frame and among the frames of each joint, one after the other."""

    def __init__(self, channels: int, *, mlp_ratio: int, time_first: bool) -> None:
        super().__init__()
        self.space = AttentionAndMlp(channels, mlp_ratio=mlp_ratio)
        self.time = AttentionAndMlp(channels, mlp_ratio=mlp_ratio)
        self.time_first = time_first

    def forward(self, x: Float[Tensor, "B T V C"]) -> Float[Tensor, "B T V C"]:
        if self.time_first:
            return self._among_joints(self._among_frames(x))
        return self._among_frames(self._among_joints(x))

    def _among_joints(self, x: Float[Tensor, "B T V C"]) -> Float[Tensor, "B T V C"]:
        return self.space(x.flatten(0, 1)).view(x.shape)

    def _among_frames(self, x: Float[Tensor, "B T V C"]) -> Float[Tensor, "B T V C"]:
        by_joint = x.transpose(1, 2)
        return self.time(by_joint.flatten(0, 1)).view(by_joint.shape).transpose(1, 2)


class DSTformer(nn.Module):
    """Joints of one person to what each of them does: the part of MotionBERT that pre-training makes.

    Args:
        in_channels: Numbers a joint has: x, y and confidence.
        base_channels: Channels of the tokens; a multiple of 8.
        mlp_ratio: Times as many channels inside of the MLPs.
        depth: Levels of two blocks each.
        representation_channels: Channels that a joint ends with.
        max_frames: Longest clip: each frame's place is learnt.
    """

    def __init__(
        self,
        *,
        num_joints: int,
        in_channels: int,
        base_channels: int,
        mlp_ratio: int,
        depth: int,
        representation_channels: int,
        max_frames: int,
    ) -> None:
        super().__init__()
        self.embed = nn.Linear(in_channels, base_channels)
        self.joint_place = nn.Parameter(torch.zeros(1, num_joints, base_channels))
        self.frame_place = nn.Parameter(torch.zeros(1, max_frames, 1, base_channels))
        block = partial(SpaceTimeAttention, base_channels, mlp_ratio=mlp_ratio)
        self.space_first = nn.ModuleList([block(time_first=False) for _ in range(depth)])
        self.time_first = nn.ModuleList([block(time_first=True) for _ in range(depth)])
        self.weigh = nn.ModuleList([nn.Linear(2 * base_channels, 2) for _ in range(depth)])
        self.norm = _LayerNorm(base_channels)
        self.represent = nn.Linear(base_channels, representation_channels)
        self.lift = nn.Linear(representation_channels, NUM_AXES)
        self._initialise()

    def forward(self, x: Float[Tensor, "B T V C"]) -> Float[Tensor, "B T V D"]:
        """Each joint of each frame as a vector between -1 and 1.

        Raises:
            UserError: If the clip is longer than the places that were learnt.
        """
        max_frames, num_frames = self.frame_place.shape[1], x.shape[1]
        if num_frames > max_frames:
            raise UserError(f"the network was made for clips of up to {max_frames} frames, got {num_frames}")
        x = self.embed(x) + self.joint_place + self.frame_place[:, :num_frames]
        for space_first, time_first, weigh in zip(self.space_first, self.time_first, self.weigh, strict=True):
            one, other = space_first(x), time_first(x)
            fractions = weigh(torch.cat([one, other], dim=-1)).softmax(dim=-1)
            x = one * fractions[..., :1] + other * fractions[..., 1:]
        return torch.tanh(self.represent(self.norm(x)))

    def lifted(self, x: Float[Tensor, "B T V C"]) -> Float[Tensor, "B T V 3"]:
        """Joints in space, as pre-training put them there."""
        return self.lift(self(x))

    def _initialise(self) -> None:
        nn.init.trunc_normal_(self.joint_place, std=0.02)
        nn.init.trunc_normal_(self.frame_place, std=0.02)
        for part in self.modules():
            if isinstance(part, nn.Linear):
                nn.init.trunc_normal_(part.weight, std=0.02)
                nn.init.zeros_(part.bias)
        for name, parameter in self.weigh.named_parameters():  # both blocks count the same at the start
            nn.init.constant_(parameter, 0.5 if name.endswith("bias") else 0.0)


class ActionHead(nn.Module):
    """Mean over time and people, joint by joint, then a network of two layers."""

    def __init__(self, in_channels: int, num_classes: int, *, channels: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(in_channels, channels)
        self.norm = nn.BatchNorm1d(channels)
        self.linear = nn.Linear(channels, num_classes)

    def forward(self, features: Float[Tensor, "N M T V D"]) -> Float[Tensor, "N K"]:
        person = self.dropout(features).mean(dim=2).flatten(2).mean(dim=1)
        return self.linear(F.relu(self.norm(self.hidden(person))))


class MotionBERT(nn.Module):
    """Joints with confidence to logits. ``FULL`` and ``LITE`` are the published sizes.

    Args:
        layout: Which joints it reads: a layout, or its name; the published weights read Human3.6M's.
        in_channels: Numbers a joint has: x, y and confidence.
        base_channels: Channels of the tokens; a multiple of 8.
        mlp_ratio: Times as many channels inside of the MLPs.
        depth: Levels of two blocks each.
        representation_channels: Channels that a joint ends with.
        max_frames: Longest clip.
        head_channels: Channels between the head's two layers.
        dropout: Share of the joints' channels that training hides from the head.

    Raises:
        UserError: If the layout is unknown, or the channels cannot be shared among 8 heads.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        layout: str | SkeletonLayout = "h36m17",
        in_channels: int = 3,
        base_channels: int = 512,
        mlp_ratio: int = 2,
        depth: int = 5,
        representation_channels: int = 512,
        max_frames: int = 243,
        head_channels: int = 2048,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        if base_channels % NUM_HEADS:
            raise UserError(f"base_channels must be a multiple of {NUM_HEADS}, one part a head, got {base_channels}")
        num_joints = (find_layout(layout) if isinstance(layout, str) else layout).num_joints
        self.backbone = DSTformer(
            num_joints=num_joints,
            in_channels=in_channels,
            base_channels=base_channels,
            mlp_ratio=mlp_ratio,
            depth=depth,
            representation_channels=representation_channels,
            max_frames=max_frames,
        )
        self.head = ActionHead(
            num_joints * representation_channels, num_classes, channels=head_channels, dropout=dropout
        )

    def forward(self, x: Float[Tensor, "N M T V C"]) -> Float[Tensor, "N K"]:
        return self.head(self.backbone(x.flatten(0, 1)).unflatten(0, x.shape[:2]))


class MotionBertSpec(NetworkSpec):
    """Sizes of ``MotionBERT``."""

    module = MotionBERT
    reads = "stream"
    published = MOTIONBERT

    name: Literal["motionbert"] = "motionbert"
    base_channels: PositiveInt = 512
    mlp_ratio: PositiveInt = 2
    depth: PositiveInt = 5
    representation_channels: PositiveInt = 512
    max_frames: PositiveInt = 243
    head_channels: PositiveInt = 2048
    dropout: float = Field(default=0.5, ge=0.0, le=1.0)


FULL = MotionBertSpec()
LITE = MotionBertSpec(base_channels=256, mlp_ratio=4)
