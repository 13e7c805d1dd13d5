"""Things of the gym: bars, a bench, a mat, a skipping rope."""

from __future__ import annotations

import itertools

import numpy as np

from posecube_studio.props.scene import IRON, STEEL, Prop, Scene, across
from posecube_studio.solid import Material, box, disc, rod
from posecube_studio.subject import linear


def barbell(scene: Scene, *, plate_m: float = 0.215) -> Prop:
    """The bar through both hands, two plates an end."""
    left, right = scene.palm("left"), scene.palm("right")
    axes = across(left - right)
    colours = (linear("c92f2f"), linear("2f5fb8"))
    solids = [rod("bar", (-1.02, 0, 0), (1.02, 0, 0), (0.014, 0.014), STEEL)]
    for end in (-1.0, 1.0):
        for index, radius in enumerate((plate_m, 0.8 * plate_m)):
            center = (end * (0.70 + 0.06 * index), 0.0, 0.0)
            solids.append(disc("bar", center, (1.0, 0.0, 0.0), radius, 0.024, Material(colours[index], gloss=0.15)))
        solids.append(disc("bar", (end * 0.80, 0, 0), (1.0, 0.0, 0.0), 0.034, 0.02, STEEL))
    return Prop({"bar": ((left + right) / 2, axes)}, tuple(solids), grip=True)


def light_barbell(scene: Scene) -> Prop:
    """Small plates, which hide little of the one who carries them."""
    return barbell(scene, plate_m=0.14)


def bench(scene: Scene) -> Prop:
    """A bench under the back, and the bar with its rack."""
    bar = barbell(scene)
    chest, _ = scene.posture.bone("chest")
    head = float(scene.posture.bone("head")[0][:, 2].min()) - 0.12
    hip = float(scene.posture.bone("pelvis")[0][:, 2].mean()) + 0.10
    top, rack = 0.44, float(bar.frames["bar"][0][:, 1].max()) - 0.03
    middle, half = (head + hip) / 2, (hip - head) / 2
    pad = Material(linear("b23a2f"), cloth=0.04)
    still = [box("world", (0, top - 0.035, middle), (0.14, 0.035, half), pad)]
    still += [box("world", (0, 0.2, middle + s * half * 0.8), (0.05, 0.2, 0.03), IRON) for s in (-1, 1)]
    behind = float(chest[:, 2].mean()) - 0.44
    still += [rod("world", (s * 0.55, 0, behind), (s * 0.55, rack, behind), (0.03, 0.03), IRON) for s in (-1, 1)]
    return Prop(bar.frames, bar.solids, tuple(still), grip=True)


def pullup_bar(scene: Scene) -> Prop:
    """A bar on two posts, where the hands are."""
    palms = np.concatenate([scene.palm("left"), scene.palm("right")])
    y, z = float(palms[:, 1].mean()), float(palms[:, 2].mean())
    still = [rod("world", (-1.15, y, z), (1.15, y, z), (0.017, 0.017), STEEL)]
    still += [box("world", (s * 1.15, y / 2, z), (0.045, y / 2 + 0.05, 0.045), IRON) for s in (-1, 1)]
    still += [box("world", (s * 1.15, 0.03, z), (0.06, 0.03, 0.5), IRON) for s in (-1, 1)]
    return Prop(still=tuple(still), grip=True)


def mat(scene: Scene) -> Prop:
    """A mat as long as the body lies."""
    joints = scene.posture.origins_m.reshape(-1, 3)
    low, high = float(joints[:, 2].min()), float(joints[:, 2].max())
    cloth = Material(linear("2f6f9f"), cloth=0.03)
    return Prop(still=(box("world", (0, 0.004, (low + high) / 2), (0.42, 0.004, (high - low) / 2 + 0.2), cloth),))


def rope(scene: Scene) -> Prop:
    """A rigid bow that turns about the line between the hands, ahead of the wrists' own circle."""
    left, right = scene.palm("left"), scene.palm("right")
    chest, axes = scene.posture.bone("chest")
    circle = np.einsum("tji,tj->ti", axes, (left + right) / 2 - chest)
    circle = circle - circle.mean(axis=0)
    turn = np.unwrap(np.arctan2(circle[:, 1], circle[:, 2]))
    middle = (left + right) / 2
    hands = across(left - right)
    down = -np.sin(turn)[:, None] * hands[:, :, 1] + np.cos(turn)[:, None] * hands[:, :, 2]
    frame = np.stack([hands[:, :, 0], -down, np.cross(hands[:, :, 0], -down)], axis=-1)
    half = float(np.linalg.norm(left - right, axis=1).mean() / 2)
    reach = float(middle[:, 1].mean()) + 0.02
    steps = np.linspace(-1, 1, 19)
    bow = [(half * float(s) * (1 + 0.25 * float(1 - s * s)), -reach * float((1 - s**4) ** 0.75), 0.0) for s in steps]
    cord = Material(linear("e0842a"))
    solids = [rod("rope", a, b, (0.006, 0.006), cord) for a, b in itertools.pairwise(bow)]
    return Prop({"rope": (middle, frame)}, tuple(solids), grip=True)
