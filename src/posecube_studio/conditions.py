"""Under which conditions a clip is recorded: light, sensor, shutter, a shaking hand, and who or what is in the way."""

from __future__ import annotations

from dataclasses import dataclass, fields

from posecube import lookup
from posecube.errors import UserError
from posecube.video.darkness import DARK_NOISE

_RANGES: dict[str, tuple[float, float]] = {
    "dark": (1.0, 8.0),
    "noise": (0.0, 0.5),
    "shutter": (0.0, 1.0),
    "shake_deg": (0.0, 5.0),
    "occluders": (0, 4),
    "bystanders": (0, 4),
}


@dataclass(frozen=True)
class Conditions:
    """How a clip is recorded; the defaults are a good camera on a stand in good light, and nobody in the way.

    Attributes:
        dark: The gamma whose correction would bring a mid grey back: 1 is full light, 2.5 to 4 is as dark as ARID.
        noise: Standard deviation of the grain of a mid grey in full light, as a share of full scale; it grows against
            the signal as light goes.
        shutter: Share of the time between two frames that the shutter is open: 0 is sharp, 0.5 a film camera.
        shake_deg: Standard deviation of a hand-held camera's turning, degrees.
        occluders: Pieces of furniture between the camera and the people.
        bystanders: People in the background who do something else; they have no label and no truth.
        kinect_depth: Depth as a Kinect v2 gives it: noise that grows with distance, holes at edges and on dark things.
            Off gives exact depth.
    """

    dark: float = 1.0
    noise: float = 0.006
    shutter: float = 0.0
    shake_deg: float = 0.0
    occluders: int = 0
    bystanders: int = 0
    kinect_depth: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name not in _RANGES:
                continue
            low, high = _RANGES[field.name]
            value = getattr(self, field.name)
            if not low <= value <= high:
                raise UserError(f"{field.name} must lie between {low:g} and {high:g}, got {value}")


GOOD_CONDITIONS = Conditions()

CONDITIONS: dict[str, Conditions] = {
    "good": GOOD_CONDITIONS,
    "handheld": Conditions(noise=0.008, shutter=0.5, shake_deg=0.5),
    "dark": Conditions(dark=2.5, noise=DARK_NOISE, shutter=0.6),
    "darkest": Conditions(dark=4.0, noise=0.006, shutter=0.8),
    "crowded": Conditions(shutter=0.4, occluders=2, bystanders=2),
    "kinect": Conditions(noise=0.01, shutter=0.5, kinect_depth=True),
}
"""Named conditions; "dark" and "darkest" are the bright and the dim end of ARID."""


def find_conditions(name: str) -> Conditions:
    """Look conditions up by their name.

    Raises:
        UserError: If there are none of that name.
    """
    return lookup.find(CONDITIONS, name, what="conditions")
