"""Where an extraction writes: a store that grows from run to run, and the report beside it."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from posecube.errors import UserError
from posecube.pose.extraction.report import ExtractReport
from posecube.pose.extraction.video_list import ListedVideo, VideoList
from posecube.pose.extraction.workers import JobResult
from posecube.skeleton.layouts import COCO17
from posecube.store import SkeletonStore, StoreWriter
from posecube.video.enhance import Enhancement

_log = logging.getLogger(__name__)

# What a kill may cost: this long, or this fraction of the time so far, so that the number of files stays small.
_FLUSH_S = 20.0
_FLUSH_FRACTION = 0.02


class ExtractTarget:
    """Adds the results of videos to a store. Nothing is written before the first of them."""

    def __init__(
        self,
        path: Path,
        listed: VideoList,
        *,
        pose: str,
        enhancement: Enhancement | None = None,
        people: str = "tracked",
    ) -> None:
        """Look at what is there already.

        Raises:
            UserError: If the path holds something else than a store of COCO's joints, or one extracted otherwise.
            PermissionError: If the place may not be written into.
        """
        self._path = path
        self._listed = listed
        self._classes = listed.classes
        self._writer: StoreWriter | None = None
        self._names_before: frozenset[str] = frozenset()
        self._splits_before: dict[str, list[str]] = {}
        self._started_s = self._flushed_s = time.monotonic()
        check_writable(path)
        self.report = ExtractReport.begun(str(path), pose, enhancement=enhancement, choice=people)
        before = ExtractReport.load(path)
        if self._is_there():
            self._look_at_store()
        if before is not None:
            self._continue_report(before)
        elif self._names_before:
            _log.warning("%s has no report: how its %d clips were extracted is unknown", path, len(self._names_before))
        self.report.num_clips = len(self._names_before)

    def todo(self) -> list[ListedVideo]:
        """The videos that no earlier run has dealt with; those known to be missing go to the report."""
        done = self._names_before.union(self.report.no_detections)
        videos = [video for video in self._listed.videos if video.name not in done]
        self.report.num_done_before = len(self._listed.videos) - len(videos)
        self.report.failed = {video.name: video.missing for video in videos if video.missing}
        return [video for video in videos if not video.missing]

    def label(self, video: ListedVideo) -> int | None:
        """Index of a video's class in the store."""
        return None if video.class_name is None else self._classes.index(video.class_name)

    def add(self, result: JobResult) -> None:
        """Take the result of a video; now and then it all goes to disk."""
        sequence, name = result.sequence, result.job.name
        if result.error:
            self.report.failed[name] = result.error
        elif sequence is None:
            self.report.no_detections.append(name)
        else:
            self._open_writer().add(sequence)
            self.report.num_clips += 1
            self.report.num_new += 1
            self.report.num_frames += sequence.num_frames
            self.report.people[sequence.num_people] = self.report.people.get(sequence.num_people, 0) + 1
        now_s = time.monotonic()
        if now_s - self._flushed_s > max(_FLUSH_S, _FLUSH_FRACTION * (now_s - self._started_s)):
            self._flush()
            self._flushed_s = now_s

    def finish(self, *, seconds: float) -> None:
        """Write what is left, the splits and the report."""
        self.report.seconds = round(seconds, 2)
        if self.report.num_clips:
            writer = self._open_writer()
            for split in sorted({split for video in self._listed.videos for split in video.splits}):
                new = [video.name for video in self._listed.videos if split in video.splits and video.name in writer]
                writer.set_split(split, list(dict.fromkeys([*self._splits_before.get(split, []), *new])))
            writer.finish()
        self.report.save()

    def check_not_empty(self) -> None:
        """Refuse a store that holds no clip at all.

        Raises:
            UserError: If so.
        """
        if not self.report.num_clips:
            failed = self.report.failed
            first = f" (the first: {next(iter(failed.values()))})" if failed else ""
            raise UserError(
                f"no clip was extracted: no detections in {len(self.report.no_detections)} videos, {len(failed)} failed"
                f"{first}; see {self.report.path}"
            )

    def _is_there(self) -> bool:
        return self._path.exists() and (not self._path.is_dir() or any(self._path.iterdir()))

    def _look_at_store(self) -> None:
        writer = StoreWriter.append(self._path)
        if writer.layout != COCO17:
            raise UserError(
                f"store {self._path} has layout {writer.layout.name}, extracted skeletons have {COCO17.name}; "
                "give another path for the store"
            )
        known = set(writer.classes)
        self._classes = (*writer.classes, *(name for name in self._listed.classes if name not in known))
        if len(writer):
            store = SkeletonStore.open(self._path)
            names = store.names
            self._names_before = frozenset(names)
            self._splits_before = {split: [names[clip] for clip in clips] for split, clips in store.splits.items()}

    def _continue_report(self, before: ExtractReport) -> None:
        if not self._names_before and not before.no_detections:
            return
        was, now = (report.how for report in (before, self.report))
        if was != now:
            raise UserError(
                f"store {self._path} was extracted with {was}, now asked for is {now}; give another path for the store"
            )
        self.report.no_detections = list(before.no_detections)

    def _open_writer(self) -> StoreWriter:
        if self._writer is None:
            if self._is_there():
                self._writer = StoreWriter.append(self._path, classes=self._classes)
            else:
                self._writer = StoreWriter(self._path, layout=COCO17, classes=self._classes)
        return self._writer

    def _flush(self) -> None:
        if self._writer is not None:
            self._writer.flush()
        self.report.save()


def check_writable(path: Path) -> None:
    """Refuse a place that cannot be written into before any work is done."""
    folder = path
    while not folder.exists():
        folder = folder.parent
    if path.exists() and not path.is_dir():
        raise UserError(f"{path}: expected a folder for the store, got a file")
    if not folder.is_dir():
        raise UserError(f"{path}: the store cannot lie inside a file, {folder} is one")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"{path}: the folder {folder} may not be written into; give another path for the store")
