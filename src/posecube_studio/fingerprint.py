"""Digests that say whether two sets of clips have the same joints and depth, on whatever machines they were made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.progress import Progress, silent
from posecube_studio.clip_folder import read_settings
from posecube_studio.ntu_folder import ClipPaths
from posecube_studio.sets import SETS, Shot, StudioSet, find_set

# `posecube studio fingerprint SET` prints them; one changes when a motion, a body or a camera does.
EXPECTED_JOINTS = {
    "studio20": "a82589c8f852c26063e7c5b813b762ca40cc47a4d856a87921d6b92df7acbdab",
    "studio-mini": "78be571d56adb40f67c0d5bc5481f958ee73324a9feb7dc723e0d7a7c2c067c2",
}
EXPECTED_MINI_DEPTH = (
    "44b333ce45aeca92022dbe1312c8fd63be21ae8f399d740e2ef7b34ac4183825"  # of the first clip of studio-mini
)
_STEP_M = 0.0001  # coarse enough that the last bits of two machines' arithmetic do not count

LabelledJoints = tuple[str, str, Float32[ndarray, "M T V 3"]]


@dataclass(frozen=True)
class Fingerprint:
    """What a set of clips is.

    Attributes:
        joints: SHA-256 of names, labels and 3D joints.
        depth: SHA-256 of the depth pictures; None where there are none.
        expected_joints: What a standard set is known to have; None for other sets.
    """

    source: str
    num_clips: int
    joints: str
    depth: str | None = None
    expected_joints: str | None = None

    def __str__(self) -> str:
        lines = [f"{self.source}: {self.num_clips} clips", f"joints {self.joints}"]
        if self.expected_joints is not None:
            is_same = self.joints == self.expected_joints
            lines[1] += ", as expected" if is_same else f", expected {self.expected_joints}"
        return "\n".join([*lines, f"depth {self.depth}"] if self.depth else lines)


def fingerprint(source: str, *, progress: Progress = silent) -> Fingerprint:
    """The digests of a standard set, whose clips are planned and not rendered, or of a folder, as it lies on the disk.

    Args:
        source: Name of the set, or path of the folder.

    Raises:
        FileNotFoundError: If it is neither.
        UserError: If the folder is damaged, or some of its clips are still to be rendered.
    """
    folder = Path(source)
    if source in SETS or not folder.is_dir():
        studio_set = find_set(source)
        joints = planned_joints(studio_set, progress=progress)
        return Fingerprint(source, studio_set.num_clips, joints, None, EXPECTED_JOINTS[source])
    settings = read_settings(folder)
    studio_set = StudioSet.from_dict(settings)
    shots = _ordered(studio_set)
    missing = [shot.name for shot in shots if not ClipPaths.of(folder, shot.name).video.is_file()]
    if missing:
        raise UserError(
            f"{folder}: {len(missing)} of {len(shots)} clips are still to be rendered, the first is {missing[0]}"
        )
    joints = digest_of_joints(_truth(folder, shot.name) for shot in shots)
    depth = digest_of_depth(folder, [shot.name for shot in shots]) if settings["depth"] else None
    name = next((name for name, standard in SETS.items() if standard == studio_set), None)
    return Fingerprint(source, len(shots), joints, depth, EXPECTED_JOINTS[name] if name else None)


def planned_joints(studio_set: StudioSet, *, progress: Progress = silent) -> str:
    """The digest of a set's joints, nothing of which is rendered."""

    def planned() -> Iterator[LabelledJoints]:
        for done, shot in enumerate(_ordered(studio_set), start=1):
            yield shot.name, shot.action, shot.plan().keypoints_3d
            progress("planning", done, studio_set.num_clips)

    return digest_of_joints(planned())


def digest_of_joints(clips: Iterable[LabelledJoints]) -> str:
    """SHA-256 of each clip's name, label and joints, these in whole steps of 0.1 mm."""
    digest = hashlib.sha256()
    for name, label, joints_m in clips:
        steps = np.rint(joints_m.astype(np.float64) / _STEP_M).astype("<i4")
        digest.update(f"{name} {label} {steps.shape}\n".encode())
        digest.update(steps.tobytes())
    return digest.hexdigest()


def digest_of_depth(folder: Path, names: Iterable[str]) -> str:
    """SHA-256 of the pixels of all depth pictures of some clips."""
    digest = hashlib.sha256()
    for name in names:
        for path in sorted(ClipPaths.of(folder, name).depth.glob("*.png")):
            image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
            if image is None:
                raise UserError(f"{path} is damaged; remove the clip's video, and render it again")
            digest.update(f"{name} {image.shape}\n".encode())
            digest.update(image.astype("<u2").tobytes())
    return digest.hexdigest()


def _ordered(studio_set: StudioSet) -> list[Shot]:
    return sorted(studio_set.shots(), key=lambda shot: shot.name)


def _truth(folder: Path, name: str) -> LabelledJoints:
    path = ClipPaths.of(folder, name).truth
    try:
        with np.load(path, allow_pickle=False) as truth:
            return name, str(truth["label"]), truth["keypoints_3d"]
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise UserError(f"{path} is damaged ({error}); remove the clip's video, and render it again") from None
