"""One tracked person: what was last seen of them, how they move, their appearance, and how confident to be of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.similarity import appearance_distance, body_size_px, torso_up_xy
from posecube.pose.types import FramePoses, PoseEstimator, Region

# No person is faster than this many torsos a second: a sprinter does about 18, the torso being half a metre.
_FASTEST_TORSOS_PER_S = 20.0
_VELOCITY_MEMORY_S = 0.1
# How long somebody out of sight is taken to walk on as before; later they may as well have stopped.
_COASTING_S = 0.6
_APPEARANCE_MEMORY = 0.9
_SEEN_MEMORY_S = 1.0


@dataclass(frozen=True)
class TrackerSettings:
    """Every threshold of the tracker; times in seconds, distances in torso lengths.

    Attributes:
        detect_every: Frames between two searches of the whole frame while all is well, at most.
        detect_every_s: The same in seconds, for videos of few frames a second; the shorter of the two counts.
        thorough_every_s: Seconds between two thorough searches, which find small people too, while all is well.
        check_every: Frames between two searches while somebody new is not yet confirmed.
        confirm_detections: Searches that must have found somebody before they count as a person.
        confirm_after_s: Time for which they must have been followed, too.
        max_delay_s: Frames wait for such a decision no longer than this.
        retry_s: For how long after a loss the place where somebody should be stays a region of interest in every frame.
        lost_limit_s: After this time out of sight a person who is found again is a new one.
        same_appearance_limit_s: Unless they look the same: then this is the limit.
        gating_distance: How far the joints may be from where they were expected.
        gating_distance_per_s: How much further for every second out of sight.
        same_body: Two skeletons whose joints are closer than this on average lie on one body.
        max_appearance_distance: Somebody who was lost is not taken for one whose appearance differs more than this.
        growth_limit: A person grows or shrinks by no more than this factor from one sight to the next.
        min_score: A skeleton with a score below this is not taken for a person's.
        confident_score: Somebody new, and somebody who was lost for a while, is believed only with such a score.
        mean_score: A track whose score stays below this for a second or so is no person's.
        same_appearance: Appearances that differ less than this are the same.
        min_tentative_fraction: Somebody new is confirmed only if seen in this fraction of their frames.
        min_seen_fraction: A track that is plausible in less than this fraction of its frames is no person's.
    """

    detect_every: int = 15
    detect_every_s: float = 0.5
    thorough_every_s: float = 2.0
    check_every: int = 3
    confirm_detections: int = 3
    confirm_after_s: float = 0.3
    max_delay_s: float = 1.0
    retry_s: float = 0.3
    lost_limit_s: float = 2.0
    same_appearance_limit_s: float = 4.0
    gating_distance: float = 1.0
    gating_distance_per_s: float = 3.0
    same_body: float = 0.35
    max_appearance_distance: float = 0.85
    growth_limit: float = 1.8
    min_score: float = 0.1
    confident_score: float = 0.4
    mean_score: float = 0.3
    same_appearance: float = 0.5
    min_tentative_fraction: float = 0.7
    min_seen_fraction: float = 0.5

    def __post_init__(self) -> None:
        if min(self.detect_every, self.check_every, self.confirm_detections) < 1:
            raise UserError("detect_every, check_every and confirm_detections must be at least 1")


@dataclass(frozen=True, eq=False)
class Body:
    """A skeleton found in one frame, not yet given to anybody.

    Attributes:
        size_px: Length of the torso.
        next_region: Region of interest in the next frame if the person does not move.
        is_confident: Whether the score is that of somebody well seen.
        up_xy: Direction from hips to shoulders; None where the torso was not seen whole.
        appearance: Histogram of the torso's colours, if it was asked for and seen.
    """

    keypoints_xy: Float32[ndarray, "V 2"]
    confidence: Float32[ndarray, " V"]
    box_xyxy: Float32[ndarray, " 4"]
    score: float
    size_px: float
    next_region: Region
    is_confident: bool = True
    up_xy: Float[ndarray, " 2"] | None = None
    appearance: Float32[ndarray, " B"] | None = None

    @staticmethod
    def from_poses(poses: FramePoses, row: int, estimator: PoseEstimator, settings: TrackerSettings) -> Body:
        """Take one person out of a frame's poses."""
        keypoints_xy, confidence = poses.keypoints_xy[row], poses.confidence[row]
        region = poses.next_regions[row] if poses.next_regions else estimator.region_of(keypoints_xy, confidence)
        size_px = body_size_px(keypoints_xy, confidence, estimator.layout)
        up_xy = torso_up_xy(keypoints_xy, confidence, estimator.layout)
        score = float(poses.score[row])
        is_confident = score >= settings.confident_score
        return Body(keypoints_xy, confidence, poses.boxes_xyxy[row], score, size_px, region, is_confident, up_xy)

    def with_appearance(self, appearance: Float32[ndarray, " B"] | None) -> Body:
        """The same body with its appearance."""
        return replace(self, appearance=appearance)


@dataclass(eq=False)
class Identity:
    """The id of one person, given when they first come out; tracks of the same person share it."""

    number: int | None = None


