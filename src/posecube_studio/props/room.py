"""Things of a room: a guitar, what is drunk, eaten or held at the ear."""

from __future__ import annotations

import itertools

from posecube_studio.grasp import CUP_OUT_M, FOOD_OUT_M, PHONE_OUT_M, RIM_M
from posecube_studio.props.scene import Frames, Prop, Scene
from posecube_studio.rotation import frame_from
from posecube_studio.solid import Material, Solid, ball, box, disc, rod
from posecube_studio.subject import linear

_COFFEE = Material(linear("3a2417"), gloss=0.5)


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


def cup(scene: Scene) -> Prop:
    """A mug, or a paper cup with a sleeve; what is in it shows when it tips."""
    radius, high = RIM_M
    if scene.pick("mug", "paper") == "mug":
        glaze = Material(linear(scene.pick("f4f1ea", "c8402f", "2f6fb0", "2f3238", "3f9a6a")), gloss=0.5)
        solids = [disc("cup", (0, 0, 0), (0.0, 1.0, 0.0), radius, high, glaze)]
        bow = ((0, 0.03, -0.032), (0, 0.022, -0.062), (0, -0.022, -0.062), (0, -0.03, -0.032))
        solids += [rod("cup", a, b, (0.007, 0.007), glaze) for a, b in itertools.pairwise(bow)]
    else:
        paper = Material(linear("f6f4ee"))
        sleeve = Material(linear(scene.pick("b98a57", "2f7d5b", "b8423a")))
        solids = [disc("cup", (0, 0, 0), (0.0, 1.0, 0.0), 0.95 * radius, high, paper)]
        solids.append(disc("cup", (0, -0.006, 0), (0.0, 1.0, 0.0), radius, 0.5 * high, sleeve))
    solids.append(disc("cup", (0, high, 0), (0.0, 1.0, 0.0), 0.86 * radius, 0.001, _COFFEE))
    return Prop(_in_palm(scene, "cup", CUP_OUT_M), tuple(solids), grip=True)


def food(scene: Scene) -> Prop:
    """A bar out of its wrapper, an apple, or a banana; its end is as far from the palm each time."""
    kind = scene.pick("bar", "apple", "banana")
    solids: list[Solid]
    if kind == "bar":
        wrapper = Material(linear(scene.pick("c62f35", "1f6fb5", "e0a020")), gloss=0.5)
        solids = [box("food", (0, 0.045, 0), (0.016, 0.047, 0.010), Material(linear("5a3420")))]
        solids.append(box("food", (0, -0.012, 0), (0.021, 0.056, 0.014), wrapper))
    elif kind == "apple":
        peel = Material(linear(scene.pick("c8322c", "8fb83a")), gloss=0.5)
        solids = [ball("food", (0, 0.050, 0), (0.042, 0.042, 0.040), peel)]
        solids.append(rod("food", (0, 0.08, 0), (0.004, 0.102, 0), (0.002, 0.002), Material(linear("4a3020"))))
    else:
        peel, flesh = Material(linear("e8c63a"), gloss=0.2), Material(linear("f3ecc8"))
        solids = [rod("food", (0, -0.085, -0.022), (0, 0.0, 0), (0.010, 0.019), peel)]
        solids.append(rod("food", (0, 0.0, 0), (0, 0.078, 0.006), (0.017, 0.013), flesh))
        solids += [rod("food", (0, 0, 0), (s * 0.042, -0.03, 0.01), (0.010, 0.005), peel) for s in (-1, 1)]
    return Prop(_in_palm(scene, "food", FOOD_OUT_M), tuple(solids), grip=True)


def phone(scene: Scene) -> Prop:
    """A flat phone whose screen looks at the face."""
    case = Material(linear(scene.pick("1c1e22", "c9ccd2", "b03040", "2f5fa8")), gloss=0.5)
    glass = Material(linear("6f8fb8"), gloss=0.8)
    solids = (
        box("phone", (0, 0.025, 0), (0.037, 0.076, 0.005), case),
        box("phone", (0, 0.025, 0.005), (0.033, 0.070, 0.001), glass),
    )
    return Prop(_in_palm(scene, "phone", PHONE_OUT_M), solids, grip=True)


def _in_palm(scene: Scene, name: str, out_m: float) -> Frames:
    """A frame before the main palm: y along the tool's direction, z towards the face."""
    middle = scene.palm(scene.main, out_m=out_m)
    face = scene.posture.point("head", (0.0, 0.04 * scene.posture.shape.height_m, 0.0))
    return {name: (middle, frame_from(scene.tool, face - middle))}
