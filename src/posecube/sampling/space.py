"""Spaces: what the coordinates of a clip are. A discriminated union, each with the settings that mean something in it.

The joints of a sequence go through a space in this order: ``arranged`` for all its frames, ``seen`` from an angle where
they are 3D, then cut to a ``box`` and brought into the space's units (``placed``).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, TypeVar

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, Field

from posecube.errors import UserError
from posecube.sampling.frames import Rng
from posecube.sampling.geometry import (
    BoxXYXY,
    Fit,
    crop_and_resize,
    frame_square,
    shown_box,
    square_around,
    subject_box,
    whole_frame,
)
from posecube.sampling.preprocess.body_axes import centred_on_start, in_body_axes, main_person_first
from posecube.sampling.preprocess.projection import IMAGE_SIZE_PX, project, rotation
from posecube.sampling.records import Joints, Window

Other = TypeVar("Other", bound="_Space")
Coordinates = Float32[ndarray, "M T V C"]


class _Space(BaseModel):
    """What all spaces share: the sides from which 3D joints are seen.

    Attributes:
        yaw_deg: Training draws the turn about the vertical axis from [-yaw_deg, yaw_deg]; testing turns by 0, and by
            evenly spread angles of this range when there are several views.
        pitch_deg: The same for tilting the camera up and down, in training only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    yaw_deg: float = Field(default=0.0, ge=0.0)
    pitch_deg: float = Field(default=0.0, ge=0.0)

    def changed_to(self, kind: type[Other]) -> Other:
        """Another space with the settings that both have."""
        shared = {name: value for name, value in self if name in kind.model_fields and name != "kind"}
        return kind(**shared)

    def training_angles(self, rng: Rng) -> tuple[float, float]:
        """Yaw and pitch in radians, drawn at random."""
        return (
            math.radians(rng.uniform(-self.yaw_deg, self.yaw_deg)),
            math.radians(rng.uniform(-self.pitch_deg, self.pitch_deg)),
        )

    def test_angles(self, view: int, num_views: int) -> tuple[float, float]:
        """Yaw and pitch in radians of one of several test views; the first looks from the sensor's own side."""
        if num_views == 1 or view == 0:
            return 0.0, 0.0
        side = 1 if view % 2 else -1
        fraction = (view + 1) // 2 / (num_views // 2)
        return math.radians(side * fraction * self.yaw_deg / 2), 0.0

    def width_px(self, *, in_training: bool) -> float:
        """A flip brings x to width - 1 - x: about 0, but on a map."""
        return 1.0


class _Planar(_Space):
    """Two axes; 3D joints are seen by a virtual camera.

    Attributes:
        crop: Crop to the box around the subject, or show the whole frame.
        padding: Fraction by which the subject's box is widened.
        face_subject: For 3D joints: whether angles count from where the subject faces, which takes the sensor's place
            out of the clip.
    """

    num_axes: ClassVar[int] = 2
    zeroes_missing: ClassVar[bool] = True

    crop: bool = True
    padding: float = Field(default=0.25, ge=0.0)
    face_subject: bool = False

    def arranged(self, joints: Joints, *, name: str) -> Joints:
        """All frames as they are: the camera comes later."""
        return joints

    def seen(self, joints: Joints, *, yaw: float, pitch: float) -> Joints:
        """3D joints in the image of the virtual camera."""
        image = project(joints.keypoints, joints.confidence, yaw=yaw, pitch=pitch)
        return replace(joints, keypoints=image, size_hw=(IMAGE_SIZE_PX, IMAGE_SIZE_PX))

    def box(self, joints: Joints) -> BoxXYXY:
        """What is shown of the frame."""
        if not self.crop:
            return whole_frame(joints.size_hw)
        return subject_box(joints.keypoints, joints.confidence, padding=self.padding, size_hw=joints.size_hw)

    def placed(self, keypoints: Coordinates, window: Window, *, in_training: bool) -> tuple[Coordinates, Window]:
        """Coordinates from -1 to 1 across the window's box."""
        return crop_and_resize(keypoints, window.box_xyxy, (2, 2)) - np.float32(1), window


