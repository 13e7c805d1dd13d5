"""The figure: a subject's body and what it wears as solids on the bones of the kinematic body."""

from __future__ import annotations

from dataclasses import replace

from posecube_studio.solid import Material, Solid, ball, rod
from posecube_studio.subject import Subject

# All sizes below are fractions of the body's height, scaled in `body_solids`.


def body_solids(subject: Subject, *, grip: bool = False) -> list[Solid]:
    """All solids of a person, trunk first: limbs blend with what is already there.

    Args:
        grip: Whether the hands are closed around something.
    """
    skin = Material(subject.skin, gloss=0.10)
    solids = _trunk(subject, skin) + _head(subject, skin)
    for side in ("left", "right"):
        solids += _arm(subject, skin, side, grip) + _leg(subject, skin, side)
    return [_grown(solid, subject.shape.height_m) for solid in solids]


def _trunk(subject: Subject, skin: Material) -> list[Solid]:
    g, wide, hips = subject.girth, subject.shape.shoulder_factor, subject.shape.hip_factor
    paint = ("yoke" if subject.bust else "stripe") if subject.stripe else "shirt"
    top = Material(subject.top_colour, paint=paint, second=subject.second_colour, cloth=0.16)
    pants = Material(subject.bottom_colour, cloth=0.10)
    solids = [
        ball("pelvis", (0, 0.002, -0.002), (0.084 * hips * g, 0.058, 0.060 * g), pants),
        ball("pelvis", (0.040 * hips, -0.020, -0.020), (0.046 * g, 0.050, 0.047 * g), pants, blend_m=0.03),
        ball("pelvis", (-0.040 * hips, -0.020, -0.020), (0.046 * g, 0.050, 0.047 * g), pants, blend_m=0.03),
        ball("pelvis", (0, 0.046, 0.0), (0.085 * hips * g, 0.046, 0.064 * g), top, blend_m=0.012),
        ball("spine", (0, 0.028, 0.002), (0.078 * g, 0.085, 0.060 * g), top, blend_m=0.03),
        ball("chest", (0, 0.062, 0.002), (0.087 * wide * g, 0.105, 0.065 * g), top, blend_m=0.03),
        ball("chest", (0, 0.108, 0.004), (0.096 * wide * g, 0.060, 0.055 * g), top, blend_m=0.03),
    ]
    for sign in (1, -1):
        if subject.bust:
            size = (0.047, 0.050, 0.027 * subject.bust)
            solids.append(ball("chest", (sign * 0.034, 0.088, 0.040), size, top, blend_m=0.06))
        else:
            solids.append(ball("chest", (sign * 0.040, 0.102, 0.030), (0.043 * g, 0.032, 0.032), top, blend_m=0.03))
        slope = ((0.0, 0.163, -0.014), (sign * 0.085 * wide, 0.142, -0.008))
        solids.append(rod("chest", *slope, (0.030 * g, 0.031 * g), top, blend_m=0.02))
    solids.append(rod("neck", (0, -0.020, 0.007), (0, 0.060, 0.016), (0.034 * g, 0.032 * g), skin, blend_m=0.012))
    return solids


