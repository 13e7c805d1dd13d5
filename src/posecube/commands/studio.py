"""``posecube studio``: videos of an acting mannequin, in which every joint is known."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import add_quiet, positive
from posecube.errors import extra

if TYPE_CHECKING:
    from posecube_studio.sets import StudioSet

NAME, HELP = "studio", "render videos of an acting mannequin"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """An action, and what it needs."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    render = actions.add_parser("render", help="render clips into a folder laid out as NTU RGB+D is")
    render.add_argument("set", nargs="?", metavar="SET", help="a standard set: studio20 or studio-mini")
    render.add_argument("--out", type=Path, required=True, metavar="DIR")
    render.add_argument("--depth", action="store_true", help="write depth")
    render.add_argument("--flow", action="store_true", help="write scene flow")
    render.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default: %(default)s)")
    add_quiet(render)
    _add_clips(render.add_argument_group("clips", "what differs from the set, or from one clip of each action"))
    _add_conditions(render.add_argument_group("conditions", "how clips are recorded"))
    skeletons = actions.add_parser("skeletons", help="write joints alone into a store: thousands of clips in minutes")
    skeletons.add_argument(
        "kinds", nargs="*", default=["actions"], metavar="KIND",
        help="actions (default), variants: other ways to do them, unnamed: what is none of them",
    )  # fmt: skip
    skeletons.add_argument("--store", type=Path, required=True, metavar="DIR")
    skeletons.add_argument(
        "--repeats", type=positive, default=6, metavar="N", help="of each by each of 22 people (default: %(default)s)"
    )
    skeletons.add_argument("--workers", type=positive, default=1, metavar="N", help="processes (default: %(default)s)")
    add_quiet(skeletons)
    fingerprint = actions.add_parser("fingerprint", help="digest of a set's joints, and of a folder's depth")
    fingerprint.add_argument("source", metavar="SET|DIR")


def _add_clips(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--actions", type=lambda text: text.split(","), metavar="A,B", help="default: all")
    group.add_argument("--subjects", type=int, metavar="N", help="people")
    group.add_argument("--views", type=int, metavar="N", help="cameras on the arc")
    group.add_argument("--repeats", type=int, metavar="N", help="performances by each person")
    group.add_argument("--frames", type=int, metavar="T", help="default: what shows an action whole")
    group.add_argument("--size", type=_size_hw, metavar="HxW", help="height and width in pixels (default: 256x456)")
    group.add_argument("--fps", type=_fps, metavar="F", help="frames a second (default: 30)")
    group.add_argument("--seed", type=int, metavar="S", help="other seeds, other performances (default: 0)")
    group.add_argument("--setup", type=int, metavar="N", help="S of the clips' names, 1 to 17 (default: 1)")


def _add_conditions(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--conditions", metavar="NAME", help="good, handheld, dark, darkest, crowded or kinect")
    group.add_argument("--dark", type=float, metavar="G", help="gamma that would undo the darkness: 2.5 to 4 is night")
    group.add_argument("--noise", type=float, metavar="X", help="of the sensor, as a fraction of full scale")
    group.add_argument("--shutter", type=float, metavar="X", help="fraction of the time that it is open: motion blur")
    group.add_argument("--shake", type=float, metavar="DEG", help="of a camera held by hand")
    group.add_argument("--occluders", type=int, metavar="N", help="things between camera and people")
    others = group.add_mutually_exclusive_group()
    others.add_argument("--bystanders", type=int, metavar="N", help="people in the background, without labels")
    others.add_argument("--people", type=positive, metavar="N", help="the same and the one who acts: N - 1 bystanders")
    group.add_argument("--kinect", action="store_true", default=None, help="depth with a Kinect's noise and holes")


def _size_hw(text: str) -> tuple[int, int]:
    height, _, width = text.partition("x")
    if not height.isdecimal() or not width.isdecimal():
        raise argparse.ArgumentTypeError(f"expected height x width such as 256x456, got {text!r}")
    return int(height), int(width)


def _fps(text: str) -> Fraction:
    try:
        return Fraction(text).limit_denominator(1001)
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"expected a number such as 30 or 29.97, got {text!r}") from None


def run(options: argparse.Namespace) -> None:
    """Do what the command line asks for."""
    if options.action == "fingerprint":
        show_fingerprint(options.source)
        return
    if options.action == "skeletons":
        skeletons(
            options.kinds, store=options.store, repeats=options.repeats, workers=options.workers, quiet=options.quiet
        )
        return
    render(
        _ordered_set(options), out=options.out, depth=options.depth, flow=options.flow, workers=options.workers,
        quiet=options.quiet,
    )  # fmt: skip


def _ordered_set(options: argparse.Namespace) -> StudioSet:
    with extra("studio", needed_for="`posecube studio`"):
        from posecube_studio.sets import order_set

    return order_set(
        options.set,
        actions=options.actions,
        subjects=options.subjects,
        num_views=options.views,
        num_repeats=options.repeats,
        num_frames=options.frames,
        size_hw=options.size,
        fps=options.fps,
        seed=options.seed,
        setup=options.setup,
        conditions=options.conditions,
        dark=options.dark,
        noise=options.noise,
        shutter=options.shutter,
        shake_deg=options.shake,
        occluders=options.occluders,
        bystanders=options.bystanders if options.people is None else options.people - 1,
        kinect_depth=options.kinect,
    )


def skeletons(kinds: Sequence[str], *, store: Path, repeats: int = 6, workers: int = 1, quiet: bool = False) -> None:
    """Write the joints of performances into a new store.

    Raises:
        FileExistsError: If something is at the path already.
        UserError: If a kind of motions is unknown.
    """
    from posecube.commands.terminal import console
    from posecube.progress import progress_bar
    from posecube.skeleton.layouts import NTU25
    from posecube.store import StoreWriter

    with extra("studio", needed_for="`posecube studio`"):
        from posecube_studio.skeletons import actions_of_kind, classes_of, performances

    actions = [action for kind in kinds for action in actions_of_kind(kind)]
    splits: dict[str, list[str]] = {"xsub_train": [], "xsub_val": []}
    with progress_bar(quiet=quiet) as progress, StoreWriter(store, layout=NTU25, classes=classes_of(actions)) as writer:
        for sequence, split in performances(actions, repeats=repeats, workers=workers):
            writer.add(sequence)
            splits[split].append(sequence.name)
            progress("performing", len(writer))
        for split, names in splits.items():
            writer.set_split(split, names)
    count = sum(map(len, splits.values()))
    console.print(f"{store}: {count:,} clips of {len(actions)} motions", soft_wrap=True, highlight=False)


def show_fingerprint(source: str) -> None:
    """Digests of a set, or of a folder of rendered clips."""
    from posecube.commands.terminal import console
    from posecube.progress import progress_bar

    with extra("studio", needed_for="`posecube studio`"):
        from posecube_studio.fingerprint import fingerprint

    with progress_bar() as progress:
        found = fingerprint(source, progress=progress)
    console.print(str(found), soft_wrap=True, highlight=False)


def render(
    chosen: StudioSet, *, out: Path, depth: bool = False, flow: bool = False, workers: int = 1, quiet: bool = False
) -> None:
    """Render a set's clips that the folder does not have yet."""
    from posecube.commands.terminal import console
    from posecube.progress import progress_bar

    with extra("studio", needed_for="`posecube studio`"):
        from posecube_studio.clip_folder import render_to_folder

    with progress_bar(quiet=quiet) as progress:
        report = render_to_folder(out, chosen, depth=depth, flow=flow, workers=workers, progress=progress)
    console.print(str(report), soft_wrap=True)
