"""Repetitions that the counter finds in real videos against those counted by eye, by action."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posecube.errors import UserError
from posecube.pose import load_estimator
from posecube.pose.tracking.people import track_people
from posecube.pose.types import PoseEstimator, TrackedPose
from posecube.recognition.counting import count_repetitions, find_cyclic
from posecube.video.reader import Video
from timing import arguments, show

COUNTS = Path(__file__).with_name("real_video_counts.tsv")
METHOD = (
    "Repetitions counted in the videos of a folder against real_video_counts.tsv, which was counted by eye before any "
    "counter had run. People are found and followed by an estimator; the person counted is the one who is seen longest "
    "and largest. The action's name is given where the counter knows it. ACTION_error: mean difference of the counts, "
    "signs left out; clips_error: of all clips; within_one_percent: clips that are at most one repetition or 10 % off; "
    "repetitions_error_percent: all differences against all repetitions."
)


@dataclass(frozen=True)
class Counted:
    """One clip: what eyes and the counter found; 0 where the counter names none."""

    name: str
    action: str
    by_eye: int
    by_counter: int

    @property
    def error(self) -> int:
        return abs(self.by_counter - self.by_eye)


def measure(folder: Path, counts: Path = COUNTS, *, pose: str = "blazepose") -> dict[str, float]:
    """Count every video of the list that lies in the folder, print them one a line, and give the figures."""
    estimator = load_estimator(pose)
    clips = []
    for name, action, by_eye in read_counts(counts):
        if (folder / name).is_file():
            clips.append(Counted(name, action, by_eye, count_video(folder / name, action, estimator)))
            print(f"{name:<26} {action:<16} by eye {by_eye:3d}  counted {clips[-1].by_counter:3d}", flush=True)
    if not clips:
        raise UserError(f"{folder} has none of the videos that {counts} lists")
    return figures(clips)


def read_counts(path: Path) -> list[tuple[str, str, int]]:
    """File, action and count of each row; lines that begin with # are comments."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return [(row["file"], row["action"], int(row["count"])) for row in rows]


def count_video(path: Path, action: str, estimator: PoseEstimator) -> int:
    """Repetitions of the main person."""
    tracks: dict[int, list[tuple[float, TrackedPose]]] = defaultdict(list)
    with Video.open(path) as video:
        for frame, people in track_people(video.frames(), estimator):
            for pose in people:
                tracks[pose.id].append((frame.time_s, pose))
    if not tracks:
        return 0
    times_s, poses = zip(*max(tracks.values(), key=_presence), strict=True)
    found = count_repetitions(
        np.stack([pose.keypoints_xy for pose in poses]),
        np.stack([pose.confidence for pose in poses]),
        np.array(times_s),
        layout=estimator.layout,
        label=action if find_cyclic(action) else None,
    )
    return found.count if found else 0


def figures(clips: Sequence[Counted]) -> dict[str, float]:
    """Errors by action and together."""
    by_action: dict[str, list[int]] = defaultdict(list)
    for clip in clips:
        by_action[clip.action].append(clip.error)
    near = [clip.error <= max(1, 0.1 * clip.by_eye) for clip in clips]
    return {
        **{f"{action}_error": float(np.mean(errors)) for action, errors in sorted(by_action.items())},
        "clips": len(clips),
        "clips_error": float(np.mean([clip.error for clip in clips])),
        "within_one_percent": 100 * float(np.mean(near)),
        "repetitions_error_percent": 100 * sum(clip.error for clip in clips) / sum(clip.by_eye for clip in clips),
    }


def _presence(track: Sequence[tuple[float, TrackedPose]]) -> float:
    """How long and how large somebody is seen: confident joints times the box's usual side."""
    confident = sum(float((pose.confidence > 0.3).mean()) for _, pose in track)
    sides = [float(np.ptp(pose.keypoints_xy, axis=0).mean()) for _, pose in track]
    return confident * float(np.median(sides))


if __name__ == "__main__":
    parser = arguments(METHOD)
    parser.add_argument("folder", type=Path, help="the videos")
    parser.add_argument("--counts", type=Path, default=COUNTS, help="counts by eye: file, action, count")
    parser.add_argument("--pose", default="blazepose", help="estimator")
    options = parser.parse_args()
    show(measure(options.folder, options.counts, pose=options.pose), METHOD, options.json)
