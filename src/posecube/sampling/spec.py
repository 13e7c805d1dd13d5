"""ClipSpec: how a sequence becomes a network's input."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from posecube.errors import UserError
from posecube.sampling.frames import Frames, PublishedSampling, UniformFrames
from posecube.sampling.preprocess.preprocess import Preprocess
from posecube.sampling.space import MapSpace, Space


class ClipSpec(BaseModel):
    """How a sequence becomes a network's input; part of a recipe and of every weights card.

    It has parts, so that what does not go together cannot be written: a stride belongs to frames at a fixed distance, a
    map's size to the space of maps, motion to every space but that one.

    Attributes:
        clip_len: Frames that the network sees.
        max_people: People that a clip has room for; the most confident ones are kept, absent ones are padded.
        preprocess: What is mended in the whole sequence first.
        frames: Which frames the network sees.
        space: What the coordinates are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clip_len: int = Field(default=48, ge=1)
    max_people: int = Field(default=2, ge=1)
    preprocess: Preprocess = Preprocess()
    frames: Frames = UniformFrames()
    space: Space = MapSpace()

    @property
    def map(self) -> MapSpace:
        """The map that the joints lie on.

        Raises:
            UserError: If they lie in another space.
        """
        if not isinstance(self.space, MapSpace):
            raise UserError(f"expected joints on a map, clip.space is {self.space.kind!r}: set it to 'map'")
        return self.space

    @property
    def published_sampling(self) -> PublishedSampling:
        """Which framework's test frames the views are, those of video frames too."""
        return self.frames.published_sampling if isinstance(self.frames, UniformFrames) else "mmaction2"

    def smoothed(self) -> ClipSpec:
        """The same with temporal smoothing of the joints first."""
        return self.model_copy(update={"preprocess": self.preprocess.model_copy(update={"smooth": True})})

    def with_space(self, **fields: object) -> ClipSpec:
        """The same with other settings of its space; they are not checked."""
        return self.model_copy(update={"space": self.space.model_copy(update=fields)})
