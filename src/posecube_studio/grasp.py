"""The palm of a hand, where things are held."""

from __future__ import annotations

from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import Posture

_PALM = 0.043  # of the body's height, from the wrist towards the fingers

# Where things are held, in metres: their middle before the palm, and what of them touches the mouth from there.
CUP_OUT_M, FOOD_OUT_M, PHONE_OUT_M = 0.034, 0.012, 0.022
RIM_M = (0.037, 0.048)  # from the cup's middle across and up
BITE_M = 0.090  # from the palm along the food


def palm_point(posture: Posture, side: str, *, out_m: float = 0.0) -> Float[ndarray, "T 3"]:
    """The middle of a closed hand, or what lies so far before the palm."""
    inward = -1.0 if side == "left" else 1.0  # the palm of a hanging hand faces the thigh
    return posture.point(f"{side}_hand", (inward * out_m, -_PALM * posture.shape.height_m, 0.0))
