"""Whether people keep their ids in crowds: our tracker against ByteTrack and norfair on the same detections."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from crowds import Crowd, render_crowds
from identities import Counts, count
from other_trackers import trackers
from posecube.pose.estimators.loading import load_estimator
from posecube.pose.estimators.plausibility import distinct_people
from posecube.pose.tracking.people import track_people
from posecube.pose.types import FramePoses, PoseEstimator, Region, TrackedPose
from posecube.video.frame import Frame
from timing import arguments, show

_QUICK_ACTIONS, _QUICK_FRAMES = ("walk", "run"), 32
METHOD = (
    "Ids of the default pose estimator's people on clips of the studio in its crowded conditions (256 x 456, 15 frames "
    "a second, two pieces of furniture in the way, four bystanders who stand, walk and wave), whose ids and joints are "
    "known exactly. IDF1 and MOTA in percent, id switches and ids a person in sight; a skeleton is a person's if their "
    "joints are within half a torso on average. The others get the skeletons of all regions in which our tracker "
    "looked, one a body. ms: of our tracker with the estimator, a frame. --full: 24 clips."
)


class Recorder:
    """A pose estimator that keeps what it answered, so that another tracker can be given the same."""

    def __init__(self, estimator: PoseEstimator) -> None:
        self.name, self.layout = estimator.name, estimator.layout
        self._estimator = estimator
        self.answers: list[FramePoses] = []

    def find_people(self, image_rgb: UInt8[ndarray, "H W 3"], *, thorough: bool = True) -> list[Region]:
        return self._estimator.find_people(image_rgb, thorough=thorough)

    def estimate(self, image_rgb: UInt8[ndarray, "H W 3"], regions: Sequence[Region]) -> FramePoses:
        poses = self._estimator.estimate(image_rgb, regions)
        self.answers.append(poses)
        return poses

    def region_of(self, keypoints_xy: Float[ndarray, "V 2"], confidence: Float[ndarray, " V"]) -> Region:
        return self._estimator.region_of(keypoints_xy, confidence)

    def region_of_box(self, box_xyxy: Sequence[float]) -> Region:
        return self._estimator.region_of_box(box_xyxy)

    def detections(self, min_score: float = 0.1) -> FramePoses:
        """What was answered since the last call: one skeleton a body."""
        nothing = FramePoses(
            np.zeros((0, 17, 2), np.float32), np.zeros((0, 17), np.float32), np.zeros((0, 4), np.float32),
            np.zeros(0, np.float32),
        )  # fmt: skip
        poses = FramePoses.joined(self.answers) if self.answers else nothing
        self.answers = []
        poses = poses.select(poses.score >= min_score)
        return poses.select(distinct_people(poses, self.layout))


def track_crowd(crowd: Crowd, estimator: PoseEstimator) -> tuple[list[list[TrackedPose]], list[FramePoses], float]:
    """Our tracker's answer, the detections it had, and the seconds it took."""
    recorder, detections = Recorder(estimator), []

    def frames() -> Iterator[Frame]:
        for frame in crowd.frames():
            yield frame
            detections.append(recorder.detections())

    start = time.process_time()
    answers = [people for _, people in track_people(frames(), recorder)]
    return answers, detections, time.process_time() - start


def measure(crowds: Iterable[Crowd] | None = None) -> dict[str, float]:
    """Figures of each tracker over all clips; a few short ones if none are given."""
    estimator = load_estimator(threads=1)
    if crowds is None:
        crowds = render_crowds(_QUICK_ACTIONS, seeds=(0,), num_frames=_QUICK_FRAMES)
    totals: dict[str, Counts] = {}
    seconds, num_frames = 0.0, 0
    for crowd in crowds:
        ours, detections, spent_s = track_crowd(crowd, estimator)
        seconds, num_frames = seconds + spent_s, num_frames + len(ours)
        answers = {"posecube": ours} | {name: track(detections, crowd.fps) for name, track in trackers().items()}
        for name, people in answers.items():
            totals[name] = totals.get(name, Counts()) + count(people, crowd.keypoints_xy, crowd.is_seen)
    figures: dict[str, float] = {}
    for name, counts in totals.items():
        figures |= {
            f"{name}_idf1": counts.idf1, f"{name}_mota": counts.mota, f"{name}_switches": counts.switches,
            f"{name}_ids_a_person": counts.ids / max(counts.people, 1),
        }  # fmt: skip
    return figures | {"posecube_ms": 1e3 * seconds / max(num_frames, 1)}


def main() -> None:
    """A few short clips, or all."""
    parser = arguments(METHOD)
    parser.add_argument("--full", action="store_true", help="8 actions, 3 performances of each")
    options = parser.parse_args()
    show(measure(render_crowds(seeds=(0, 1, 2)) if options.full else None), METHOD, options.json)


if __name__ == "__main__":
    main()
