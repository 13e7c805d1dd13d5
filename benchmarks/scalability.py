"""What a clip costs by the number of people in it: the same as a volume, so much a person as a graph."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from inputs import swinging_people
from posecube.model.cost import count_operations
from posecube.networks import NETWORKS
from posecube.representation import render_joint_volume
from posecube.skeleton.layouts import COCO17
from timing import fastest, one_thread, run

PEOPLE = (1, 2, 4, 7, 10, 13)  # 13 is the most that a frame of Volleyball has
NUM_CLASSES, VOLUME_FRAMES, GRAPH_FRAMES, SIZE_HW = 8, 12, 20, (56, 56)
BASE_CHANNELS = 16  # of the network of volumes, which is half as wide as usual
GRAPHS = ("stgcnpp", "msg3d")
REPEATS = 7
METHOD = (
    "One clip of Volleyball with 1 to 13 people, as PoseConv3D section 4.4.3 compares: SlowOnly of base width 16 on a "
    "volume of 12 frames of 56 x 56, graph networks on 20 frames, 17 COCO joints, 8 classes. *_people_gmacs: billion "
    "multiply-adds; *_people_ms: processor time of one thread in milliseconds, fastest of 7, for volumes with the "
    "drawing (drawing_*_ms is that alone). *_further_person_ms: what each person "
    "after the first adds to it. "
    "volume_64_gmacs is the same network on 64 x 64, the published size in testing. The paper has 0.52 M parameters "
    "and 1.6 G for its volume, 2.8 M and 7.2 G for its MS-G3D with 13 people."
)


def measure() -> dict[str, float]:
    """Size of each network, its cost for each number of people, and how it grows."""
    with one_thread(), torch.inference_mode():
        figures = _volume_figures()
        for name in GRAPHS:
            figures |= _graph_figures(name)
    return figures


def _volume_figures() -> dict[str, float]:
    network = _built_volume_network().to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]
    shape = (COCO17.num_joints, VOLUME_FRAMES, *SIZE_HW)
    out = torch.empty(1, *shape)
    figures = {
        "volume_parameters_m": _millions(network),
        "volume_64_gmacs": count_operations(_built_volume_network(), (*shape[:2], 64, 64)) / 1e9,
    }
    milliseconds = []
    for num_people in PEOPLE:
        pose = map(torch.from_numpy, swinging_people(1, num_people, VOLUME_FRAMES, size_px=SIZE_HW[0]))
        draw = partial(render_joint_volume, *pose, size_hw=SIZE_HW, out=out)
        milliseconds.append(_milliseconds(partial(_seen, network, draw)))
        figures |= {
            f"volume_{num_people}_people_gmacs": count_operations(_built_volume_network(), draw().shape[1:]) / 1e9,
            f"drawing_{num_people}_people_ms": _milliseconds(draw),
            f"volume_{num_people}_people_ms": milliseconds[-1],
        }
    return {**figures, "volume_further_person_ms": _slope(milliseconds)}


def _seen(network: nn.Module, draw: Callable[[], Tensor]) -> Tensor:
    logits: Tensor = network(draw().contiguous(memory_format=torch.channels_last_3d))
    return logits


def _graph_figures(name: str) -> dict[str, float]:
    figures: dict[str, float] = {}
    milliseconds = []
    for num_people in PEOPLE:
        network = _built_graph(name, num_people)
        keypoints, confidence = map(torch.from_numpy, swinging_people(1, num_people, GRAPH_FRAMES, size_px=1.0))
        joints = torch.cat([keypoints, confidence[..., None]], dim=-1)
        milliseconds.append(_milliseconds(partial(network, joints)))
        if not figures:
            figures[f"{name}_parameters_m"] = _millions(network)
        figures |= {
            f"{name}_{num_people}_people_gmacs": count_operations(network, joints.shape[1:]) / 1e9,
            f"{name}_{num_people}_people_ms": milliseconds[-1],
        }
    return {**figures, f"{name}_further_person_ms": _slope(milliseconds)}


def _built_volume_network() -> nn.Module:
    build = NETWORKS["posec3d_slowonly"]
    return build(num_classes=NUM_CLASSES, num_joints=COCO17.num_joints, base_channels=BASE_CHANNELS).eval()


def _built_graph(name: str, num_people: int) -> nn.Module:
    arguments: dict[str, Any] = {"num_classes": NUM_CLASSES, "layout": COCO17.name, "in_channels": 3}
    if name == "msg3d":  # normalises each person apart
        arguments["num_people"] = num_people
    return NETWORKS[name](**arguments).eval()


def _milliseconds(work: Callable[[], object]) -> float:
    return fastest(work, repeats=REPEATS, clock=time.thread_time) * 1e3


def _slope(milliseconds: list[float]) -> float:
    return (milliseconds[-1] - milliseconds[0]) / (PEOPLE[-1] - PEOPLE[0])


def _millions(network: nn.Module) -> float:
    return sum(parameter.numel() for parameter in network.parameters()) / 1e6


if __name__ == "__main__":
    run(measure, METHOD)
