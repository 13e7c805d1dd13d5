"""How right a pose estimator is on the studio's people, whose joints are known: PCK by view, darkness and joint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from rich.console import Console
from rich.table import Table

from pose_errors import VIEWS, Errors, Score, estimate_clip, mean_offsets
from posecube.files import write_json
from posecube.pose.estimators.loading import load_estimator
from posecube.pose.types import PoseEstimator
from posecube.skeleton.layouts import COCO17
from posecube_studio.clip import RenderedClip, render_clip
from posecube_studio.conditions import Conditions
from posecube_studio.viewpoints import Rig
from timing import arguments, show

ACTIONS = ("wave", "jumping_jacks", "walk", "punch", "drink", "squat", "pick_up", "handshake")
DARKS = (1.0, 1.8, 2.5, 3.2, 4.0)
_QUICK_ACTIONS, _QUICK_DARKS, _QUICK_FRAMES = ("wave", "jumping_jacks", "punch", "drink"), (1.0, 3.2), 12
METHOD = (
    "PCK of the default pose estimator with tracking, as `posecube extract` runs it, on rendered clips of 256 x 456 "
    "at 10 frames a second that three cameras on an arc see: percent of the visible joints of COCO-17 that are "
    "estimated within 0.1 of the distance from left shoulder to right hip in the picture; what was not estimated is "
    "wrong. Views by the angle from the chest's front to the camera: front up to 25 degrees, 45_degrees up to 65, "
    "side up to 115. dark_3.2: as dark as ARID; brightened: gamma-corrected by 3.2 before. *_found: percent of the "
    "people in a frame who got a skeleton; *_counted: percent of frames with the right number of people. "
    "`benchmarks/studio_pose.py --tables` has more actions, darknesses and people, and tells joints apart."
)
GROUPS = {
    "head": ("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
    **{
        f"{part}s": (f"left_{part}", f"right_{part}") for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    },
}


@dataclass(frozen=True)
class Trial:
    """Which clips are rendered: each action by one of the subjects, seen by each camera of the rig, in each darkness.

    Attributes:
        subjects: They take turns, so that every action is somebody else's.
        darks: See `Conditions.dark`; those above 1 are estimated as they are and brightened.
    """

    actions: Sequence[str] = ACTIONS
    subjects: Sequence[int] = (0, 1, 2, 5)
    views: Sequence[int] = (0, 1, 2)
    rig: Rig = "arc"
    darks: Sequence[float] = DARKS
    num_frames: int = 24
    fps: int = 10
    size_hw: tuple[int, int] = (256, 456)

    def clips(self) -> Iterator[tuple[float, RenderedClip]]:
        """Each clip and its darkness."""
        for index, action in enumerate(self.actions):
            subject = self.subjects[index % len(self.subjects)]
            for view, dark in product(self.views, self.darks):
                clip = render_clip(
                    action, subject=subject, view=view, seed=index, num_frames=self.num_frames, size_hw=self.size_hw,
                    fps=self.fps, conditions=Conditions(dark=dark), rig=self.rig,
                )  # fmt: skip
                yield dark, clip

    def run(self, estimator: PoseEstimator) -> Iterator[Errors]:
        """The errors on every clip, in light and dark."""
        for dark, clip in self.clips():
            yield estimate_clip(clip, estimator, dark=dark)
            if dark > 1:
                yield estimate_clip(clip, estimator, dark=dark, brightened=True)


def measure() -> dict[str, float]:
    """PCK in good light by view, and in the dark with and without gamma correction."""
    trial = Trial(actions=_QUICK_ACTIONS, darks=_QUICK_DARKS, num_frames=_QUICK_FRAMES)
    errors = list(trial.run(load_estimator()))
    lights = by_light(errors)
    figures = {}
    for index, view in enumerate(VIEWS):
        score = Score.of(lights["bright"], view=index)
        if score.num_joints:
            figures[f"bright_{view.replace(' ', '_')}_pck"] = score.pck_10
    for name, several in lights.items():
        score = Score.of(several)
        figures |= {f"{name}_pck": score.pck_10, f"{name}_found": score.found, f"{name}_counted": score.counted}
    return figures


def by_light(errors: Sequence[Errors]) -> dict[str, list[Errors]]:
    """Clips of one darkness, brightened or not, under one name."""
    groups: dict[str, list[Errors]] = {}
    for each in sorted(errors, key=lambda each: (each.dark, each.brightened)):
        name = "bright" if each.dark == 1 else f"dark_{each.dark:g}" + "_brightened" * each.brightened
        groups.setdefault(name, []).append(each)
    return groups


Rows = list[tuple[tuple[str, str], Score]]


def print_tables(trial: Trial, estimator: PoseEstimator) -> dict[str, Rows]:
    """Scores by light and view, by action and by joint."""
    lights = by_light(list(trial.run(estimator)))
    first, lightest = next(iter(lights.items()))
    tables = {
        "by_light_and_view": _by_view(lights), "by_action": _by_action(lightest), "by_joint": _by_joint(lightest),
    }  # fmt: skip
    console = Console()
    console.print(_table("all views and joints", ["dark", "view"], tables["by_light_and_view"]))
    console.print(_table(f"{first}, all views", ["action", ""], tables["by_action"]))
    console.print(_table(f"{first}, by joint", ["joints", "view"], tables["by_joint"]))
    console.print(_offsets(lightest))
    return tables


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


def main() -> None:
    """What `posecube bench` measures, or all tables."""
    parser = arguments(METHOD)
    parser.add_argument("--tables", action="store_true", help="more clips, by action and by joint; all below is for it")
    parser.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    parser.add_argument("--rig", choices=("arc", "usual"), default="arc", help="where cameras stand (default: arc)")
    parser.add_argument("--actions", nargs="+", default=ACTIONS, metavar="NAME")
    parser.add_argument("--darks", nargs="+", type=float, default=DARKS, metavar="G", help="1 is full light")
    parser.add_argument("--frames", type=int, default=24, metavar="T", help="of each clip (default: %(default)s)")
    options = parser.parse_args()
    if not options.tables:
        show(measure(), METHOD, options.json)
        return
    trial = Trial(actions=options.actions, rig=options.rig, darks=options.darks, num_frames=options.frames)
    tables = print_tables(trial, load_estimator(options.pose))
    if options.json:
        rows = {name: [{"row": keys, **vars(score)} for keys, score in table] for name, table in tables.items()}
        write_json(options.json, rows)


if __name__ == "__main__":
    main()
