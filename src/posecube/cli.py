"""The command line: parsing only; what a command needs is imported when it runs."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

from posecube import __version__
from posecube.errors import UserError

USER_ERRORS = (UserError, OSError)
OURS = "this is a mistake in posecube: please report it with the lines above and the command that you gave"


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when it did its work, 2 when the user can mend what was wrong, 1 for a bug of ours."""
    options = build_parser().parse_args(arguments)
    try:
        from posecube.commands import COMMANDS

        COMMANDS[options.command](options)
    except USER_ERRORS as error:
        if options.traceback:
            raise
        print(f"posecube: error: {_one_line(error)}", file=sys.stderr)
        return 2
    except Exception:
        traceback.print_exc()
        print(f"posecube: {OURS}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("posecube: interrupted; what was finished is kept", file=sys.stderr)
        return 130
    return 0


def _one_line(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}"
    return " ".join(str(error).split()) or type(error).__name__


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = OneLineParser(prog="posecube", description="Recognise human actions from skeletons.")
    parser.add_argument("--version", action="version", version=f"posecube {__version__}")
    parser.add_argument("--traceback", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _recognize, _extract, _import, _info, _recipes, _train, _evaluate, _calibrate,
        _fuse, _compare, _robustness, _studio, _weights, _bench,
    ):  # fmt: skip
        add(commands)
    return parser


_Commands = argparse._SubParsersAction  # argparse has no public name for it


def _recognize(commands: _Commands) -> None:
    command = commands.add_parser("recognize", help="name the actions in a video")
    command.add_argument("video", type=Path, metavar="VIDEO")
    command.add_argument("--weights", nargs="+", default=None, metavar="NAME|FILE", help="default: the shipped models")
    command.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    command.add_argument("--json", type=Path, metavar="FILE", help="write people, segments and scores")
    command.add_argument("--video", dest="annotated", type=Path, metavar="FILE", help="write the annotated video")
    command.add_argument("--views", type=int, default=1, help="test views a window (default: %(default)s)")
    command.add_argument("--window", type=float, metavar="SECONDS", help="length of the sliding window")
    command.add_argument("--boxes", type=Path, metavar="FILE", help="follow given boxes: frame,x1,y1,x2,y2 a line")
    command.add_argument("--max-people", type=int, metavar="N", help="follow at most so many people")
    _add_steady(command)
    command.add_argument("--quiet", action="store_true", help="no progress bar, no table")


def _extract(commands: _Commands) -> None:
    command = commands.add_parser("extract", help="turn folders of videos into a skeleton store")
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    command.add_argument("--store", type=Path, required=True, metavar="DIR")
    command.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    command.add_argument("--labels", default="folders", metavar="folders|ntu|FILE", help="where labels come from")
    command.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default: %(default)s)")
    command.add_argument("--gamma", type=float, metavar="G", help="brighten dark frames first: 2.5 in publications")
    command.add_argument(
        "--enhance",
        choices=["gamma", "adaptive", "clahe"],
        help="how to brighten (default: gamma, if --gamma is given)",
    )
    command.add_argument("--constant", type=float, default=1.0, metavar="C", help="factor on what gamma gives")
    command.add_argument(
        "--average", type=int, default=0, metavar="N", help="average frames with N on either side first"
    )
    command.add_argument(
        "--people", choices=["tracked", "surest"], default="tracked",
        help="all whom tracking confirms, or one person: the surest of every frame (default: %(default)s)",
    )  # fmt: skip
    command.add_argument("--boxes", type=Path, metavar="FILE", help="people of interest: frame,x1,y1,x2,y2 a line")


def _import(commands: _Commands) -> None:
    command = commands.add_parser("import", help="turn a published data set into a skeleton store")
    command.add_argument(
        "format", metavar="FORMAT", help="penn-action, nucla, sbu, ntu, pyskl and more, see docs/import.md"
    )
    command.add_argument("source", type=Path, metavar="SOURCE", help="folder, archive or file")
    command.add_argument("--store", type=Path, required=True, metavar="DIR")
    _add_settings(command, help="reader's options")
    command.add_argument("--quiet", action="store_true", help="no progress bar")


def _info(commands: _Commands) -> None:
    command = commands.add_parser("info", help="what a skeleton store holds")
    command.add_argument("store", type=Path, metavar="STORE")


def _recipes(commands: _Commands) -> None:
    command = commands.add_parser("recipes", help="list the recipes, or show one with the size of its network")
    command.add_argument("recipe", nargs="?", metavar="RECIPE", help="a name of posecube.recipes or a Python file")
    _add_settings(command)
    command.add_argument("--markdown", action="store_true", help="the list with published figures, for a page")


