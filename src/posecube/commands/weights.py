"""Commands about weights files."""

from __future__ import annotations

from argparse import Namespace

from rich.table import Table

from posecube.commands.terminal import check_outputs, console


def weights(options: Namespace) -> None:
    """List the shipped weights, show a card, or import a checkpoint."""
    from posecube.model import find_weights, read_card, shipped_weights

    if options.action == "import":
        import_weights(options)
        return
    if options.action == "show":
        console.print_json(read_card(find_weights(options.weights)).model_dump_json())
        return
    table = Table("name", "architecture", "classes", "scores")
    for name in shipped_weights():
        card = read_card(find_weights(name))
        scores = ", ".join(f"{key}: {value}" for key, value in card.scores.items())
        table.add_row(name, card.model.architecture, str(len(card.classes)), scores)
    console.print(table)


def import_weights(options: Namespace) -> None:
    """Turn a published checkpoint into a weights file."""
    from posecube import checkpoints

    check_outputs(options.out)
    choice = checkpoints.InputChoice(
        layout=options.layout,
        limbs=options.limbs,
        stream=options.stream,
        size=options.size,
        clip_len=options.clip_len,
        framework=options.framework,
    )
    imported = checkpoints.import_weights(
        options.checkpoint,
        options.architecture,
        options.out,
        choice=choice,
        classes=options.classes,
        arguments=checkpoints.parse_arguments(options.set),
        name=options.name,
    )
    for note in imported.notes:
        console.print(note, soft_wrap=True)
    console.print(f"wrote {imported.path}: {imported.summary}", soft_wrap=True)