class MapSpace(_Planar):
    """Pixels of a heatmap around the subject; motion cannot be drawn into one.

    Attributes:
        size_hw: Height and width of the map in training.
        test_size_hw: Height and width of the map in testing, where it is another one.
        test_fit: How a box that is no square gets into the map in testing: squashed, or its middle cut out.
    """

    kind: Literal["map"] = "map"
    size_hw: tuple[int, int] = (56, 56)
    test_size_hw: tuple[int, int] | None = None
    test_fit: Fit = "squash"

    motion: ClassVar[bool] = False
    zeroes_missing: ClassVar[bool] = False  # what draws looks at the confidence

    @property
    def view_size_hw(self) -> tuple[int, int]:
        """Height and width of the map in testing."""
        return self.test_size_hw or self.size_hw

    def placed(self, keypoints: Coordinates, window: Window, *, in_training: bool) -> tuple[Coordinates, Window]:
        """Pixels of the map; the window becomes what the map shows after all."""
        size_hw = self.size_hw if in_training else self.view_size_hw
        fit: Fit = "squash" if in_training else self.test_fit
        on_map = crop_and_resize(keypoints, window.box_xyxy, size_hw, fit=fit)
        return on_map, replace(window, box_xyxy=shown_box(window.box_xyxy, size_hw, fit=fit))

    def width_px(self, *, in_training: bool) -> float:
        """A flip brings x to width - 1 - x."""
        return (self.size_hw if in_training else self.view_size_hw)[1]


class ImageSpace(_Planar):
    """From -1 to 1 across the frame, or across the subject's box where ``crop`` is set.

    Attributes:
        motion: Give each joint's move to the next frame of the sequence, or to the next resampled time, in place of
            its coordinates.
    """

    kind: Literal["image"] = "image"
    motion: bool = False


class SquareSpace(_Planar):
    """From -1 to 1 across the square around everybody in the clip, to the fraction of a pixel.

    Without ``crop`` it is the square of the frame's longer side. Sides keep their proportion, and what lies outside is
    put on the edge.

    Attributes:
        motion: Give each joint's move to the next frame of the sequence, or to the next resampled time, in place of
            its coordinates.
    """

    kind: Literal["square"] = "square"
    motion: bool = False

    def box(self, joints: Joints) -> BoxXYXY:
        """The square."""
        if not self.crop:
            return frame_square(joints.size_hw)
        return square_around(joints.keypoints, joints.confidence, padding=self.padding, size_hw=joints.size_hw)

    def placed(self, keypoints: Coordinates, window: Window, *, in_training: bool) -> tuple[Coordinates, Window]:
        """Coordinates from -1 to 1 across the square."""
        placed, window = super().placed(keypoints, window, in_training=in_training)
        return placed.clip(-1, 1), window


class _Spatial(_Space):
    """Three axes, in metres.

    Attributes:
        motion: Give each joint's move to the next frame of the sequence, or to the next resampled time, in place of
            its coordinates.
    """

    num_axes: ClassVar[int] = 3
    zeroes_missing: ClassVar[bool] = True
    vertical: ClassVar[Literal["y", "z"]]

    kind: str
    motion: bool = False

    def arranged(self, joints: Joints, *, name: str) -> Joints:
        """All frames in which the main person is seen, that person first.

        Raises:
            UserError: If the joints are 2D.
        """
        if joints.keypoints.shape[-1] != 3:
            raise UserError(f"space {self.kind!r} needs 3D joints, {name or 'the sequence'} has 2D ones")
        keypoints, confidence = main_person_first(joints.keypoints, joints.confidence)
        return replace(joints, keypoints=keypoints, confidence=confidence)

    def seen(self, joints: Joints, *, yaw: float, pitch: float) -> Joints:
        """Joints turned about the vertical axis."""
        if not yaw and not pitch:
            return joints
        return replace(joints, keypoints=joints.keypoints @ rotation(yaw, pitch, vertical=self.vertical).T)

    def box(self, joints: Joints) -> BoxXYXY:
        """There is no frame: nothing is cut."""
        return whole_frame(joints.size_hw)

    def placed(self, keypoints: Coordinates, window: Window, *, in_training: bool) -> tuple[Coordinates, Window]:
        """Metres stay metres."""
        return keypoints, window


class BodySpace(_Spatial):
    """Metres along the main person's own axes in its first frame, as published 3D graph networks read them."""

    kind: Literal["body"] = "body"

    face_subject: ClassVar[bool] = False  # its axes are the body's own already
    vertical: ClassVar[Literal["y", "z"]] = "z"

    def arranged(self, joints: Joints, *, name: str) -> Joints:
        """In the body's axes."""
        joints = super().arranged(joints, name=name)
        return replace(joints, keypoints=in_body_axes(joints.keypoints, joints.confidence, joints.layout))


class UprightSpace(_Spatial):
    """Metres around the main person's first place, with the vertical kept.

    Attributes:
        face_subject: Whether angles count from where the subject faces, which takes the sensor's place out of the clip.
    """

    kind: Literal["upright"] = "upright"
    face_subject: bool = False

    vertical: ClassVar[Literal["y", "z"]] = "y"

    def arranged(self, joints: Joints, *, name: str) -> Joints:
        """About the main person's first place."""
        joints = super().arranged(joints, name=name)
        return replace(joints, keypoints=centred_on_start(joints.keypoints, joints.confidence, joints.layout))


Space = Annotated[MapSpace | ImageSpace | SquareSpace | BodySpace | UprightSpace, Field(discriminator="kind")]
