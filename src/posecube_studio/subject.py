"""Who acts: build and appearance (skin, hair, what is worn), both a function of the subject's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from posecube.errors import UserError
from posecube_studio.body import BodyShape
from posecube_studio.solid import Colour

Hair = Literal["short", "crop", "long", "ponytail", "bun", "cap"]
Top = Literal["tee", "tank", "long_sleeve"]
Bottom = Literal["shorts", "trousers", "leggings"]

# sRGB; the range of human skin from fair to dark, and cloth that reads well on video.
_SKIN = ("f1c9a5", "e3ae86", "d39a6f", "b97f57", "94603d", "6f4629", "4f3120")
_HAIR = ("1d1713", "2f2018", "4a3020", "6d4a2b", "a57b45", "7d3b1e", "8b8680")
_CLOTH = (
    "c62f35",
    "1f6fb5",
    "f2f0ea",
    "2a9d6f",
    "f0a32c",
    "6a3fa0",
    "23262d",
    "e2657f",
    "18a0a8",
    "7c8590",
    "d9582b",
    "30509c",
)
_LEGS = ("20263a", "2b2d31", "3c4a63", "5b5348", "6f747d", "1f3b34", "8a7b62")
_SHOES = ("f4f4f2", "2a2a2e", "d93f3f", "3f7fd0", "f08a24", "9fd13c")


@dataclass(frozen=True)
class Subject:
    """One person's build and appearance; colours are linear RGB.

    Attributes:
        girth: Thickness of trunk and limbs, 1 for the average.
        bust: Fullness of the chest, 0 is flat.
        stripe: Whether the top carries a band or a yoke of the second colour, else a badge.
    """

    shape: BodyShape
    girth: float
    bust: float
    skin: Colour
    hair_colour: Colour
    hair: Hair
    top: Top
    top_colour: Colour
    second_colour: Colour
    stripe: bool
    bottom: Bottom
    bottom_colour: Colour
    shoe_colour: Colour


def find_subject(number: int) -> Subject:
    """The person of that number; the same number is the same person everywhere.

    Raises:
        UserError: If the number is negative.
    """
    if number < 0:
        raise UserError(f"a subject's number must be 0 or more, got {number}")
    rng = np.random.default_rng([0x5EB1EC7, number])
    woman = bool(rng.random() < 0.5) if number else False
    height = float(np.clip(rng.normal(1.66 if woman else 1.77, 0.055), 1.48, 1.98)) if number else 1.76
    shape = BodyShape(
        height_m=height,
        leg_factor=float(rng.uniform(0.98, 1.025)),
        arm_factor=float(rng.uniform(0.97, 1.03)),
        shoulder_factor=float(rng.uniform(0.90, 0.96) if woman else rng.uniform(0.99, 1.07)),
        hip_factor=float(rng.uniform(1.02, 1.12) if woman else rng.uniform(0.94, 1.02)),
    )
    top, second = (str(name) for name in rng.choice(_CLOTH, 2, replace=False))
    styles: tuple[Hair, ...] = ("long", "ponytail", "bun", "short") if woman else ("short", "crop", "short", "cap")
    tops: tuple[Top, ...] = ("tee", "tank", "tee", "long_sleeve")
    bottoms: tuple[Bottom, ...] = ("leggings", "shorts", "trousers") if woman else ("shorts", "trousers", "shorts")
    return Subject(
        shape=shape,
        girth=float(rng.uniform(0.90, 1.02) if woman else rng.uniform(0.94, 1.14)),
        bust=float(rng.uniform(0.8, 1.1)) if woman else 0.0,
        skin=linear(str(rng.choice(_SKIN)) if number else _SKIN[1]),
        hair_colour=linear(str(rng.choice(_HAIR)) if number else _HAIR[2]),
        hair=styles[int(rng.integers(len(styles)))] if number else "short",
        top=tops[int(rng.integers(len(tops)))] if number else "tee",
        top_colour=linear(top if number else _CLOTH[0]),
        second_colour=linear(second if number else _CLOTH[2]),
        stripe=bool(rng.random() < 0.5) if number else True,
        bottom=bottoms[int(rng.integers(len(bottoms)))] if number else "shorts",
        bottom_colour=linear(str(rng.choice(_LEGS)) if number else _LEGS[0]),
        shoe_colour=linear(str(rng.choice(_SHOES)) if number else _SHOES[0]),
    )


def linear(srgb_hex: str) -> Colour:
    """A colour written as in a web page, in linear light."""
    red, green, blue = (int(srgb_hex[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(value: float) -> float:
    """The sRGB transfer curve, inverted."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
