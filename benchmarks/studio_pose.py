"""Prints what `posecube bench studio_pose` measures, and more: PCK by view, darkness and joint on rendered clips."""

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from posecube.bench.studio_pose import ACTIONS, DARKS, METHOD, VIEWS, Errors, Score, Trial, by_light, mean_offsets
from posecube.pose.estimators.loading import load_estimator
from posecube.skeleton.layouts import COCO17

GROUPS = {
    "head": ("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
    **{
        f"{part}s": (f"left_{part}", f"right_{part}") for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    },
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    parser.add_argument("--rig", choices=("arc", "usual"), default="arc", help="where cameras stand (default: arc)")
    parser.add_argument("--actions", nargs="+", default=ACTIONS, metavar="NAME")
    parser.add_argument("--darks", nargs="+", type=float, default=DARKS, metavar="G", help="1 is full light")
    parser.add_argument("--frames", type=int, default=24, metavar="T", help="of each clip (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    options = parser.parse_args()
    trial = Trial(actions=options.actions, rig=options.rig, darks=options.darks, num_frames=options.frames)
    errors = list(trial.run(load_estimator(options.pose)))
    lights = by_light(errors)
    figures = {"by_light_and_view": _by_view(lights)}
    first, lightest = next(iter(lights.items()))
    figures |= {"by_action": _by_action(lightest), "by_joint": _by_joint(lightest)}
    console = Console()
    console.print(_table("all views and joints", ["dark", "view"], figures["by_light_and_view"]))
    console.print(_table(f"{first}, all views", ["action", ""], figures["by_action"]))
    console.print(_table(f"{first}, by joint", ["joints", "view"], figures["by_joint"]))
    console.print(_offsets(lightest))
    console.print(METHOD)
    if options.json:
        rows = {name: [{"row": keys, **vars(score)} for keys, score in table] for name, table in figures.items()}
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


Rows = list[tuple[tuple[str, str], Score]]


def _by_view(lights: dict[str, list[Errors]]) -> Rows:
    views = [("all", None), *((view, index) for index, view in enumerate(VIEWS))]
    return [((name, view), Score.of(errors, view=index)) for name, errors in lights.items() for view, index in views]


def _by_action(errors: list[Errors]) -> Rows:
    actions = dict.fromkeys(each.action for each in errors)
    return [((name, ""), Score.of([each for each in errors if each.action == name])) for name in actions]


def _by_joint(errors: list[Errors]) -> Rows:
    views = list(enumerate(VIEWS))
    return [
        ((group, view), Score.of(errors, view=index, joints=joints))
        for group, joints in GROUPS.items()
        for index, view in views
    ]


def _table(title: str, keys: list[str], rows: Rows) -> Table:
    """Rows that nothing was counted for are left out; people are counted in whole pictures, of whatever view."""
    table = Table(*keys, "PCK 0.1", "PCK 0.2", "found", "counted", "joints", title=title)
    for names, score in rows:
        if score.num_joints:
            shares = [f"{share:.1f}" for share in (score.pck_10, score.pck_20, score.found, score.counted)]
            if names[1] in VIEWS:
                shares[-1] = ""
            shown = [name.removeprefix("dark_").replace("_", " ") for name in names]
            table.add_row(*shown, *shares, str(score.num_joints))
    return table


def _offsets(errors: list[Errors]) -> Table:
    table = Table("joint", *VIEWS, title="mean offset of the estimates, percent of a torso: right, down")
    by_view = [100 * mean_offsets(errors, view=index) for index in range(len(VIEWS))]
    for joint, name in enumerate(COCO17.joints):
        table.add_row(
            name.replace("_", " "), *(f"{right:+.0f} {down:+.0f}" for right, down in (v[joint] for v in by_view))
        )
    return table


if __name__ == "__main__":
    main()
