"""Camera: where a phone may stand around 3D joints; what it sees of them is drawn anew for every training clip."""

from __future__ import annotations

import math

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from posecube.sampling.preprocess.projection import IMAGE_SIZE_PX, project
from posecube.skeleton import SkeletonSequence


class Camera(BaseModel):
    """The range of places from which a virtual camera looks at the middle of a scene.

    Attributes:
        yaw_deg: Largest turn around the scene, to either side of where the sensor stood; 180 is everywhere.
        pitch_deg: Lowest and highest look from above; negative looks up.
        distance: Nearest and farthest place, in sizes of the scene; near ones see as a wide angle does.
        x_to_left: Whether the joints' x leads to the sensor's left, as in Kinect's own axes: else people come out as
            their mirror images, with left and right where they are not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    yaw_deg: float = Field(default=180.0, ge=0.0, le=180.0)
    pitch_deg: tuple[float, float] = (-12.0, 40.0)
    distance: tuple[float, float] = (1.3, 6.0)
    x_to_left: bool = False

    def view(self, sequence: SkeletonSequence, rng: np.random.Generator) -> SkeletonSequence:
        """The sequence in the image of one such camera; a 2D one as it is."""
        if sequence.num_axes == 2:
            return sequence
        seen = sequence.keypoints[sequence.confidence > 0]
        size_m = float(np.ptp(seen, axis=0).max()) if len(seen) else 1.0
        near, far = self.distance
        keypoints_xy = project(
            sequence.keypoints * np.array([-1 if self.x_to_left else 1, 1, 1], dtype=np.float32),
            sequence.confidence,
            yaw=math.radians(rng.uniform(-self.yaw_deg, self.yaw_deg)),
            pitch=math.radians(rng.uniform(*self.pitch_deg)),
            distance_m=max(size_m, 0.1) * near * (far / near) ** rng.uniform(),
        )
        return sequence.replaced(keypoints=keypoints_xy, size_hw=(IMAGE_SIZE_PX, IMAGE_SIZE_PX))
