"""Options that several commands share: their words on the command line, and the typed values that they become."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from posecube.video.clip_videos import ClipVideos

DEVICES = ("auto", "cpu", "cuda", "mps")  # those of posecube.model.device, which waits for torch


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number within bounds, as the type of an option."""

    def parsed(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected a whole number, got {text[:40]!r}") from None
        return cast(int, _within(value, lowest, highest))

    return parsed


def number(lowest: float, highest: float) -> Callable[[str], float]:
    """A number within bounds, as the type of an option; neither infinite nor "not a number"."""

    def parsed(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected a number, got {text[:40]!r}") from None
        return _within(value, lowest, highest)

    return parsed


def _within(value: float, lowest: float, highest: float) -> float:
    if not lowest <= value <= highest:
        shown = f"{value:,}" if isinstance(value, int) and abs(value) < 10**15 else f"{value:.6g}"
        raise argparse.ArgumentTypeError(f"must be at least {lowest:,} and at most {highest:,}, got {shown}")
    return value


positive = whole(1, 1_000_000)
views = whole(1, 100)  # of one clip; published results take ten
workers = whole(1, 512)


def output(text: str) -> Path:
    """A file to write, as the type of an option; ``-`` is the standard output and ``./-`` a file of that name."""
    from posecube.files import STDOUT

    if text in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        return STDOUT
    path = Path(text)
    return path.absolute() if path == STDOUT else path


def files_of_weights(names: Iterable[str]) -> list[Path]:
    """Files that names of weights stand for, where they are files: an output must be none of them."""
    return [path for name in names for path in (Path(name), Path(name, "weights.safetensors")) if path.is_file()]


def files_of_store(store: Path) -> list[Path]:
    """Files that a store consists of: an output must be none of them."""
    return [*store.glob("manifest.json"), *store.glob("*.arrow")]


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
    command.add_argument("--views", type=views, default=1, metavar="N", help="test views a clip (default: %(default)s)")
    command.add_argument("--flip", action="store_true", help="score mirror images too")


def add_workers(command: argparse._ActionsContainer) -> None:
    """``--workers``."""
    command.add_argument("--workers", type=workers, default=1, metavar="N", help="processes (default: %(default)s)")


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
