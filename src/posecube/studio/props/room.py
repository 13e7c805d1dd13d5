"""Things of a room: a guitar, what is eaten, drunk or held at the ear, a chair, what lies on the floor, a ball."""

from __future__ import annotations

from posecube.studio.props.scene import Prop, Scene
from posecube.studio.rotation import frame_from
from posecube.studio.solid import Material, ball, box, disc
from posecube.studio.subject import linear


def guitar(scene: Scene) -> Prop:
    """The body before the belly, the neck through the other hand."""
    height = scene.posture.shape.height_m
    _, chest = scene.posture.bone("chest")
    belly = scene.posture.point("spine", (-0.055 * scene.sign * height, 0.045 * height, 0.118 * height))
    neck = scene.palm(scene.other) - belly
    axes = frame_from(neck, chest[:, :, 2])
    top = Material(linear("c9893f"), gloss=0.35, paint="wood", second=linear("b07030"))
    dark = Material(linear("2a1a12"), gloss=0.2)
    solids = (
        ball("guitar", (0, -0.12, 0), (0.190, 0.180, 0.045), top),
        ball("guitar", (0, 0.10, 0), (0.142, 0.130, 0.044), top, blend_m=0.03),
        disc("guitar", (0, 0.04, 0.042), (0.0, 0.0, 1.0), 0.048, 0.003, dark),
        box("guitar", (0, -0.15, 0.043), (0.055, 0.012, 0.006), dark),
        box("guitar", (0, 0.38, 0.040), (0.021, 0.30, 0.010), dark),
        box("guitar", (0, 0.73, 0.034), (0.034, 0.075, 0.009), top),
    )
    return Prop({"guitar": (belly, axes)}, solids)
