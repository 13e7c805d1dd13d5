"""ClipSpec: how a sequence becomes a network's input."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from posecube.errors import UserError
from posecube.sampling.frames import Stream
from posecube.sampling.geometry import Fit
from posecube.sampling.preprocess.projection import Projection

Space = Literal["map", "image", "square", "body", "upright"]


class ClipSpec(BaseModel):
    """How a sequence becomes a network's input; part of a recipe and of every weights card.

    Attributes:
        clip_len: Frames that the network sees.
        space: What the coordinates are. "map": pixels of a heatmap around the subject. "image": from -1 to 1 across the
            frame, or across the subject's box where ``crop`` is set. "square": the same across the square around
            everybody in the clip, to the fraction of a pixel, or without ``crop`` across the square of the frame's
            longer side; sides keep their proportion, and what lies outside is put on the edge. "body": metres along
            the main person's own axes in its first frame, as published 3D graph networks read them. "upright": metres
            around that person's first place, with the vertical kept.
        size_hw: Height and width of the map in training.
        test_size_hw: Height and width of the map in testing, where it is another one.
        max_people: People that share the volume; the most confident ones are kept, absent ones are padded.
        sampler: "uniform": one frame from each equal part of the clip. "fixed_stride": frames at a fixed distance.
            "resample": the whole clip at evenly spread times, joints interpolated between frames. "spread": the whole
            clip at evenly spread frames, which stand still where it is shorter.
        stride: Distance of frames for the fixed stride.
        stream: Which framework's test frames the views are.
        steady: Bring joints to rest that shake from frame to frame, see ``steadied``.
        undo_swaps: Put back two people who changed places from one frame to the next, see ``unswapped``.
        skeleton_threshold: A person is left out of the frames in which the mean confidence of their joints is not above
            this; frames that show nobody then are left out too, see ``denoised``. 0.3 in publications.
        joint_threshold: Joints whose confidence is not above this are missing, and likewise frames without any.
        motion: Give each joint's move to the next frame of the sequence, with "resample" to the next time, in place of
            its position.
        test_fit: How a box that is no square gets into the map in testing: squashed, or its middle cut out.
        crop: Crop to the square around the subject, or show the whole frame.
        padding: Share by which the subject's box is widened.
        yaw_deg: For 3D joints: largest turn about the vertical in training, see Projection.
        pitch_deg: For 3D joints: largest tilt in training.
        face_subject: For 3D joints: whether angles count from where the subject faces, which takes the sensor's place
            out of the clip.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clip_len: int = Field(default=48, ge=1)
    space: Space = "map"
    size_hw: tuple[int, int] = (56, 56)
    test_size_hw: tuple[int, int] | None = None
    max_people: int = Field(default=2, ge=1)
    sampler: Literal["uniform", "fixed_stride", "resample", "spread"] = "uniform"
    stride: int = Field(default=4, ge=1)
    stream: Stream = "mmaction2"
    steady: bool = False
    undo_swaps: bool = False
    skeleton_threshold: float = Field(default=0.0, ge=0.0, lt=1.0)
    joint_threshold: float = Field(default=0.0, ge=0.0, lt=1.0)
    motion: bool = False
    test_fit: Fit = "squash"
    crop: bool = True
    padding: float = Field(default=0.25, ge=0.0)
    yaw_deg: float = Field(default=0.0, ge=0.0)
    pitch_deg: float = Field(default=0.0, ge=0.0)
    face_subject: bool = False

    @model_validator(mode="after")
    def _agrees(self) -> ClipSpec:
        if self.motion and self.space == "map":
            raise UserError("motion cannot be drawn into a map: set space to 'image', 'square', 'body' or 'upright'")
        if self.space == "body" and self.face_subject:
            raise UserError("space 'body' is turned to the body's own axes already: leave face_subject unset")
        return self

    @property
    def projection(self) -> Projection:
        return Projection(yaw_deg=self.yaw_deg, pitch_deg=self.pitch_deg, faces_subject=self.face_subject)

    @property
    def view_size_hw(self) -> tuple[int, int]:
        """Height and width of the map in testing."""
        return self.test_size_hw or self.size_hw

    @property
    def num_axes(self) -> int:
        """Coordinates a joint has in the clip: 2 on a map, an image or a square, 3 in space."""
        return 3 if self.space in ("body", "upright") else 2