def _train(commands: _Commands) -> None:
    command = commands.add_parser("train", help="train a recipe on a store")
    command.add_argument("recipe", metavar="RECIPE", help="a name of posecube.recipes or a Python file")
    command.add_argument("--store", type=Path, required=True, metavar="DIR")
    command.add_argument("--run", type=Path, required=True, metavar="DIR")
    _add_settings(command)
    _add_videos(command)
    command.add_argument("--resume", action="store_true", help="go on from the last finished epoch")
    command.add_argument("--quiet", action="store_true", help="no progress bar")


def _add_settings(
    command: argparse.ArgumentParser, *, metavar: str = "KEY=VALUE", help: str = "change settings"
) -> None:
    command.add_argument("--set", nargs="+", action="extend", default=[], metavar=metavar, help=help)


def _add_videos(
    command: argparse._ActionsContainer, *, help: str = "the clips' videos, for networks that read frames"
) -> None:
    command.add_argument("--videos", type=Path, metavar="DIR", help=help)
    command.add_argument(
        "--video-pattern", default="{name}", metavar="PATH",
        help="path below DIR of clip {name}'s video or folder of pictures (default: %(default)s)",
    )  # fmt: skip


def _add_steady(command: argparse.ArgumentParser) -> None:
    command.add_argument("--steady", action="store_true", help="bring joints to rest that shake from frame to frame")


def _add_precision(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--precision", choices=("float32", "bf16"), default="float32",
        help="bf16: two to three times as fast where the processor has it, a clip in a thousand differs (float32)",
    )  # fmt: skip


def _evaluate(commands: _Commands) -> None:
    command = commands.add_parser("evaluate", help="score a model on a split of a store")
    command.add_argument("weights", metavar="RUN|WEIGHTS")
    command.add_argument("--store", type=Path, required=True, metavar="DIR")
    command.add_argument("--split", required=True, metavar="NAME")
    command.add_argument("--views", type=int, default=1, metavar="N", help="test views a clip (default: %(default)s)")
    command.add_argument("--flip", action="store_true", help="score mirror images too")
    _add_videos(command)
    command.add_argument(
        "--head",
        choices=("both", "rgb", "pose"),
        default="both",
        help="which of two heads scores (default: their mean)",
    )
    _add_steady(command)
    _add_precision(command)
    command.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    command.add_argument("--scores", type=Path, metavar="FILE", help="write every clip's scores, for fuse")
    command.add_argument("--plot", type=Path, metavar="FILE", help="draw confusion matrix and class accuracy")
    command.add_argument("--quiet", action="store_true", help="no progress bar")


def _calibrate(commands: _Commands) -> None:
    command = commands.add_parser("calibrate", help="fit a model's temperature and rejection threshold")
    command.add_argument("weights", metavar="RUN|WEIGHTS")
    command.add_argument("--store", type=Path, required=True, metavar="DIR")
    command.add_argument("--split", required=True, metavar="NAME")
    _add_videos(command)
    command.add_argument("--rejected", type=float, default=5.0, help="share of known clips to reject, %% (5)")
    command.add_argument("--out", type=Path, required=True, metavar="FILE")
    command.add_argument("--half", action="store_true", help="store tensors in 16 bits")


def _fuse(commands: _Commands) -> None:
    command = commands.add_parser("fuse", help="add up the scores of several models")
    command.add_argument("scores", nargs="+", type=Path, metavar="SCORES")
    command.add_argument("--coefficients", nargs="+", type=float, metavar="C", help="weight of each (default: equal)")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the figures")


def _compare(commands: _Commands) -> None:
    command = commands.add_parser("compare", help="train and score the variants of one of the paper's comparisons")
    command.add_argument("name", nargs="?", metavar="NAME", help="default: list what can be compared")
    command.add_argument("--store", type=Path, metavar="DIR")
    command.add_argument("--out", type=Path, metavar="DIR")
    command.add_argument("--recipe", metavar="RECIPE", help="what to vary (default: by the store's layout)")
    _add_settings(command, metavar="[VARIANT:]KEY=VALUE")
    command.add_argument(
        "--seeds", nargs="+", type=int, metavar="S", help="train once for each (default: the recipe's)"
    )
    command.add_argument("--views", type=int, default=1, metavar="N", help="score N test views too, beside one view")
    command.add_argument("--flip", action="store_true", help="score mirror images in these")
    command.add_argument("--seconds", type=float, metavar="S", help="equal training time in place of equal epochs")
    command.add_argument("--only", nargs="+", default=[], metavar="VARIANT", help="train these alone, for now")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    command.add_argument("--resume", action="store_true", help="go on where an earlier start ended")
    command.add_argument("--quiet", action="store_true", help="no progress bars, no announcements")


