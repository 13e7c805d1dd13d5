"""Which cameras look at a performance: those an action is usually filmed with, or an arc of them as in NTU RGB+D."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube.skeleton import find_layout
from posecube_studio.body import Posture
from posecube_studio.camera import ARC_YAWS_DEG, aim, arc_cameras
from posecube_studio.lens import Lens
from posecube_studio.motions import Action, View
from posecube_studio.performance import Performance, seeded

Rig = Literal["usual", "arc"]
_NTU25 = find_layout("ntu25")
_FACING_DEG, _FACING_JITTER_DEG = 45.0, 10.0
_NUM_ARC_VIEWS = 3  # of NTU RGB+D


@dataclass(frozen=True)
class Viewpoints:
    """All cameras of one performance; each is the same whichever of them is asked for.

    Attributes:
        scene: Action, subject and seed: what the cameras' own randomness comes from.
    """

    program: Action
    acted: Performance
    scene: tuple[str, int, int]
    size_hw: tuple[int, int]
    variety: float
    rig: Rig

    def find(self, view: int) -> Lens:
        """The camera of a view."""
        if self.rig == "arc":
            return self._arc(view + 1)[view]
        camera = _choose_view(
            self.program, view, seeded("camera", *self.scene, view), self.variety, mirrored=self.acted.mirrored
        )
        points = [_framed(each.posture, camera) for each in self.acted.performers]
        margin = 0.05 if camera.upper_body else 0.10
        return aim(np.concatenate(points, axis=1), camera, size_hw=self.size_hw, margin=margin)

    def main(self) -> tuple[Lens, ...]:
        """Those that most clips are filmed with; what is in the scene is arranged for them."""
        if self.rig == "arc":
            return self._arc(_NUM_ARC_VIEWS)
        return tuple(self.find(view) for view in range(len(self.program.views)))

    def _arc(self, num_views: int) -> tuple[Lens, ...]:
        points = [_framed(each.posture, View(0.0)) for each in self.acted.performers]
        # A rig of more than three may stand farther away: then all of its cameras are asked for.
        count = _NUM_ARC_VIEWS if num_views <= _NUM_ARC_VIEWS else len(ARC_YAWS_DEG)
        return arc_cameras(
            np.concatenate(points, axis=1), size_hw=self.size_hw, num_views=count, rng=seeded("arc", *self.scene)
        )


def facing_deg(seed: int, *, variety: float, rng: np.random.Generator) -> float:
    """How far people turn to the left before an arc: to camera 1 if the seed is even, to camera 2 if it is odd."""
    side = -1 if seed % 2 == 0 else 1
    return side * _FACING_DEG + variety * float(rng.uniform(-_FACING_JITTER_DEG, _FACING_JITTER_DEG))


def _choose_view(program: Action, view: int, rng: np.random.Generator, variety: float, *, mirrored: bool) -> View:
    jitter = rng.uniform(-1, 1, size=2) * variety
    if view < len(program.views):
        usual = program.views[view]
    else:
        usual = View(float(rng.uniform(-180, 180)), float(rng.uniform(2, 16)), program.views[0].upper_body)
    yaw = usual.yaw_deg + 5 * jitter[0]
    return replace(usual, yaw_deg=-yaw if mirrored else yaw, pitch_deg=max(0.0, usual.pitch_deg + 2 * jitter[1]))


def _framed(posture: Posture, view: View) -> Float[ndarray, "T V 3"]:
    """What the picture must hold: all joints and the top of the head, or trunk and arms with some headroom."""
    joints, headroom = posture.joints(_NTU25), 0.135
    if view.upper_body:
        left_out = ("hip", "knee", "ankle", "foot", "hand", "hand_tip", "thumb")
        joints = joints[:, [index for index, name in enumerate(_NTU25.joints) if not name.endswith(left_out)]]
        headroom = 0.22
    top = posture.point("head", (0.0, headroom * posture.shape.height_m, 0.0))
    return np.concatenate([joints, top[:, None]], axis=1)
