"""The studio's own clips: exact joints of the mannequin, as ``posecube studio render`` leaves them in ``truth``.

The same folder can be read as NTU RGB+D, by ``ntu``; this reader has COCO's joints, which pose estimators give as well,
and leaves out nothing.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from posecube.datasets.contents import DatasetContents
from posecube.datasets.ntu.protocol import SPLITS, ClipName, find_class_file, read_classes
from posecube.errors import UserError
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17, NTU25

_DAMAGE = (ValueError, KeyError, OSError, EOFError, TypeError, zipfile.BadZipFile, zlib.error)


def read_studio(source: Path, *, axes: int = 2) -> DatasetContents:
    """Read the clips; splits are NTU's ``xsub_*`` and ``xview_*``, classes those of ``classes.txt``.

    Args:
        source: The folder that was rendered, or its ``truth``.
        axes: 2 gives COCO-17 in pixels of the clip's own pictures, with confidence 1 where a joint is seen, 0.5 where
            something hides it and 0 outside of the picture. 3 gives NTU-25 in metres before the camera, all of
            confidence 1, with the axes that NTU's own files have: x to the sensor's left, y up, z away.

    Raises:
        FileNotFoundError: If there are no clips, or no file that names their classes.
        UserError: If a clip's name is none of NTU's, or ``axes`` is neither 2 nor 3.
    """
    if axes not in (2, 3):
        raise UserError(f"axes must be 2 or 3, got {axes}")
    folder = source / "truth" if (source / "truth").is_dir() else source
    paths = {path.stem: path for path in sorted(folder.glob("*.npz"))}
    if not paths:
        raise FileNotFoundError(
            f"{source} holds no clips of the studio: expected files like truth/S001C001P001R001A001.npz"
        )
    clips = {name: ClipName.parse(name) for name in paths}
    class_file = find_class_file(folder)
    if class_file is None:
        raise FileNotFoundError(f"{source} has no classes.txt: it comes with every folder that the studio renders")
    splits: dict[str, list[str]] = {split: [] for split in SPLITS["ntu60"]}
    skipped: dict[str, str] = {}

    def sequences() -> Iterator[SkeletonSequence]:
        for name, path in paths.items():
            try:
                made = _read_clip(path, clips[name], axes=axes)
            except _DAMAGE as error:
                skipped[name] = (
                    f"not a clip's truth ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
                )
                continue
            for split in clips[name].splits("ntu60"):
                splits[split].append(name)
            yield made

    return DatasetContents(
        layout=COCO17 if axes == 2 else NTU25,
        classes=read_classes(class_file, clips, "ntu60"),
        sequences=sequences(),
        splits=splits,
        skipped=skipped,
        num_clips=len(clips),
    )


def _read_clip(path: Path, clip: ClipName, *, axes: int) -> SkeletonSequence:
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        flat = axes == 2
        keypoints = file["keypoints_xy"] if flat else file["keypoints_3d"] * np.array([-1, 1, 1])
        height, width = (int(side) for side in file["size_hw"])
        return SkeletonSequence(
            keypoints=keypoints,
            confidence=file["confidence"] if flat else np.ones(keypoints.shape[:3], dtype=np.float32),
            layout=COCO17 if flat else NTU25,
            size_hw=(height, width) if flat else (0, 0),
            fps=Fraction(str(file["fps"])),
            label=clip.action - 1,
            name=path.stem,
        )