def _head(subject: Subject, skin: Material) -> list[Solid]:
    face = replace(skin, paint="face", second=subject.hair_colour)
    hair = Material(subject.hair_colour, gloss=0.18, cloth=0.25)
    solids = [
        ball("head", (0, 0.036, 0.022), (0.035, 0.045, 0.038), face, blend_m=0.012),
        ball("head", (0, 0.071, 0.004), (0.0425, 0.056, 0.055), face, blend_m=0.012),
        rod("head", (0, 0.054, 0.054), (0, 0.039, 0.0635), (0.0048, 0.0076), skin, blend_m=0.010, cast_shadow=False),
    ]
    for sign in (1, -1):
        ear = ball("head", (sign * 0.0425, 0.047, 0.002), (0.006, 0.0165, 0.0105), skin, cast_shadow=False)
        solids.append(ear)
    if subject.hair == "cap":
        cap = Material(subject.second_colour, cloth=0.05)
        solids.append(ball("head", (0, 0.086, 0.0), (0.0475, 0.049, 0.0590), cap))
        solids.append(rod("head", (0, 0.096, 0.030), (0, 0.088, 0.082), (0.034, 0.030), cap, flatten=(1.0, 0.16)))
        return [*solids, ball("head", (0, 0.056, -0.014), (0.0445, 0.040, 0.047), hair)]
    size = 1.0 if subject.hair != "crop" else 0.965
    solids.append(
        ball("head", (0, 0.0825, -0.0045), (0.0460 * size, 0.0530 * size, 0.0555 * size), hair, blend_m=0.004)
    )
    solids.append(ball("head", (0, 0.055, -0.018), (0.0440 * size, 0.046, 0.0425), hair, blend_m=0.006))
    if subject.hair == "short":
        solids.append(ball("head", (0.010, 0.116, 0.026), (0.032, 0.017, 0.026), hair, blend_m=0.014))
    if subject.hair == "long":
        solids.append(
            rod(
                "head", (0, 0.045, -0.028), (0, -0.030, -0.036), (0.041, 0.036), hair, flatten=(1.0, 0.62), blend_m=0.01
            )
        )
    if subject.hair == "ponytail":
        solids.append(rod("head", (0, 0.088, -0.060), (0, 0.0, -0.082), (0.021, 0.010), hair, blend_m=0.008))
    if subject.hair == "bun":
        solids.append(ball("head", (0, 0.112, -0.047), 0.026, hair, blend_m=0.006))
    return solids


def _arm(subject: Subject, skin: Material, side: str, grip: bool) -> list[Solid]:
    g, sign = subject.girth, 1 if side == "left" else -1
    upper = subject.shape.upper_arm_m / subject.shape.height_m
    fore = subject.shape.forearm_m / subject.shape.height_m
    cloth = Material(subject.top_colour, paint="sleeve", second=subject.second_colour, cloth=0.14)
    shoulder = skin if subject.top == "tank" else cloth
    covered = cloth if subject.top == "long_sleeve" else skin
    extra = 0.003 if subject.top == "long_sleeve" else 0.0
    arm, lower = f"{side}_upper_arm", f"{side}_forearm"
    solids = [
        ball(arm, (-sign * 0.001, -0.010, 0.0), (0.034 * g, 0.042, 0.036 * g), shoulder, blend_m=0.03),
        rod(arm, (0, -0.01, 0), (0, -upper, 0), (0.0305 * g + extra, 0.0235 * g + extra), covered, blend_m=0.012),
        ball(arm, (0, -upper * 0.5, 0.006), (0.0265 * g + extra, 0.05, 0.0265 * g + extra), covered, blend_m=0.012),
        rod(lower, (0, 0, 0), (0, -fore * 0.32, 0), (0.0235 * g + extra, 0.0250 * g + extra), covered, blend_m=0.006),
        rod(lower, (0, -fore * 0.32, 0), (0, -fore, 0), (0.0250 * g + extra, 0.0160 + extra), covered),
    ]
    if subject.top == "tee":
        solids.append(rod(arm, (0, -0.012, 0), (0, -0.088, 0.001), (0.0365 * g, 0.0345 * g), cloth, blend_m=0.004))
    return solids + _hand(skin, side, grip)


