"""An action acted out: motion programs become postures of the people who perform it, before any camera."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from posecube_studio.body import Posture, pose_body
from posecube_studio.goals import Goals, reach
from posecube_studio.motions import Program, Style, Together, find_action
from posecube_studio.motions.style import alive
from posecube_studio.props import Prop, Scene, make_prop
from posecube_studio.rotation import about
from posecube_studio.subject import Subject, find_subject

_LEFT_HANDED = 0.15  # share of left-handers

# NTU RGB+D's subjects, counted from 0: the half that its cross-subject protocol trains on, and the other half.
_NTU_HALVES = (
    (0, 1, 3, 4, 7, 8, 12, 13, 14, 15, 16, 17, 18, 24, 26, 27, 30, 33, 34, 37),
    (2, 5, 6, 9, 10, 11, 19, 20, 21, 22, 23, 25, 28, 29, 31, 32, 35, 36, 38, 39),
)


@dataclass(frozen=True)
class Performer:
    """One person in a clip.

    Attributes:
        grip: Whether the hands are closed around something.
    """

    person: Subject
    posture: Posture
    grip: bool = False


@dataclass(frozen=True)
class Performance:
    """What happens, whoever looks.

    Attributes:
        performers: One, or the two of an action that takes two; the first is the subject asked for.
        mirrored: Whether it is done left-handed.
    """

    performers: tuple[Performer, ...]
    prop: Prop
    mirrored: bool = False

    def turned(self, turn_deg: float) -> Performance:
        """The same with people and things turned to the left about the middle of the place."""
        turn = about("y", np.radians(turn_deg))
        frames = {name: (origins @ turn.T, turn @ axes) for name, (origins, axes) in self.prop.frames.items()}
        still = []
        for solid in self.prop.still:
            x, y, z = turn @ np.array(solid.origin)
            still.append(replace(solid, origin=(float(x), float(y), float(z)), axes=turn @ solid.axes))
        performers = tuple(replace(each, posture=each.posture.placed(turn_deg)) for each in self.performers)
        return replace(self, performers=performers, prop=replace(self.prop, frames=frames, still=tuple(still)))


def perform(action: str, *, subject: int, seed: int, time_s: Float[ndarray, " T"], variety: float = 1.0) -> Performance:
    """Act an action out; the same arguments give the same motion, to the bit.

    Args:
        subject: Number of the (first) person; the second is their `partner_of`.
        variety: How far tempo, amplitude and the like stray from the typical, 0 to 1.

    Raises:
        UserError: If there is no such action, or a number is out of its range.
    """
    program = find_action(action)
    person = find_subject(subject)
    style = Style(seeded("motion", action, subject, seed), variety=variety)
    mirrored = program.handed and variety > 0 and style.chance(_LEFT_HANDED)
    length = len(time_s) * float(time_s[1]) if len(time_s) > 1 else 1.0
    paced = time_s * (1.0 if program.cyclic else max(1.0, program.duration_s / length))
    if isinstance(program.program, Together):
        return _perform_together(program.program, (person, find_subject(partner_of(subject))), style, paced)
    posture, goals = _act(program.program, person, style, time_s, paced, mirrored=mirrored, sway=program.sway)
    chooser = seeded("prop", action, subject, seed) if variety > 0 else None
    prop = make_prop(program.prop, Scene(posture, goals, time_s, -1 if mirrored else 1, chooser))
    return Performance((Performer(person, posture, prop.grip),), prop, mirrored)


def partner_of(subject: int) -> int:
    """Who does with a subject what takes two; never the subject, and the partner's partner is the subject.

    A cross-subject protocol must not see a training subject in a test clip, so partners are of the same half of NTU
    RGB+D's: neighbours within it, such as 0 and 1 or 2 and 5. From 40 on, where that protocol ends, an even number and
    the next are partners.

    Args:
        subject: Counted from 0: NTU's P001 is 0.
    """
    for half in _NTU_HALVES:
        if subject in half:
            return half[half.index(subject) ^ 1]
    return subject ^ 1


def seeded(purpose: str, action: str, *numbers: int) -> np.random.Generator:
    """A generator for one purpose of one action, independent of those of other purposes and numbers."""
    words = [int.from_bytes(word.encode()[:12], "little") for word in (purpose, action)]
    return np.random.default_rng([*words, *numbers])


def _act(
    program: Program, person: Subject, style: Style, time_s: ndarray, paced_s: ndarray, *, mirrored: bool, sway: float
) -> tuple[Posture, Goals]:
    """Motion program, the body's own sway, then the joints' angles within their limits."""
    goals = alive(program(person.shape, style, paced_s), style, time_s, amount=sway)
    if mirrored:
        goals = goals.mirrored()
    return pose_body(person.shape, reach(person.shape, goals)), goals


def _perform_together(
    program: Together, people: tuple[Subject, Subject], style: Style, paced_s: ndarray
) -> Performance:
    roles = program.act((people[0].shape, people[1].shape), style, paced_s)
    performers = []
    for person, role in zip(people, roles, strict=True):
        posture = pose_body(person.shape, reach(person.shape, role.goals))
        performers.append(Performer(person, posture.placed(role.turn_deg, role.shift_m)))
    return Performance(tuple(performers), Prop())
