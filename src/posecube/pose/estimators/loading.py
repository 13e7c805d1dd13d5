"""Pose estimators by their names: which networks each is made of, and where the networks' files are."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from posecube import lookup
from posecube.errors import UserError
from posecube.pose.estimators.blazepose.estimator import BlazePose
from posecube.pose.estimators.model_files import fetch_model, find_model
from posecube.pose.estimators.movenet import MoveNet
from posecube.pose.estimators.plausibility import LOW_THRESHOLD_RULES, PlausibilityRules
from posecube.pose.estimators.rtmpose import RtmPose
from posecube.pose.estimators.runtime import DEVICES, useful_threads
from posecube.pose.estimators.yolox import YoloxDetector
from posecube.pose.types import PoseEstimator

_log = logging.getLogger(__name__)

ESTIMATORS = ("blazepose", "blazepose-own", "yolox-blazepose", "yolox-movenet", "rtmpose")
_BOX_THRESHOLD = 0.4
_LOW_BOX_THRESHOLD = 0.1


def load_estimator(
    name: str | Path = "blazepose", *, threads: int | None = None, device: str = "auto", low_threshold: bool = False
) -> PoseEstimator:
    """Load a pose estimator by its name, or an RTMPose or HRNet style .onnx by its path.

    "blazepose" finds people with YOLOX where its file is at hand, else with its own detector; "blazepose-own" and
    "yolox-blazepose" insist on one of the two. The others need YOLOX; an .onnx given by its path looks at the whole
    frame where YOLOX is not at hand.

    Args:
        name: One of ESTIMATORS, or a file.
        threads: Cores that one call may use; None takes two where there are two.
        device: "auto", "cpu", "cuda" or "mps"; "auto" is the processor. BlazePose and MoveNet, which are .tflite files,
            compute on the processor whatever is asked for.
        low_threshold: Give doubtful people too, with low scores: for `track_single_person`; tracking would follow
            shadows.

    Raises:
        UserError: If there is no estimator of that name, the file is no pose model, or this machine lacks the device.
        FileNotFoundError: If a model file is missing and cannot be fetched.
    """
    name = str(name)
    if name not in ESTIMATORS and Path(name).suffix == "":
        known = ", ".join(ESTIMATORS)
        raise UserError(f"unknown pose estimator {name!r}; known: {known}, or the path of an .onnx")
    lookup.find(DEVICES, device, what="device")
    if device not in ("auto", "cpu") and name in ESTIMATORS and name != "rtmpose":
        _log.warning("pose estimator %s computes on the processor: its networks do not run on %s", name, device)
        device = "cpu"
    return _Parts(useful_threads(threads), device, low_threshold).estimator(name)


@dataclass(frozen=True)
class _Parts:
    """What estimators are put together from."""

    threads: int
    device: str
    low_threshold: bool

    @property
    def rules(self) -> PlausibilityRules:
        return LOW_THRESHOLD_RULES if self.low_threshold else PlausibilityRules()

    def estimator(self, name: str) -> PoseEstimator:
        if name == "blazepose":
            return self.blazepose(find_model("yolox-nano"))
        if name == "blazepose-own":
            return self.blazepose(None)
        if name not in ESTIMATORS:
            return self.rtmpose(Path(name), find_model("yolox-nano"))
        yolox = fetch_model("yolox-nano")
        if name == "yolox-blazepose":
            return self.blazepose(yolox)
        if name == "yolox-movenet":
            detector, path = self.yolox(yolox), fetch_model("movenet-lightning")
            return MoveNet(path, detector=detector, threads=self.threads, rules=self.rules)
        return self.rtmpose(fetch_model("rtmpose-m"), yolox)

    def yolox(self, path: Path) -> YoloxDetector:
        min_score = _LOW_BOX_THRESHOLD if self.low_threshold else _BOX_THRESHOLD
        return YoloxDetector(path, threads=self.threads, device=self.device, min_score=min_score)

    def blazepose(self, yolox: Path | None) -> BlazePose:
        detector = self.yolox(yolox) if yolox else None
        min_new_score = self.rules.min_score if self.low_threshold else None
        return BlazePose(detector=detector, threads=self.threads, rules=self.rules, min_new_score=min_new_score)

    def rtmpose(self, path: Path, yolox: Path | None) -> RtmPose:
        detector = self.yolox(yolox) if yolox else None
        return RtmPose(path, detector=detector, threads=self.threads, device=self.device, rules=self.rules)
