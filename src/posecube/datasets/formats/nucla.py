"""Northwestern-UCLA Multiview Action 3D: 1,484 clips of 10 actions, one person, 20 Kinect joints in metres, 3 views.

Source: Wang et al., "Cross-view Action Modeling, Learning and Recognition", CVPR 2014; here the JSON files in which the
graph network papers share it, ``a01_s02_e03_v01.json``: action, subject, take, view.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np

from posecube.datasets.archives import read_files
from posecube.datasets.contents import DatasetContents
from posecube.errors import UserError
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import KINECT20

# By the action number of the file name; 7 and 10 are not used.
_CLASS_OF_ACTION = {
    1: "pick_up_with_one_hand", 2: "pick_up_with_two_hands", 3: "drop_trash", 4: "walk_around", 5: "sit_down",
    6: "stand_up", 8: "donning", 9: "doffing", 11: "throw", 12: "carry",
}  # fmt: skip
CLASSES = tuple(_CLASS_OF_ACTION.values())
_NAME = re.compile(r"a(\d\d)_s\d\d_e\d\d_v0([123])")


def read_nucla(source: Path) -> DatasetContents:
    """Read the clips in metres of Kinect's camera space; confidence is 1 where a joint is given.

    There x points to the sensor's LEFT, y up and z away from it (measured: feet point forwards only so), so that what
    the camera saw is (-x / z, -y / z); (x / z, -y / z) is its mirror image, with left and right joints exchanged.

    Splits are cross-view: ``xview_train`` has views 1 and 2, ``xview_val`` view 3. Turning them into 2D is sampling's
    business: a network may want another view each time.

    Args:
        source: The data set's folder, or a tar or zip of it.

    Raises:
        FileNotFoundError: If the source does not exist.
        UserError: If it holds no clips or one of them is not as expected.
    """
    splits: dict[str, list[str]] = {"xview_train": [], "xview_val": []}

    def sequences() -> Iterator[SkeletonSequence]:
        for path, content in read_files(source, "a[0-9]*_s*_e*_v*.json"):
            sequence, view = _sequence(path, content)
            yield sequence
            splits["xview_val" if view == 3 else "xview_train"].append(sequence.name)

    return DatasetContents(layout=KINECT20, classes=CLASSES, sequences=sequences(), splits=splits)


def _sequence(path: PurePosixPath, content: bytes) -> tuple[SkeletonSequence, int]:
    named = _NAME.fullmatch(path.stem)
    if not named or int(named[1]) not in _CLASS_OF_ACTION:
        raise UserError(f"{path}: expected a name like a01_s02_e03_v01.json with an action of {list(_CLASS_OF_ACTION)}")
    try:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, which is a missing joint
            joints_m = np.asarray(json.loads(content)["skeletons"], dtype=np.float32)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"{path} is no N-UCLA clip: {type(error).__name__} {error}") from None
    if joints_m.ndim != 3 or joints_m.shape[1:] != (20, 3) or not len(joints_m):
        raise UserError(f"{path}: skeletons must be (T, 20, 3), got {joints_m.shape}")
    # Nothing lies inside the camera: a joint at its very centre was not tracked.
    is_tracked = np.isfinite(joints_m).all(axis=-1) & (joints_m != 0).any(axis=-1)
    sequence = SkeletonSequence(
        keypoints=joints_m[None],
        confidence=is_tracked[None].astype(np.float32),
        layout=KINECT20,
        size_hw=(0, 0),
        label=CLASSES.index(_CLASS_OF_ACTION[int(named[1])]),
        name=path.stem,
    )
    return sequence, int(named[2])
