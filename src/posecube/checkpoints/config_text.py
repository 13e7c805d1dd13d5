"""What the configuration inside a checkpoint says of how its clips were made: read as text, never run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from posecube.networks.published_input import StreamName
from posecube.sampling.geometry import Fit

STREAMS: dict[str, StreamName] = {"j": "joint", "b": "bone", "jm": "joint_motion", "bm": "bone_motion"}
_MAX_TEXT = 1_000_000  # characters; real ones have some thousands


@dataclass(frozen=True)
class InferredFromConfig:
    """What a configuration says, None where it says nothing or several things.

    Attributes:
        limbs: Whether volumes show limbs and no joints.
        stream: What a graph network reads.
        clip_len: Frames of a clip.
        fit: How a box that is no square gets into the map in testing.
        temporal_strides: Strides in time of a SlowOnly network's stages, which no tensor's shape shows.
    """

    limbs: bool | None = None
    stream: StreamName | None = None
    clip_len: int | None = None
    fit: Fit | None = None
    temporal_strides: tuple[int, ...] | None = None


def infer_from_config(text: str) -> InferredFromConfig:
    """Read the settings that every pipeline of a pyskl or MMAction2 configuration agrees on.

    A model called "joint" may have been trained on limbs: published pyskl configurations for NTU 120 are so. The
    pipeline tells, the name does not.
    """
    text = text[:_MAX_TEXT]
    limbs = _agreed(text, r"with_limb\s*=\s*(True|False)")
    joints = _agreed(text, r"with_kp\s*=\s*(True|False)")
    feature = _agreed(text, r"feats\s*=\s*\[\s*['\"](\w+)['\"]\s*,?\s*\]")
    clip_len = _agreed(text, r"clip_len\s*=\s*(\d{1,5})\b")
    strides = _agreed(text, r"temporal_strides\s*=\s*\(([\d\s,]{3,200})\)")
    return InferredFromConfig(
        limbs=None if limbs is None and joints is None else limbs == "True" and joints == "False",
        stream=STREAMS.get(feature or ""),
        clip_len=int(clip_len) if clip_len else None,
        fit=_fit(text),
        temporal_strides=tuple(map(int, re.findall(r"\d+", strides))) if strides else None,
    )


def _fit(text: str) -> Fit | None:
    if not re.search(r"['\"]PoseCompact['\"]", text):
        return None
    return "centre_crop" if re.search(r"['\"]CenterCrop['\"]", text) else "squash"


def _agreed(text: str, pattern: str) -> str | None:
    """What a pattern's group finds, if it finds the same everywhere."""
    found = set(re.findall(pattern, text))
    return found.pop() if len(found) == 1 else None
