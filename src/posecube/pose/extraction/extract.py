"""Folders of videos to a skeleton store; may be killed and started again at any time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from posecube.errors import UserError
from posecube.pose.extraction.report import ExtractReport
from posecube.pose.extraction.sequence_from_video import chosen_enhancement, people_choice
from posecube.pose.extraction.target import ExtractTarget, check_writable
from posecube.pose.extraction.video_list import ListedVideo, list_videos
from posecube.pose.extraction.workers import EstimatorMaker, EstimatorSource, Job, run_jobs
from posecube.pose.tracking.given_boxes import read_boxes
from posecube.progress import Progress, silent
from posecube.video.enhance import Enhancement


def extract(
    paths: Sequence[str | Path],
    *,
    store: str | Path,
    pose: str | Path | EstimatorMaker = "blazepose",
    device: str = "auto",
    labels: str | Path | None = "folders",
    workers: int = 1,
    gamma: float | None = None,
    enhancement: Enhancement | None = None,
    people: str = "tracked",
    boxes: str | Path | None = None,
    classes: str | Path | None = None,
    max_people: int | None = None,
    progress: Progress = silent,
) -> ExtractReport:
    """Find the people in videos and write their skeletons, as COCO's 17 joints, into a store.

    A video is either whole in the store or not in it. The same command continues after a kill or a crash, and adds
    what is new; a report lies beside the store. With several workers a script needs the usual
    `if __name__ == "__main__"`, since each is a process of its own.

    Args:
        paths: Videos and folders of videos; each folder becomes a split of its name.
        store: Folder of the store, made if it is not there.
        pose: Name of an estimator, a model file, or a function that makes one (for workers it must be importable).
        device: What the estimator computes on, see `load_estimator`.
        labels: "folders", "ntu", a list file, or None for no labels; see `list_videos`.
        workers: Processes; each uses one core.
        gamma: Brighten the frames first.
        enhancement: Brighten them in another way.
        people: "tracked" keeps everybody whom tracking confirms, "single" one person a video, the likeliest path
            through every frame's guesses, however doubtful; see `sequence_from_video`.
        boxes: Given boxes: a file of boxes by frame for one video, or a folder that has one of the video's name
            for each video.
        classes: Names of numbered labels, or of NTU's actions.
        max_people: Keep only so many people of a video, those in view longest.
        progress: Told the number of videos that are done.

    Raises:
        FileNotFoundError: If an input is not there.
        UserError: If there is no video, labels cannot be read, the store is of another kind, or in the end no video
            gave a clip.
    """
    start_s = time.perf_counter()
    if workers < 1:
        raise UserError(f"the number of workers must be at least 1, got {workers}")
    if max_people is not None and max_people < 1:
        raise UserError(f"max_people must be at least 1, got {max_people}")
    enhancement = chosen_enhancement(gamma, enhancement)
    choice = people_choice(people, has_boxes=boxes is not None)
    check_writable(Path(store))
    listed = list_videos(paths, labels=labels, classes=classes)
    box_files = _box_files(listed.videos, None if boxes is None else Path(boxes))
    source = EstimatorSource(pose, device, low_threshold=choice == "single")
    source.load()  # an unknown name, a missing model: found here, and fetched once, before any worker starts
    target = ExtractTarget(Path(store), listed, pose=source.name, enhancement=enhancement, people=choice)
    jobs = [
        Job(video.path, video.name, target.label(video), enhancement, choice, box_files.get(video.name), max_people)
        for video in target.todo()
    ]
    try:
        results = run_jobs(jobs, source, workers=min(workers, max(len(jobs), 1)))
        for done, result in enumerate(results, start=1):
            target.add(result)
            progress("extracting", done, len(jobs))
    finally:  # an interrupted run keeps what is done
        target.finish(seconds=time.perf_counter() - start_s)
    target.check_not_empty()
    return target.report


def _box_files(videos: Sequence[ListedVideo], boxes: Path | None) -> dict[str, Path]:
    """The file of boxes of each video, by the video's name.

    Raises:
        FileNotFoundError: If a file is not there.
        UserError: If one file is to serve several videos, or it cannot be read.
    """
    if boxes is None:
        return {}
    if not boxes.is_dir():
        read_boxes(boxes)
        if len(videos) > 1:
            raise UserError(f"{boxes}: one file of boxes serves one video, got {len(videos)}; give a folder of files")
        return {videos[0].name: boxes}
    files = {}
    for video in videos:
        inside = Path(video.name).with_suffix("")
        candidates = [
            (boxes / stem).with_name(stem.name + suffix)
            for stem in (Path(*inside.parts[1:]) if len(inside.parts) > 1 else inside, Path(inside.name))
            for suffix in (".csv", ".json")
        ]
        found = next((path for path in candidates if path.is_file()), None)
        if found is None:
            raise FileNotFoundError(f"{candidates[0]}: no such file; every video needs its boxes, as .csv or .json")
        files[video.name] = found
    return files