def _robustness(commands: _Commands) -> None:
    command = commands.add_parser("robustness", help="score models on skeletons that get worse and worse")
    command.add_argument("weights", nargs="+", metavar="RUN|WEIGHTS", help="models, side by side in one report")
    command.add_argument("--store", type=Path, required=True, metavar="DIR")
    command.add_argument("--split", required=True, metavar="NAME")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the report")
    command.add_argument("--corruptions", nargs="+", metavar="NAME", help="default: all; none for none")
    command.add_argument(
        "--seeds", nargs="+", type=int, default=[0], metavar="S", help="draw each so often (default: 0)"
    )
    command.add_argument("--clips", type=int, metavar="N", help="score so many clips, drawn from the split")
    command.add_argument("--views", type=int, default=1, metavar="N", help="test views a clip (default: %(default)s)")
    command.add_argument("--flip", action="store_true", help="score mirror images too")
    _add_steady(command)
    _add_precision(command)
    command.add_argument("--quiet", action="store_true", help="no progress bar")
    others = command.add_argument_group("poses from elsewhere", "trained on one estimator's poses, tested on another's")
    others.add_argument(
        "--poses", nargs="+", default=[], metavar="NAME=STORE", help="stores of the same clips, matched by name"
    )
    others.add_argument("--own-poses", default="store", metavar="NAME", help="of those in --store (default: store)")
    _add_darkness(command.add_argument_group("darkness", "videos are darkened, and poses are sought in them"))


def _add_darkness(group: argparse._ArgumentGroup) -> None:
    _add_videos(group, help="the clips' videos, to darken them, and for networks that read frames")
    group.add_argument("--pose", default="blazepose", help="pose estimator (default: %(default)s)")
    group.add_argument(
        "--gammas", nargs="+", type=float, metavar="G",
        help="that would undo the darkness; 1 is the video as it is (default: 1 to 4 by halves)",
    )  # fmt: skip
    group.add_argument("--brighten", action="store_true", help="also with frames brightened again by the same gamma")
    group.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default: %(default)s)")


def _studio(commands: _Commands) -> None:
    command = commands.add_parser("studio", help="render videos of an acting mannequin")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    render = actions.add_parser("render", help="render clips into a folder laid out as NTU RGB+D is")
    render.add_argument("set", nargs="?", metavar="SET", help="a standard set: studio20 or studio-mini")
    render.add_argument("--out", type=Path, required=True, metavar="DIR")
    render.add_argument("--depth", action="store_true", help="write depth")
    render.add_argument("--flow", action="store_true", help="write scene flow")
    render.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default: %(default)s)")
    render.add_argument("--quiet", action="store_true", help="no progress bar")
    _add_studio_clips(render.add_argument_group("clips", "what differs from the set, or from one clip of each action"))
    _add_studio_conditions(render.add_argument_group("conditions", "how clips are recorded"))
    fingerprint = actions.add_parser("fingerprint", help="digest of a set's joints, and of a folder's depth")
    fingerprint.add_argument("source", metavar="SET|DIR")


def _add_studio_clips(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--actions", type=lambda text: text.split(","), metavar="A,B", help="default: all")
    group.add_argument("--subjects", type=int, metavar="N", help="people")
    group.add_argument("--views", type=int, metavar="N", help="cameras on the arc")
    group.add_argument("--repeats", type=int, metavar="N", help="performances by each person")
    group.add_argument("--frames", type=int, metavar="T", help="default: what shows an action whole")
    group.add_argument("--size", type=_size_hw, metavar="HxW", help="height and width in pixels (default: 256x456)")
    group.add_argument("--fps", type=_fps, metavar="F", help="frames a second (default: 30)")
    group.add_argument("--seed", type=int, metavar="S", help="other seeds, other performances (default: 0)")
    group.add_argument("--setup", type=int, metavar="N", help="S of the clips' names, 1 to 17 (default: 1)")


def _add_studio_conditions(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--conditions", metavar="NAME", help="good, handheld, dark, darkest, crowded or kinect")
    group.add_argument("--dark", type=float, metavar="G", help="gamma that would undo the darkness: 2.5 to 4 is night")
    group.add_argument("--noise", type=float, metavar="X", help="of the sensor, as a share of full scale")
    group.add_argument("--shutter", type=float, metavar="X", help="share of the time that it is open: motion blur")
    group.add_argument("--shake", type=float, metavar="DEG", help="of a camera held by hand")
    group.add_argument("--occluders", type=int, metavar="N", help="things between camera and people")
    others = group.add_mutually_exclusive_group()
    others.add_argument("--bystanders", type=int, metavar="N", help="people in the background, without labels")
    others.add_argument("--people", type=int, metavar="N", help="the same, counting one who acts: N - 1 bystanders")
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


def _weights(commands: _Commands) -> None:
    command = commands.add_parser("weights", help="list, show and import weights")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
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
    _add_settings(bring, help="arguments of the network that its tensors do not show, such as temporal_strides=[1,1,1]")


def _bench(commands: _Commands) -> None:
    command = commands.add_parser("bench", help="measure speed on this machine")
    command.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the figures")


if __name__ == "__main__":
    sys.exit(main())
