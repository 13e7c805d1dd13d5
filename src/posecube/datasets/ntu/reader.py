"""NTU RGB+D and NTU RGB+D 120: 56,880 and 114,480 clips of 60 and 120 actions by one or two people, from Kinect v2.

Source: Shahroudy et al., "NTU RGB+D: A Large Scale Dataset for 3D Human Activity Analysis", CVPR 2016; Liu et al., "NTU
RGB+D 120: A Large-Scale Benchmark for 3D Human Activity Understanding", TPAMI 2019. A text file a clip, see
``ntu_recording``; clips of a pickle are read by ``pyskl``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.datasets.archives import FileStream
from posecube.datasets.contents import DatasetContents
from posecube.datasets.ntu.protocol import (
    SPLITS,
    ClipName,
    choose_dataset,
    find_class_file,
    read_classes,
    read_missing,
)
from posecube.datasets.ntu.recording import NUM_JOINTS, Recording, parse_recording
from posecube.datasets.ntu.tracks import BodyTrack, motion, people_of, tracks_of
from posecube.errors import UserError
from posecube.parallel import CLIPS_TOGETHER, map_in_processes
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import NTU25

FRAME_HW = (1080, 1920)  # of the colour camera
_SUFFIX = ".skeleton"


def read_ntu(
    source: Path,
    *,
    axes: int = 3,
    dataset: str = "auto",
    missing: str | Path | None = None,
    denoise: bool = True,
    max_people: int = 2,
    inferred_confidence: float = 0.5,
    fps: int = 30,
    workers: int = 1,
) -> DatasetContents:
    """Read the clips; splits are ``xsub_train``, ``xsub_val`` and, of 60 classes ``xview_*``, of 120 ``xset_*``.

    Clips of other actions that bear NTU's names, as the studio's do, have the names of their classes in a file
    ``classes.txt`` in the source's folder or the one above, one a line in the order of the actions' numbers.

    A joint's confidence is 1 where it is tracked, ``inferred_confidence`` where it is inferred, and 0 where it is not
    tracked or a coordinate is not finite. The frames before the first person and after the last are left out. Files
    that are damaged, or have no bodies, are skipped and counted.

    Args:
        source: A folder of ``.skeleton`` files, nested or not, or the zip or tar files as they were downloaded, or a
            folder of these; or one ``.skeleton`` file.
        axes: 3 gives metres of Kinect's camera space as the files have it: x to the sensor's LEFT, y up, z away (as in
            the N-UCLA reader: x / z, -y / z is the picture's mirror image). 2 gives pixels of the colour videos, which
            Kinect delivers mirrored: what is called left is the person's left, and lies left in the picture of one who
            faces the camera. (The studio's pictures are not mirrored.)
        dataset: ``ntu60`` or ``ntu120``: classes, splits, and which clips are read. ``auto`` decides for ntu120 where
            there is a clip of its second half.
        missing: The authors' list of clips with missing or incomplete skeletons; they are skipped.
        denoise: Choose the people among the bodies, see ``ntu_tracks``. Otherwise the bodies that move most are taken,
            each as one person.
        max_people: The most people of a clip.
        inferred_confidence: Confidence of a joint that Kinect inferred.
        fps: Frames a second; the files do not say. Kinect's are 30.
        workers: Processes that parse files.

    Raises:
        FileNotFoundError: If a file does not exist.
        UserError: If the source has no such files, or a name stands twice, or the only file is damaged, or
            ``classes.txt`` does not fit the clips.
    """
    if axes not in (2, 3):
        raise UserError(f"axes must be 2 or 3, got {axes}")
    if min(max_people, fps) < 1 or not 0 <= inferred_confidence <= 1:
        raise UserError(
            "max_people must be 1 or more, fps too, and inferred_confidence in [0, 1], "
            f"got {max_people}, {fps} and {inferred_confidence}"
        )
    stream = FileStream(source, _SUFFIX)
    clips, skipped = _clip_names(stream.names)
    chosen = choose_dataset(dataset, clips)
    if chosen == "ntu60":
        clips = {name: clip for name, clip in clips.items() if clip.is_of_ntu60}
    class_file = find_class_file(source)
    classes = read_classes(class_file, clips, chosen)
    if missing is not None:
        listed = read_missing(missing)
        skipped |= dict.fromkeys(sorted(listed & set(clips)), "the list of missing skeletons names it")
    splits: dict[str, list[str]] = {split: [] for split in SPLITS[chosen]}
    make = partial(
        read_clip, axes=axes, denoise=denoise, max_people=max_people, inferred_confidence=inferred_confidence, fps=fps
    )

    def sequences() -> Iterator[SkeletonSequence]:
        wanted = (file for file in stream.read() if (name := _stem(file[0])) in clips and name not in skipped)
        for name, made in map_in_processes(make, wanted, workers=workers, chunk=CLIPS_TOGETHER):
            if isinstance(made, str):
                if len(stream.names) == 1:
                    raise UserError(f"{source if source.is_file() else source / stream.names[0]}: {made}")
                skipped[name] = made
                continue
            for split in clips[name].splits(chosen):
                splits[split].append(name)
            yield made

    return DatasetContents(
        layout=NTU25,
        classes=classes,
        sequences=sequences(),
        splits=splits,
        skipped=skipped,
        remarks=Counter({f"classes named by {class_file}": len(classes)} if class_file else {}),
        num_clips=len(clips) + len(set(skipped) - set(clips)),
    )


def _stem(path: str) -> str:
    return PurePosixPath(path).name.removesuffix(_SUFFIX)


def _clip_names(paths: Iterable[str]) -> tuple[dict[str, ClipName], dict[str, str]]:
    """What the files' names say, and why some say nothing."""
    clips: dict[str, ClipName] = {}
    skipped: dict[str, str] = {}
    for path in paths:
        name = _stem(path)
        if name in clips:
            raise UserError(f"clip {name} is there twice, the second time as {path}: give one of the folders")
        try:
            clips[name] = ClipName.parse(name)
        except ValueError as error:
            skipped[name] = str(error)
    if not clips:
        raise UserError(f"no file has a name like S001C002P003R002A013.skeleton, the first is {next(iter(skipped))}")
    return clips, skipped


def read_clip(
    file: tuple[str, bytes], *, axes: int, denoise: bool, max_people: int, inferred_confidence: float, fps: int
) -> tuple[str, SkeletonSequence | str]:
    """A clip's name, and the clip or the reason why there is none; the arguments are those of ``read_ntu``."""
    path, content = file
    name = _stem(path)
    try:
        recording = parse_recording(content)
    except ValueError as error:
        return name, str(error)
    tracks = tracks_of(recording)
    if denoise:
        people = people_of(tracks, num_people=max_people)
    else:
        people = [[track] for track in sorted(tracks, key=motion, reverse=True)[:max_people]]
    if not people:
        return name, "it has no bodies"
    coordinates = recording.joints_m if axes == 3 else recording.colour_xy
    keypoints, confidence = _assembled(recording, people, coordinates, inferred_confidence)
    seen = np.flatnonzero(confidence.any(axis=(0, 2)))
    if not len(seen):
        return name, "none of its joints is tracked"
    shown = slice(seen[0], seen[-1] + 1)
    sequence = SkeletonSequence(
        keypoints=keypoints[:, shown],
        confidence=confidence[:, shown],
        layout=NTU25,
        size_hw=(0, 0) if axes == 3 else FRAME_HW,
        fps=Fraction(fps),
        label=ClipName.parse(name).action - 1,
        name=name,
    )
    return name, sequence


def _assembled(
    recording: Recording, people: list[list[BodyTrack]], coordinates: ndarray, inferred_confidence: float
) -> tuple[Float32[ndarray, "M T 25 C"], Float32[ndarray, "M T 25"]]:
    shape = (len(people), recording.num_frames, NUM_JOINTS)
    keypoints = np.zeros((*shape, coordinates.shape[-1]), dtype=np.float32)
    confidence = np.zeros(shape, dtype=np.float32)
    with np.errstate(over="ignore"):  # what is too large becomes infinite, which is a missing joint
        coordinates = coordinates.astype(np.float32)
    is_finite = np.isfinite(coordinates).all(axis=-1)
    certainty = np.select([recording.tracking == 2, recording.tracking == 1], [1.0, inferred_confidence], 0.0)
    for person, tracks in enumerate(people):
        for track in tracks:
            keypoints[person, track.frames] = np.where(is_finite[track.rows, :, None], coordinates[track.rows], 0)
            confidence[person, track.frames] = certainty[track.rows] * is_finite[track.rows]
    return keypoints, confidence