def _hand(skin: Material, side: str, grip: bool) -> list[Solid]:
    """At rest the palm faces the thigh and the thumb points forward."""
    hand, sign = f"{side}_hand", 1 if side == "left" else -1
    if grip:
        return [
            rod(hand, (0, 0, 0), (0, -0.030, 0), (0.0160, 0.0185), skin, flatten=(0.7, 1.05)),
            ball(hand, (-sign * 0.004, -0.044, 0.002), (0.0185, 0.0225, 0.0255), skin, blend_m=0.006),
            rod(
                hand,
                (-sign * 0.006, -0.03, 0.018),
                (-sign * 0.016, -0.050, 0.020),
                (0.0075, 0.0068),
                skin,
                cast_shadow=False,
            ),
        ]
    return [
        rod(hand, (0, 0, 0), (0, -0.044, 0.001), (0.0160, 0.0215), skin, flatten=(0.62, 1.0)),
        rod(hand, (0, -0.048, 0.001), (-sign * 0.008, -0.092, 0.002), (0.0195, 0.0125), skin, flatten=(0.48, 1.0)),
        rod(
            hand,
            (0, -0.014, 0.012),
            (-sign * 0.006, -0.050, 0.029),
            (0.0088, 0.0068),
            skin,
            blend_m=0.006,
            cast_shadow=False,
        ),
    ]


def _leg(subject: Subject, skin: Material, side: str) -> list[Solid]:
    g = subject.girth
    thigh_m = subject.shape.thigh_m / subject.shape.height_m
    shank_m = subject.shape.shank_m / subject.shape.height_m
    thigh, shank = f"{side}_thigh", f"{side}_shank"
    cloth = Material(subject.bottom_colour, cloth=0.14)
    bare = subject.bottom == "shorts"
    cover = skin if bare else replace(cloth, cloth=0.03 if subject.bottom == "leggings" else 0.16)
    loose = {"shorts": 0.0, "leggings": 0.001, "trousers": 0.007}[subject.bottom]
    knee, calf, cuff = 0.0315 * g + loose, 0.0335 * g + loose, 0.0205 + loose * 1.3
    bulge = (0, -shank_m * 0.30, -0.006)
    solids = [
        rod(thigh, (0, -0.01, 0), (0, -thigh_m, 0), (0.0485 * g + loose, knee), cover, blend_m=0.03),
        rod(shank, (0, 0, 0), bulge, (knee - 0.001, calf), cover, blend_m=0.01),
        rod(shank, bulge, (0, -shank_m * 0.97, 0), (calf, cuff), cover),
    ]
    if bare:
        solids.append(rod(thigh, (0, -0.005, 0), (0, -0.128, 0), (0.0525 * g, 0.0480 * g), cloth, blend_m=0.028))
    return solids + _shoe(subject, side)


def _shoe(subject: Subject, side: str) -> list[Solid]:
    """The sole lies where the floor is when the foot stands flat: 0.047 heights below the ankle."""
    foot = f"{side}_foot"
    upper = Material(subject.shoe_colour, gloss=0.12)
    sole = Material((0.62, 0.62, 0.60))
    return [
        rod(
            foot,
            (0, 0.022, -0.002),
            (0, -0.010, -0.004),
            (0.0215, 0.0235),
            Material((0.75, 0.75, 0.75), cloth=0.05),
            cast_shadow=False,
        ),
        rod(
            foot, (0, -0.016, -0.014), (0, -0.026, 0.060), (0.0255, 0.0215), upper, flatten=(0.95, 0.95), blend_m=0.010
        ),
        ball(foot, (0, -0.0275, 0.080), (0.0225, 0.0175, 0.030), upper, blend_m=0.012),
        rod(foot, (0, -0.040, -0.018), (0, -0.041, 0.086), (0.0265, 0.0245), sole, flatten=(1.0, 0.28)),
    ]


def _grown(solid: Solid, height_m: float) -> Solid:
    """Sizes in body heights to metres; a ball's radii are its scale, a rod's are its own."""
    x, y, z = solid.origin
    origin = (x * height_m, y * height_m, z * height_m)
    if solid.length == 0:
        wide, tall, deep = solid.scale
        return replace(solid, origin=origin, scale=(wide * height_m, tall * height_m, deep * height_m))
    return replace(
        solid,
        origin=origin,
        length=solid.length * height_m,
        radius=solid.radius * height_m,
        end_radius=solid.end_radius * height_m,
    )
