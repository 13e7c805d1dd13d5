"""``posecube weights``: list, show and import weights."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posecube.commands.options import add_settings

if TYPE_CHECKING:
    from posecube.checkpoints import InputChoice

NAME, HELP = "weights", "list, show and import weights"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """An action, and what it needs."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="the weights in the package")
    show = actions.add_parser("show", help="the card of a weights file")
    show.add_argument("weights", metavar="NAME|FILE")
    bring = actions.add_parser("import", help="turn a checkpoint of pyskl or MMAction2 into a weights file")
    bring.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    bring.add_argument("--architecture", required=True, metavar="NAME", help="such as posec3d_slowonly or stgcnpp")
    bring.add_argument("--out", type=Path, required=True, metavar="FILE")
    bring.add_argument("--classes", metavar="FILE|ntu60|ntu120", help="class names, one a line (default: numbers)")
    bring.add_argument("--layout", metavar="NAME", help="skeleton layout (default: by the number of joints)")
    bring.add_argument("--limbs", action="store_true", default=None, help="the network reads limb volumes")
    bring.add_argument("--stream", choices=("joint", "bone", "joint_motion", "bone_motion"), help="of a graph network")
    bring.add_argument("--size", type=int, metavar="N", help="side of the volumes in testing (default: 64)")
    bring.add_argument("--clip-len", type=int, metavar="T", help="frames of a clip (default: as published)")
    bring.add_argument("--framework", choices=("pyskl", "mmaction2"), help="whose test frames (default: who wrote it)")
    bring.add_argument("--name", metavar="NAME", help="of the weights (default: the file's)")
    add_settings(bring, help="arguments of the network that its tensors do not show, such as temporal_strides=[1,1,1]")


def run(options: argparse.Namespace) -> None:
    """Do what the command line asks for."""
    if options.action == "list":
        list_weights()
    elif options.action == "show":
        show_weights(options.weights)
    else:
        from posecube.checkpoints import InputChoice

        choice = InputChoice(
            layout=options.layout, limbs=options.limbs, stream=options.stream, size=options.size,
            clip_len=options.clip_len, framework=options.framework,
        )  # fmt: skip
        import_weights(
            options.checkpoint, options.architecture, options.out, choice=choice, classes=options.classes,
            settings=options.set, name=options.name,
        )  # fmt: skip


def list_weights() -> None:
    """The weights in the package, a line each."""
    from rich.table import Table

    from posecube.commands.terminal import console
    from posecube.model import find_weights, read_card, shipped_weights

    table = Table("name", "architecture", "classes", "scores")
    for name in shipped_weights():
        card = read_card(find_weights(name))
        scores = ", ".join(f"{key}: {value}" for key, value in card.scores.items())
        table.add_row(name, card.model.architecture, str(len(card.classes)), scores)
    console.print(table)


def show_weights(name_or_path: str) -> None:
    """The card of a weights file, as JSON."""
    from posecube.commands.terminal import console
    from posecube.model import find_weights, read_card

    console.print_json(read_card(find_weights(name_or_path)).model_dump_json())


def import_weights(
    checkpoint: Path,
    architecture: str,
    out: Path,
    *,
    choice: InputChoice,
    classes: str | None = None,
    settings: Sequence[str] = (),
    name: str | None = None,
) -> None:
    """Turn a published checkpoint into a weights file."""
    from posecube import checkpoints
    from posecube.commands.terminal import console
    from posecube.files import check_output

    check_output(out)
    imported = checkpoints.import_weights(
        checkpoint, architecture, out, choice=choice, classes=classes,
        arguments=checkpoints.parse_arguments(settings), name=name,
    )  # fmt: skip
    for note in imported.notes:
        console.print(note, soft_wrap=True)
    console.print(f"wrote {imported.path}: {imported.summary}", soft_wrap=True)
