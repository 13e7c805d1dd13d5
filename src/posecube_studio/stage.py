"""Everything of a take that the camera meets before the backdrop: people, what they hold, what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int16
from numpy import ndarray

from posecube.skeleton import find_layout
from posecube_studio.body import BONES
from posecube_studio.figure import body_solids
from posecube_studio.paint import Painter
from posecube_studio.solid import PlacedSolids, SolidTable
from posecube_studio.take import Take

NOBODY = -1
_BACKDROP = 0.4  # infrared reflectance of most walls and floors
_NTU25 = find_layout("ntu25")


class Stage:
    """The solids of a take over its frames.

    Attributes:
        painter: Colours them.
        persons: Whose body each solid is: performers first, then bystanders; -1 for things, and at the end (index -1)
            for the backdrop. (S + 1,)
        reflectance: Share of infrared light that each solid sends back, and at the end the backdrop. (S + 1,)
        still: Solids on the frame "world".
        joints_m: NTU-25 joints of everyone, in the world. (M, T, 25, 3)
    """

    def __init__(self, take: Take) -> None:
        people = (*take.performers, *take.bystanders)
        bodies = [body_solids(performer.person, grip=performer.grip) for performer in people]
        self.still = (*take.prop.still, *take.occluders)
        # What stands still has its shadow painted on the floor once, with the backdrop's.
        things = (*take.prop.solids, *(replace(solid, cast_shadow=False) for solid in self.still))
        worn = [replace(solid, frame=f"{index}.{solid.frame}") for index, body in enumerate(bodies) for solid in body]
        persons = [index for index, body in enumerate(bodies) for _ in body] + [NOBODY] * len(things)
        heights = [people[max(index, 0)].person.shape.height_m for index in persons]
        self.persons: Int16[ndarray, " S"] = np.array([*persons, NOBODY], dtype=np.int16)
        # Infrared finds dark cloth brighter than the eye does, but not hair or rubber.
        grey = [float(np.mean(solid.material.colour)) for solid in (*worn, *things)]
        self.reflectance: Float[ndarray, " S"] = np.array([0.06 + 0.7 * tone for tone in grey] + [_BACKDROP])
        self.painter = Painter([*worn, *things], heights)
        self.joints_m: Float[ndarray, "M T 25 3"] = np.stack([p.posture.joints(_NTU25) for p in people])
        names, self._origins, self._rotations = _frames(take)
        self._table = SolidTable([*worn, *things], names, groups=persons)

    def place(self, index: int) -> PlacedSolids:
        """All solids in one frame of time."""
        return self._table.place(self._origins[index], self._rotations[index])


def _frames(take: Take) -> tuple[list[str], ndarray, ndarray]:
    """Everyone's bones, "0.pelvis" and so on, the prop's frames and the world, stacked over time."""
    people = [performer.posture for performer in (*take.performers, *take.bystanders)]
    props = take.prop.frames
    world = (np.zeros((take.num_frames, 1, 3)), np.tile(np.eye(3), (take.num_frames, 1, 1, 1)))
    names = [f"{index}.{bone}" for index in range(len(people)) for bone in BONES]
    origins = [posture.origins_m for posture in people] + [at[:, None] for at, _ in props.values()]
    rotations = [posture.rotations for posture in people] + [axes[:, None] for _, axes in props.values()]
    return (
        [*names, *props, "world"],
        np.concatenate([*origins, world[0]], axis=1),
        np.concatenate([*rotations, world[1]], axis=1),
    )
