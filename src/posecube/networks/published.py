"""Our parameter names and those of published checkpoints: pyskl's and MMAction2's, which agree for these networks.

A table maps modules. ``{stage}`` and ``{block}`` stand for numbers that we count from 0; the published stages count
from 1. Within a module the convolution and the normalisation of a ConvBN are "0" and "1" here, "conv" and "bn" there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEAD = {"head.linear": "cls_head.fc_cls"}
MODULES: dict[str, dict[str, str]] = {
    "posec3d_slowonly": {
        "stem": "backbone.conv1",
        "stages.{stage}.{block}.reduce": "backbone.layer{stage}.{block}.conv1",
        "stages.{stage}.{block}.mix": "backbone.layer{stage}.{block}.conv2",
        "stages.{stage}.{block}.expand": "backbone.layer{stage}.{block}.conv3",
        "stages.{stage}.{block}.shortcut": "backbone.layer{stage}.{block}.downsample",
        **_HEAD,
    },
    "posec3d_c3d": {
        "stem": "backbone.conv1a",
        "stages.0.1": "backbone.conv2a",
        "stages.1.1": "backbone.conv3a",
        "stages.1.2": "backbone.conv3b",
        "stages.2.1": "backbone.conv4a",
        "stages.2.2": "backbone.conv4b",
        **_HEAD,
    },
    "posec3d_x3d": {
        "stem.0": "backbone.conv1_s.conv",
        "stem.1": "backbone.conv1_t",
        "stages.{stage}.{block}.expand": "backbone.layer{stage}.{block}.conv1",
        "stages.{stage}.{block}.mix": "backbone.layer{stage}.{block}.conv2",
        "stages.{stage}.{block}.reduce": "backbone.layer{stage}.{block}.conv3",
        "stages.{stage}.{block}.shortcut": "backbone.layer{stage}.{block}.downsample",
        "lift": "backbone.conv5",
        **_HEAD,
    },
}
_PARTS = {"0": "conv", "1": "bn"}
_NUMBERED = re.compile(r"^stages\.(\d+)\.(\d+)\.")


def published_names(architecture: str, names: Iterable[str]) -> dict[str, str]:
    """Our name of every parameter and buffer, and its published one.

    Args:
        names: Keys of our network's state dict.

    Raises:
        ValueError: If no published names are known for the architecture, or for one of its tensors.
    """
    if architecture not in MODULES:
        raise ValueError(f"no published names are known for {architecture!r}; known: {', '.join(MODULES)}")
    return {name: _published_name(name, MODULES[architecture]) for name in names}


def _published_name(name: str, modules: dict[str, str]) -> str:
    numbered = _NUMBERED.match(name)
    general = _NUMBERED.sub("stages.{stage}.{block}.", name)
    for own, published in modules.items():
        for form in (name, general):
            if form.startswith(f"{own}."):
                first, _, rest = form.removeprefix(f"{own}.").partition(".")
                tensor = f"{_PARTS[first]}.{rest}" if rest else first
                stage, block = (int(numbered[1]) + 1, int(numbered[2])) if numbered else (0, 0)
                return f"{published.format(stage=stage, block=block)}.{tensor}"
    raise ValueError(f"no published name is known for {name!r}")
