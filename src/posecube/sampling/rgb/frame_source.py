"""VideoFrameSource: the videos that a store's clips were taken from, and their frames that stand beside joints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from posecube.errors import UserError
from posecube.sampling.frames import PublishedSampling, Rng
from posecube.sampling.records import Clip
from posecube.sampling.rgb.views import HasImage, RgbSpec, read_views, rgb_views, training_rgb_view
from posecube.skeleton.sequence import SkeletonSequence


class Videos(Protocol):
    """Finds videos by the names of clips; goes to worker processes."""

    def find(self, name: str) -> object:
        """Where the clip's video is; a FileNotFoundError where there is none."""
        ...

    def frames(self, name: str) -> Iterable[HasImage]:
        """The video's frames from its first on."""
        ...


@dataclass(frozen=True)
class VideoFrameSource:
    """Puts video frames into clips of joints: the same part of the same stretch of video.

    Attributes:
        spec: What a network sees of the videos.
    """

    videos: Videos
    spec: RgbSpec

    def check(self, names: Iterable[str]) -> None:
        """Refuse at once what would fail at its turn.

        Raises:
            FileNotFoundError: If a clip has no video.
        """
        for name in names:
            self.videos.find(name)

    def with_random_frames(self, clip: Clip, sequence: SkeletonSequence, rng: Rng) -> Clip:
        """A training clip with frames drawn at random from the stretch that its joints were drawn from.

        Raises:
            UserError: If the video is shorter than its joints, or these are in space.
        """
        view = training_rgb_view(clip.window, self.spec, rng)
        frames = read_views(self._frames(sequence), [view], name=f"clip {sequence.name!r}")
        return replace(clip, frames_rgb=frames[0])

    def with_frames(
        self,
        clips: Sequence[Clip],
        sequence: SkeletonSequence,
        *,
        flips: bool = False,
        published_sampling: PublishedSampling = "mmaction2",
    ) -> list[Clip]:
        """All test views of a sequence with their frames, for which its video is read once.

        Args:
            clips: What ``view_clips`` gave, with the same ``flips``.

        Raises:
            UserError: If the video is shorter than its joints, or these are in space.
        """
        views = rgb_views(
            [clip.window for clip in clips], self.spec, flips=flips, published_sampling=published_sampling
        )
        frames = read_views(self._frames(sequence), views, name=f"clip {sequence.name!r}")
        return [replace(clip, frames_rgb=shown) for clip, shown in zip(clips, frames, strict=True)]

    def _frames(self, sequence: SkeletonSequence) -> Iterable[HasImage]:
        if sequence.num_axes != 2:
            raise UserError(
                f"clip {sequence.name!r} has 3D joints: video frames are cut out around 2D ones, in pixels of the video"
            )
        return self.videos.frames(sequence.name)


def frame_source(videos: Videos | None, spec: RgbSpec | None, *, reader: str) -> VideoFrameSource | None:
    """The video frames for a network that looks at them, None for one that does not.

    Args:
        reader: Who reads, as a sentence begins: "weights rgbpose read".

    Raises:
        UserError: If videos are missing, or given and not looked at.
    """
    if spec is not None and videos is None:
        raise UserError(f"{reader} video frames: give --videos DIR, the folder of the clips' videos")
    if spec is None and videos is not None:
        raise UserError(f"{reader} no video frames: leave --videos out")
    return None if spec is None or videos is None else VideoFrameSource(videos, spec)
