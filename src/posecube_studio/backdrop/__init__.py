"""Places to act in: floors, walls, skies and furniture, each a function of world points.

A place is made by its name; with a generator its colours, light, furniture and clutter differ each time, without one
it looks as it always does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posecube_studio.backdrop.indoors import make_classroom, make_corridor, make_home, make_office
from posecube_studio.backdrop.outdoors import make_lawn, make_park, make_street
from posecube_studio.backdrop.place import CLEAR_M, Place, SurfaceNoise
from posecube_studio.backdrop.scene_randomiser import SceneRandomiser
from posecube_studio.backdrop.sport import make_bowling, make_court, make_field, make_gym

__all__ = ["CLEAR_M", "INDOOR", "OUTDOOR", "PLACES", "Place", "SurfaceNoise", "choose_place", "make_place"]

_MAKERS: dict[str, Callable[[SceneRandomiser], Place]] = {
    "bowling": make_bowling,
    "classroom": make_classroom,
    "corridor": make_corridor,
    "court": make_court,
    "field": make_field,
    "gym": make_gym,
    "lawn": make_lawn,
    "office": make_office,
    "park": make_park,
    "room": make_home,
    "street": make_street,
}
PLACES = tuple(_MAKERS)
INDOOR = ("room", "office", "classroom", "corridor", "gym")  # where everyday actions may happen
OUTDOOR = ("park", "street")


def make_place(name: str, rng: np.random.Generator | None = None) -> Place:
    """A place by its name.

    Args:
        rng: What its looks are drawn from; the same generator state gives the same place. None gives the usual looks.
    """
    assert name in _MAKERS, f"unknown place {name!r}; places are {', '.join(_MAKERS)}"
    return _MAKERS[name](SceneRandomiser(rng))


def choose_place(scene: str, rng: np.random.Generator, *, rig: str = "usual") -> str:
    """The name of the place in which an action is filmed.

    With the arc of cameras, which all see one performance, everyday actions happen in any room, or anywhere in the open
    if that is where they belong; what needs its own floor stays where it is, and so does everything that is filmed by
    an action's usual cameras.

    Args:
        scene: The action's own place.
        rng: Drawn from once whatever the scene, and the same for all cameras of a performance.
        rig: How the cameras stand: "arc", or "usual".
    """
    share = float(rng.random())
    if rig != "arc":
        return scene
    group = INDOOR if scene == "room" else OUTDOOR if scene in OUTDOOR else (scene,)
    return group[int(share * len(group))]
