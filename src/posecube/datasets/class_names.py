"""Names of classes: those of NTU RGB+D, those of a text file, and numbers for classes that have none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from posecube.errors import UserError

# A001 to A120 as the authors of NTU RGB+D list them; the first 60 are those of its first edition.
NTU120_CLASSES = (
    "drink water", "eat meal/snack", "brushing teeth", "brushing hair", "drop", "pickup", "throw", "sitting down",
    "standing up (from sitting position)", "clapping", "reading", "writing", "tear up paper", "wear jacket",
    "take off jacket", "wear a shoe", "take off a shoe", "wear on glasses", "take off glasses", "put on a hat/cap",
    "take off a hat/cap", "cheer up", "hand waving", "kicking something", "reach into pocket",
    "hopping (one foot jumping)", "jump up", "make a phone call/answer phone", "playing with phone/tablet",
    "typing on a keyboard", "pointing to something with finger", "taking a selfie", "check time (from watch)",
    "rub two hands together", "nod head/bow", "shake head", "wipe face", "salute", "put the palms together",
    "cross hands in front (say stop)", "sneeze/cough", "staggering", "falling", "touch head (headache)",
    "touch chest (stomachache/heart pain)", "touch back (backache)", "touch neck (neckache)",
    "nausea or vomiting condition", "use a fan (with hand or paper)/feeling warm",
    # A050: from here on two people.
    "punching/slapping other person", "kicking other person", "pushing other person", "pat on back of other person",
    "point finger at the other person", "hugging other person", "giving something to other person",
    "touch other person's pocket", "handshaking", "walking towards each other", "walking apart from each other",
    # A061: one person again.
    "put on headphone", "take off headphone", "shoot at the basket", "bounce ball", "tennis bat swing",
    "juggling table tennis balls", "hush (quite)", "flick hair", "thumb up", "thumb down", "make ok sign",
    "make victory sign", "staple book", "counting money", "cutting nails", "cutting paper (using scissors)",
    "snapping fingers", "open bottle", "sniff (smell)", "squat down", "toss a coin", "fold paper", "ball up paper",
    "play magic cube", "apply cream on face", "apply cream on hand back", "put on bag", "take off bag",
    "put something into a bag", "take something out of a bag", "open a box", "move heavy objects", "shake fist",
    "throw up cap/hat", "hands up (both hands)", "cross arms", "arm circles", "arm swings", "running on the spot",
    "butt kicks (kick backward)", "cross toe touch", "side kick", "yawn", "stretch oneself", "blow nose",
    # A106: two people.
    "hit other person with something", "wield knife towards other person",
    "knock over other person (hit with body)", "grab other person's stuff", "shoot at other person with a gun",
    "step on foot", "high-five", "cheers and drink", "carry something with other person",
    "take a photo of other person", "follow other person", "whisper in other person's ear",
    "exchange things with other person", "support somebody with one's hand (someone is sick, help him to walk)",
    "finger-guessing game (playing rock-paper-scissors)",
)  # fmt: skip
NTU60_CLASSES = NTU120_CLASSES[:60]
KNOWN_CLASSES = {"ntu60": NTU60_CLASSES, "ntu120": NTU120_CLASSES}

# "3 run", "3. run", "3,run", "A003. run", "A3: run"
_NUMBERED = re.compile(r"A?0*(\d{1,6})\s*[.,:\s]\s*(\S.*)")


def read_class_names(path: str | Path, *, first: int | None = None) -> tuple[str, ...]:
    """Read a file of one name a line, or of `number name` a line in any order, numbered from 0 or 1 on.

    Lines that begin with ``#`` are comments. Numbers that do not count the lines are part of the names. A name that
    repeats, as one of FineGYM's does, gets a number: ``salto (2)``.

    Args:
        path: The file, or ``ntu60`` or ``ntu120`` for names that we know.
        first: What numbers must begin with, where something else refers to them.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no text, is empty, gives a number twice or begins with another one than ``first``.
    """
    if str(path) in KNOWN_CLASSES:
        return KNOWN_CLASSES[str(path)]
    path = Path(path)
    lines = _lines(path)
    numbered = [(int(found[1]), found[2]) for found in map(_NUMBERED.fullmatch, lines) if found]
    if len(numbered) == len(lines):
        numbers = sorted(number for number, _ in numbered)
        repeated = next((one for one, next_one in pairwise(numbers) if one == next_one), None)
        if repeated is not None:
            raise UserError(f"{path}: the number {repeated} stands there a second time")
        start = numbers[0] if first is None else first
        if numbers == list(range(start, start + len(lines))) and start in (0, 1):
            lines = [name for _, name in sorted(numbered)]
        elif first is not None:
            last = first + len(lines) - 1
            raise UserError(f"{path}: expected classes numbered {first} to {last}, got {numbers[0]} to {numbers[-1]}")
    return distinct(lines)


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise FileNotFoundError(f"no file of class names at {path}")
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        raise UserError(f"{path}: expected class names, one a line; this is no UTF-8 text") from None
    names = [line for line in lines if line and not line.startswith("#")]
    if not names:
        raise UserError(f"{path} names no classes")
    return names


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with numbers where they repeat."""
    made: dict[str, None] = {}
    for name in names:
        number, candidate = 1, name
        while candidate in made:
            number += 1
            candidate = f"{name} ({number})"
        made[candidate] = None
    return tuple(made)


def numbered_class_names(num_classes: int) -> tuple[str, ...]:
    """``class_000`` and so on: they sort as they are numbered."""
    return tuple(f"class_{number:03d}" for number in range(num_classes))