class Track:
    """Somebody who is followed from frame to frame; changes as they are seen or missed.

    A track is tentative until it is confirmed: only then is it a person, and only people get an id.
    """

    def __init__(self, body: Body, *, frame_index: int, time_s: float) -> None:
        self.body = self.first_body = body
        self.identity = Identity()
        self.is_confirmed = False
        self.is_shown = True  # others than those asked for are followed all the same: their ids cannot switch then
        self.is_dropped = False
        self.is_missing = False
        self.is_given = False  # whom the user pointed at is waited for however long they are away
        self.first_frame, self.first_s = frame_index, time_s
        self.seen_frame, self.seen_s = frame_index, time_s
        self.contact_s = -math.inf
        self.appearance = body.appearance
        self.num_seen = 1
        self.num_found = 1
        self.num_searches = 1
        self.seen_fraction = 1.0
        self.mean_score = body.score
        self._velocity_xy = np.zeros(2)
        self._confident_body = body

    def __repr__(self) -> str:
        return f"Track(id={self.identity.number}, seen {self.num_seen} times, score={self.mean_score:.2f})"

    def continue_as(self, former: Track) -> None:
        """Go on as the same person as another track, which ended before this one began."""
        self.identity, self.is_shown, self.is_given = former.identity, former.is_shown, former.is_given
        self.is_confirmed, former.is_dropped = True, True
        if self.appearance is None:
            self.appearance = former.appearance

    def lost_for_s(self, time_s: float) -> float:
        """Seconds since this person was last seen."""
        return time_s - self.seen_s

    def coasted_xy(self, time_s: float) -> tuple[float, float]:
        """How far they should have moved since they were last seen, going on as before and coming to rest."""
        coasted_s = _COASTING_S * (1 - math.exp(-self.lost_for_s(time_s) / _COASTING_S))
        return float(self._velocity_xy[0] * coasted_s), float(self._velocity_xy[1] * coasted_s)

    def expected_xy(self, time_s: float) -> Float32[ndarray, "V 2"]:
        """Where the joints should be by now."""
        return self.body.keypoints_xy + np.array(self.coasted_xy(time_s), np.float32)

    def expected_box(self, time_s: float) -> Float32[ndarray, " 4"]:
        """Where the box should be by now."""
        return self.body.box_xyxy + np.array(2 * self.coasted_xy(time_s), np.float32)

    @property
    def size_px(self) -> float:
        """Length of the torso when it was last well seen."""
        return self._confident_body.size_px

    def region(self, time_s: float) -> Region:
        """Region of interest at this time.

        Of somebody half seen an estimator proposes a region around that half, then around half of it: while the track
        is not confident the region stays as large as it was when it was.
        """
        region, (moved_x, moved_y) = self.body.next_region, self.coasted_xy(time_s)
        size_wh = region.size_wh
        if self.is_missing or not self.body.is_confident:
            confident_wh = self._confident_body.next_region.size_wh
            size_wh = (max(size_wh[0], confident_wh[0]), max(size_wh[1], confident_wh[1]))
        return replace(
            region, center_xy=(region.center_xy[0] + moved_x, region.center_xy[1] + moved_y), size_wh=size_wh
        )

    def see(self, body: Body, *, frame_index: int, time_s: float, interval_s: float) -> None:
        """Continue with a body of this frame, which is so long after the frame before."""
        self._follow_motion(body, max(self.lost_for_s(time_s), 1e-3))
        self.body, self.seen_frame, self.seen_s = body, frame_index, time_s
        self.num_seen += 1
        if body.is_confident:
            self._confident_body = body
        remembered = math.exp(-interval_s / _SEEN_MEMORY_S)
        self.seen_fraction = 1 - (1 - self.seen_fraction) * remembered
        self.mean_score = body.score + (self.mean_score - body.score) * min(remembered, 1 - 1 / self.num_seen)
        if body.appearance is not None and body.is_confident:
            self._remember_appearance(body.appearance, time_s)

    def miss(self, interval_s: float) -> None:
        """Looked for in this frame and not found."""
        self.seen_fraction *= math.exp(-interval_s / _SEEN_MEMORY_S)

    def appearance_distance(self, body: Body) -> float | None:
        """How differently a body looks, None where either appearance is unknown."""
        if self.appearance is None or body.appearance is None:
            return None
        return appearance_distance(self.appearance, body.appearance)

    def _follow_motion(self, body: Body, elapsed_s: float) -> None:
        weight = np.sqrt(self.body.confidence * body.confidence)
        if weight.sum() <= 0:
            return
        moved = np.where(weight[:, None] > 0, body.keypoints_xy - self.body.keypoints_xy, 0)
        velocity_xy = (moved * weight[:, None]).sum(axis=0) / weight.sum() / elapsed_s
        speed, fastest = float(np.hypot(*velocity_xy)), _FASTEST_TORSOS_PER_S * body.size_px
        velocity_xy = velocity_xy * min(1.0, fastest / max(speed, 1e-9))
        weight_of_new = 1 - math.exp(-elapsed_s / _VELOCITY_MEMORY_S)
        self._velocity_xy = (1 - weight_of_new) * self._velocity_xy + weight_of_new * velocity_xy

    def _remember_appearance(self, appearance: Float32[ndarray, " B"], time_s: float) -> None:
        if self.appearance is None:
            self.appearance = appearance
        elif time_s > self.contact_s:  # while two people touch, their torsos hide each other
            self.appearance = _APPEARANCE_MEMORY * self.appearance + (1 - _APPEARANCE_MEMORY) * appearance
