"""Volleyball's annotations: which moments there are, what the teams do in them, and which video belongs to which split.

``<video>/annotations.txt`` has a line a moment: ``13286.jpg r_spike`` and then each player's box and action.

Source: Ibrahim et al., "A Hierarchical Deep Temporal Model for Group Activity Recognition", CVPR 2016.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from posecube.errors import UserError

CLASSES = ("r_set", "r_spike", "r-pass", "r_winpoint", "l_winpoint", "l-pass", "l-spike", "l_set")
SPLIT_VIDEOS = {
    "train": (1, 3, 6, 7, 10, 13, 15, 16, 18, 22, 23, 31, 32, 36, 38, 39, 40, 41, 42, 48, 50, 52, 53, 54),
    "val": (0, 2, 8, 12, 17, 19, 24, 26, 27, 28, 30, 33, 46, 49, 51),
    "test": (4, 5, 9, 11, 14, 20, 21, 25, 29, 34, 35, 37, 43, 44, 45, 47),
}
SPLIT_OF_VIDEO = {video: split for split, videos in SPLIT_VIDEOS.items() for video in videos}

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?")
# Both spellings are in circulation.
_CLASS_OF_WORD = {name.replace("-", "_"): name for name in CLASSES}


@dataclass(frozen=True)
class Player:
    """One player at the annotated moment.

    Attributes:
        box_xywh: Left, top, width, height in pixels.
        action: One of nine, such as ``standing``.
    """

    box_xywh: tuple[float, float, float, float]
    action: str


@dataclass(frozen=True)
class Moment:
    """A line of ``annotations.txt``: the frame, what the teams do (one of ``CLASSES``), and the players."""

    frame: int
    activity: str
    players: tuple[Player, ...]


def parse_moment(line: str) -> Moment:
    """Read a line; a player's box may stand before the action or after it.

    Raises:
        UserError: If it is none.
    """
    words = line.split()
    frame = re.fullmatch(r"([0-9]{1,9})\.jpg", words[0]) if words else None
    if frame is None or len(words) < 2:
        raise UserError(f"expected `FRAME.jpg ACTIVITY` and players, got {line[:60]!r}")
    activity = _CLASS_OF_WORD.get(words[1].replace("-", "_"))
    if activity is None:
        raise UserError(f"activity {words[1][:20]!r} is none of {', '.join(CLASSES)}")
    players = [_player(words[start : start + 5]) for start in range(2, len(words), 5)]
    return Moment(int(frame[1]), activity, tuple(players))


def read_moments(source: Path) -> dict[str, Moment | str]:
    """The moments of all videos, ``<video>_<frame>`` to the line or to why it cannot be read, by video and frame.

    Args:
        source: The folder that holds ``videos/<video>/annotations.txt``, or ``<video>/annotations.txt``.

    Raises:
        FileNotFoundError: If the folder does not exist.
        UserError: If there are no annotations.
    """
    if not source.is_dir():
        raise FileNotFoundError(f"no folder {source}: give the folder that holds videos/<video>/annotations.txt")
    parent = source / "videos" if (source / "videos").is_dir() else source
    videos = [folder for folder in parent.iterdir() if re.fullmatch(r"[0-9]{1,4}", folder.name)]
    moments: dict[str, Moment | str] = {}
    for folder in sorted(videos, key=lambda folder: int(folder.name)):
        path = folder / "annotations.txt"
        if path.is_file():
            moments |= _moments_of_video(int(folder.name), path.read_text(encoding="utf-8", errors="replace"))
    if not moments:
        raise UserError(f"{source} holds no videos/<video>/annotations.txt: is it the Volleyball data set?")
    return moments


def _moments_of_video(video: int, text: str) -> dict[str, Moment | str]:
    moments: dict[str, Moment | str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            moment = parse_moment(line)
        except ValueError as error:
            moments[f"{video}_line{number}"] = f"annotations.txt of video {video}, line {number}: {error}"
            continue
        name = f"{video}_{moment.frame}"
        if video not in SPLIT_OF_VIDEO:
            moments[name] = f"video {video} is none of the data set's {len(SPLIT_OF_VIDEO)}"
        elif name in moments:
            moments[name] = f"annotations.txt of video {video} lists frame {moment.frame} twice"
        else:
            moments[name] = moment
    return dict(sorted(moments.items(), key=lambda item: _frame(item[1])))


def _frame(moment: Moment | str) -> int:
    return moment.frame if isinstance(moment, Moment) else -1


def _player(words: list[str]) -> Player:
    is_number = [_NUMBER.fullmatch(word) is not None for word in words]
    if is_number not in ([False] + 4 * [True], 4 * [True] + [False]):
        raise UserError(f"a player must be a box of four numbers and an action, got {' '.join(words)[:60]!r}")
    numbers = words[:4] if is_number[0] else words[1:]
    left, top, width, height = (float(word) for word in numbers)
    return Player((left, top, width, height), words[4] if is_number[0] else words[0])
