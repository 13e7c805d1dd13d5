"""Options that several commands share: their words on the command line, and the typed values that they become."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posecube.video.clip_videos import ClipVideos

DEVICES = ("auto", "cpu", "cuda", "mps")  # those of posecube.model.device, which waits for torch


def positive(text: str) -> int:
    """A whole number from 1 on, as the type of an option."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}") from None
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def add_alias(command: argparse._ActionsContainer, name: str, *, dest: str, **options: object) -> None:
    """An option's name of the version before, accepted and not shown."""
    command.add_argument(name, dest=dest, default=argparse.SUPPRESS, help=argparse.SUPPRESS, **options)  # type: ignore[arg-type]


def add_settings(
    command: argparse._ActionsContainer, *, metavar: str = "KEY=VALUE", help: str = "change settings"
) -> None:
    """``--set``: settings of a recipe or a reader, checked where they are used."""
    command.add_argument("--set", nargs="+", action="extend", default=[], metavar=metavar, help=help)


def add_device(command: argparse._ActionsContainer, *, what: str = "where networks run") -> None:
    """``--device``: its value is for ``choose_device``."""
    command.add_argument("--device", choices=DEVICES, default="auto", help=f"{what} (default: a GPU if there is one)")


def add_smooth(command: argparse._ActionsContainer) -> None:
    """``--smooth``."""
    command.add_argument("--smooth", action="store_true", help="smooth joints over time that shake between frames")
    add_alias(command, "--steady", dest="smooth", action="store_true")


def add_precision(command: argparse._ActionsContainer) -> None:
    """``--precision``."""
    command.add_argument(
        "--precision", choices=("float32", "bf16"), default="float32",
        help="bf16: two to three times as fast where the processor has it, a clip in a thousand differs (float32)",
    )  # fmt: skip


def add_views(command: argparse._ActionsContainer) -> None:
    """``--views`` and ``--flip``: the test views of a clip."""
    command.add_argument(
        "--views", type=positive, default=1, metavar="N", help="test views a clip (default: %(default)s)"
    )
    command.add_argument("--flip", action="store_true", help="score mirror images too")


def add_workers(command: argparse._ActionsContainer) -> None:
    """``--workers``."""
    command.add_argument("--workers", type=positive, default=1, metavar="N", help="processes (default: %(default)s)")


def add_quiet(command: argparse._ActionsContainer, *, help: str = "no progress bar") -> None:
    """``--quiet``."""
    command.add_argument("--quiet", action="store_true", help=help)


def add_videos(
    command: argparse._ActionsContainer, *, help: str = "the clips' videos, for networks that read frames"
) -> None:
    """``--videos`` and ``--video-pattern``, for ``clip_videos``."""
    command.add_argument("--videos", type=Path, metavar="DIR", help=help)
    command.add_argument(
        "--video-pattern", default="{name}", metavar="PATH",
        help="path below DIR of clip {name}'s video or folder of pictures (default: %(default)s)",
    )  # fmt: skip


def clip_videos(options: argparse.Namespace) -> ClipVideos | None:
    """Where the clips' videos are, if the command line says so.

    Raises:
        FileNotFoundError: If there is no such folder.
        UserError: If the pattern has no place for a clip's name.
    """
    if options.videos is None:
        return None
    from posecube.video.clip_videos import ClipVideos

    return ClipVideos(options.videos, options.video_pattern)
