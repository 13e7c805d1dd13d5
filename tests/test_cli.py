"""The command line: help without waiting, one line for every error that a user can cause, and nothing left behind."""

import json
import pickle
import re
import shlex
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from builders import published_names
from posecube.cli import build_parser, main
from posecube.evaluation import ScoreTable
from posecube.model import ActionModel, ModelSpec, WeightsCard
from posecube.networks.posec3d import PoseC3DSpec
from posecube.sampling import ClipSpec, MapSpace
from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.layouts import COCO17
from posecube.store import StoreWriter

HEAVY = ("torch", "numba", "cv2", "av", "lightning", "openvino", "pyarrow", "numpy", "scipy", "matplotlib", "pydantic")
COMMANDS = (
    "recognize", "extract", "import", "info", "train", "evaluate", "calibrate", "fuse", "compare", "robustness",
    "studio", "weights",
)  # fmt: skip
CLASSES = ("wave", "bow")


class Run:
    """What a command did."""

    def __init__(self, arguments: str, capture: pytest.CaptureFixture[str]) -> None:
        capture.readouterr()
        try:
            self.code = main(shlex.split(arguments))
        except SystemExit as ended:  # the parser's way to end
            self.code = int(ended.code or 0)
        self.out, self.err = capture.readouterr()


def test_the_parser_waits_for_no_heavy_module() -> None:
    code = "import sys, posecube.cli; posecube.cli.build_parser().format_help(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())


@pytest.mark.parametrize(
    "command",
    ["", *COMMANDS, "bench", "studio render", "studio fingerprint", "weights list", "weights show", "weights import"],
)
def test_every_command_has_help(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    run = Run(f"{command} --help", capfd)
    assert run.code == 0 and "usage: posecube" in run.out and not run.err


def test_recipes_are_listed_and_shown_with_their_size(capfd: pytest.CaptureFixture[str]) -> None:
    listed = Run("recipes", capfd)
    assert listed.code == 0 and "penn_joint" in listed.out and "slowonly_ntu60_xsub_limb" in listed.out
    shown = Run("recipes x3d_gym_limb --set epochs=3", capfd)
    assert shown.code == 0 and re.search(r"epochs +│ 3 ", shown.out) and "posecube train x3d_gym_limb" in shown.out
    assert "0.263 M parameters, 0.59 GMACs for 99 classes and clips of 17 x 48 x 56 x 56" in shown.out


def test_the_version_is_the_packages(capfd: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert Run("--version", capfd).out == f"posecube {version('posecube')}\n"


def test_every_command_is_carried_out() -> None:
    from posecube import commands

    chosen = next(action for action in build_parser()._actions if action.dest == "command")
    assert chosen.choices is not None and set(commands.COMMANDS) == set(chosen.choices)
    assert set(commands.COMMANDS) >= set(COMMANDS)


# Command line -> what its one line must say. All run in a folder with the files that `bad_files` makes.
MISUSES = {
    "": "required: COMMAND",
    "dance": "invalid choice: 'dance'",
    "recognize": "required: SOURCE",
    "recognize missing.mp4": "missing.mp4: no such file",
    "recognize empty.mp4": "empty file",
    "recognize text.mp4": "text file",
    "recognize sound.wav": "sound only",
    "recognize cut.mp4": "cut short",
    "recognize folder": "directory",
    "recognize empty.mp4 --views x": "expected a whole number, got 'x'",
    "recognize empty.mp4 --device tpu": "invalid choice: 'tpu'",
    "recognize empty.mp4 --views 0": "argument --views: must be at least 1 and at most 100, got 0",
    "recognize empty.mp4 --views 100000": "argument --views: must be at least 1 and at most 100, got 100,000",
    "recognize empty.mp4 --window 1e-9": "a window lasts from 0.1 s",
    "recognize empty.mp4 --window nan": "a window lasts from 0.1 s",
    "recognize empty.mp4 --window -1": "a window lasts from 0.1 s",
    "recognize empty.mp4 --max-people 0": "must be at least 1 and at most 1,000, got 0",
    "recognize empty.mp4 --max-people 1000000000": "must be at least 1 and at most 1,000",
    "recognize empty.mp4 --fps nan": "must be at least 0.1 and at most 1,000, got nan",
    "recognize empty.mp4 --fps 5": "--fps is for pictures",
    "recognize empty.mp4 --json - --csv -": "--json and --csv cannot both be written to the standard output",
    "recognize empty.mp4 --json a.mp4 --video a.mp4": "two outputs are one file",
    "recognize empty.mp4 --video empty.mp4": "it is the input",
    "recognize empty.mp4 --json ./folder/../empty.mp4": "it is the input empty.mp4 under another name",
    "recognize empty.mp4 --json /dev/full": "cannot write /dev/full: No space left",
    "recognize empty.mp4 text.mp4 --video new.mp4": "--video serves one video, got 2",
    "fuse scores.npz --json scores.npz": "it is the input",
    "evaluate model.safetensors --store store --split test --scores model.safetensors": "it is the input",
    "calibrate model.safetensors --store store --split test --out store/manifest.json": "it is the input",
    "recognize empty.mp4 --json folder": "cannot write folder",
    "recognize empty.mp4 --json text.mp4/result.json": "text.mp4 is no folder",
    "recognize missing.mp4 --json new/result.json": "there is no folder new",
    "extract missing --store new": "missing",
    "extract folder --store new": "folder",
    "extract folder --store text.mp4": "text.mp4",
    "extract folder --store new --labels missing.txt": "missing.txt",
    "extract folder --store new --enhance adaptive --gamma 2": "adaptive enhancement finds its own gamma",
    "extract folder --store new --average 1": "--constant and --average need a way to brighten",
    "extract folder --store new --people single --boxes boxes.csv": "boxes say who the people are",
    "extract folder --store new --people surest --boxes boxes.csv": "boxes say who the people are",
    "extract cut.mp4 --store new --labels ntu": "no video has a name like S001C002P003R002A013_rgb.avi",
    "info missing": "no skeleton store at missing",
    "info folder": "not a skeleton store",
    "info text.mp4": "not a skeleton store",
    "info cut_store": "cut short",
    "info empty_store": "empty",
    "info newer_store": "version 99",
    "import dance folder --store new": "unknown format 'dance'",
    "import sbu missing --store new": "no sbu data at missing",
    "import penn-action folder --store new": "holds no file like",
    "import penn-action text.mp4 --store new": "no readable folder, tar or zip",
    "import penn-action nan_mat --store new": "nan",
    "import pyskl evil.pkl --store new": "evil.pkl",
    "import pyskl nan.pkl --store new": "no clip could be imported",
    "import pyskl text.mp4 --store new": "text.mp4",
    "import sbu folder --store store": "store exists already",
    "recipes dance": "no recipe dance; `posecube recipes` lists them",
    "recipes pen-joint": "did you mean penn_joint",
    "recipes text.py": "text.py",
    "recipes penn_joint --set epoch=3": "did you mean epochs",
    "recipes penn_joint --set model.arguments.width=3": "posec3d_c3d cannot be built with",
    "recipes penn_joint --markdown": "name none",
    "recipes --set epochs=3": "name a recipe",
    "train dance --store store --run new": "no recipe dance",
    "train pen_joint --store store --run new": "did you mean penn_joint",
    "train missing.py --store store --run new": "no recipe file missing.py",
    "train text.py --store store --run new": "text.py",
    "train penn_joint --store missing --run new": "no skeleton store at missing",
    "train penn_joint --store no_split_store --run new": "no split 'train'; its splits: all",
    "train penn_joint --store hand_store --run new": "13 of its 13 joints cannot be derived from hand3",
    "train penn_joint --store store --run new --set epoch=3": "did you mean epochs",
    "train penn_joint --store store --run new --set epochs": "key=value",
    "train penn_joint --store store --run new --set epochs=none": "epochs",
    "train penn_joint --store store --run new --set batch_size=100000": "lower batch_size",
    "train penn_joint --store store --run folder --resume": "nothing to resume",
    "evaluate missing --store store --split test": "no weights missing",
    "evaluate folder --store store --split test": "no weights.safetensors",
    "evaluate text.mp4 --store store --split test": "not a safetensors file",
    "evaluate no_card.safetensors --store store --split test": "no posecube card",
    "evaluate cut.safetensors --store store --split test": "cut.safetensors",
    "evaluate model.safetensors --store store --split tset": "its splits: test, train",
    "evaluate model.safetensors --store missing --split test": "no skeleton store",
    "evaluate model.safetensors --store cut_store --split test": "cut short",
    "evaluate model.safetensors --store hand_store --split train": "cannot be derived",
    "evaluate model.safetensors --store unknown_store --split train": "do not know",
    "evaluate model.safetensors --store store --split test --views 0": "--views: must be at least 1 and",
    "evaluate model.safetensors --store store --split test --head rgb": "have no head 'rgb', they have pose",
    "evaluate model.safetensors --store store --split test --json folder": "cannot write folder",
    "calibrate missing --store store --split test --out new.safetensors": "no weights missing",
    "fuse missing.npz": "no score file missing.npz",
    "fuse text.mp4": "not a score table",
    "fuse evil.npz": "not a score table",
    "fuse scores.npz other_scores.npz": "the same clips",
    "fuse scores.npz scores.npz --coefficients 1": "expected 2 coefficients",
    "compare crops --store store --out new": "unknown comparison 'crops'; did you mean crop",
    "compare crop --store store": "needs --store DIR and --out DIR",
    "compare crop --store missing --out new": "no skeleton store at missing",
    "compare crop --store store --out new --recipe pen_joint": "did you mean penn_joint",
    "compare crop --store store --out new --set epoch=1": "did you mean epochs",
    "compare crop --store store --out new --set croop:epochs=1": "no variant 'croop'; did you mean crop",
    "compare crop --store store --out new --only none": "unknown variant of --only 'none'; known: crop, whole_frame",
    "compare crop --store store --out new --views 0": "--views must be at least 1",
    "compare crop --store store --out new --seeds 1 1": "--seeds expects different whole numbers",
    "compare crop --store store --out new --seconds 0": "--seconds must be positive",
    "compare crop --store store --out new --resume": "nothing to resume: new holds no comparison",
    "compare crop --store store --out new --json folder": "cannot write folder",
    "compare crop --store store --out text.mp4": "text.mp4",
    "compare crop --store hand_store --out new": "hand3",
    "compare crop --store no_split_store --out new": "no split 'train'; its splits: all",
    "compare 2d-vs-3d --store store --out new": "needs a store of 3D joints",
    "compare joint-vs-limb --store store --out new --recipe penn_stgcnpp": "penn_stgcnpp reads a graph",
    "studio render --out text.mp4": "text.mp4",
    "studio render": "required: --out",
    "studio render --out new --actions dance": "unknown action 'dance'",
    "studio render --out new --people 0": "--people: must be at least 1 and at most 1,000,000, got 0",
    "studio render --out new --people 2 --bystanders 1": "not allowed with",
    "robustness none --store store --split test --out new": "no weights none",
    "robustness penn15-joint --store store --split test --out new --corruptions nois": "did you mean noise?",
    "robustness penn15-joint --store store --split test --out new --views 0": "--views: must be at least 1 and",
    "studio render --out new --actions wave,wave": "'wave' was named twice",
    "studio render studio21 --out new": "unknown set 'studio21'; did you mean studio20",
    "studio render studio-mini --out new --frames 0": "at least 1 frame, got 0",
    "studio render studio-mini --out new --size 108": "expected height x width such as 256x456, got '108'",
    "studio render studio-mini --out new --size 109x192": "H.264 needs even sides",
    "studio render studio-mini --out new --size 20x40": "64 to 2048 pixels",
    "studio render studio-mini --out new --fps 1/0": "expected a number such as 30 or 29.97, got '1/0'",
    "studio render studio-mini --out new --fps nan": "got 'nan'",
    "studio render studio-mini --out new --views 9": "views must lie between 1 and 8, got 9",
    "studio render studio-mini --out new --dark 0": "dark must lie between 1 and 8",
    "studio render studio-mini --out new --conditions drak": "did you mean dark",
    "studio render studio-mini --out new --workers 0": "workers must be 1 or more, got 0",
    "studio render studio-mini --out text.mp4/new": "text.mp4",
    "studio fingerprint studio-min": "did you mean studio-mini",
    "studio fingerprint folder": "folder is no folder of rendered clips",
    "bench dance": "unknown benchmark 'dance'",
    "weights show missing": "no weights missing",
    "weights show no_card.safetensors": "no posecube card",
    "weights import c3d.pth --out new": "required: --architecture",
    "weights import c3d.pth --architecture posec3d_c3d": "required: --out",
    "weights import missing.pth --architecture posec3d_c3d --out new": "no checkpoint missing.pth",
    "weights import folder --architecture posec3d_c3d --out new": "folder is a folder",
    "weights import text.mp4 --architecture posec3d_c3d --out new": "it is a text file",
    "weights import empty.mp4 --architecture posec3d_c3d --out new": "it is empty",
    "weights import evil.pth --architecture posec3d_c3d --out new": "holds code (posix.system)",
    "weights import evil.pkl --architecture posec3d_c3d --out new": "holds code (posix.system)",
    "weights import cut.pth --architecture posec3d_c3d --out new": "damaged or cut short",
    "weights import model.safetensors --architecture posec3d_c3d --out new": "posecube weights already",
    "weights import c3d.pth --architecture c3d --out new": "unknown architecture 'c3d'; did you mean dsc3d",
    "weights import c3d.pth --architecture posec3d_x3d --out new": "say --architecture posec3d_c3d",
    "weights import c3d.pth --architecture stgcnpp --out new": "say --architecture posec3d_c3d",
    "weights import c3d.pth --architecture posec3d_c3d --out new --classes ntu60": "knows 2 classes, ntu60 names 60",
    "weights import c3d.pth --architecture posec3d_c3d --out new --classes missing.txt": "missing.txt",
    "weights import c3d.pth --architecture posec3d_c3d --out new --layout coco18": "coco18",
    "weights import c3d.pth --architecture posec3d_c3d --out new --layout ntu25": "layout ntu25 has 25 joints",
    "weights import c3d.pth --architecture posec3d_c3d --out new --stream bone": "for graph networks",
    "weights import c3d.pth --architecture posec3d_c3d --out new --size 0": "must be at least 1",
    "weights import c3d.pth --architecture posec3d_c3d --out new --set num_classes": "key=value",
    "weights import c3d.pth --architecture posec3d_c3d --out new --set num_classes=3": "knows 2 classes, 3 were asked",
    "weights import c3d.pth --architecture posec3d_c3d --out folder": "cannot write folder",
    "weights import c3d.pth --architecture posec3d_c3d --out c3d.pth": "is the checkpoint itself",
}


@pytest.mark.parametrize("arguments", MISUSES)
def test_misuse_costs_one_line(
    arguments: str, bad_files: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(bad_files)
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # should a command ask for model files after all
    before = contents(bad_files)
    run = Run(arguments, capfd)
    assert run.code == 2
    assert not run.out
    assert re.fullmatch(r"posecube[\w ]*: error: [^\n]+\n", run.err), run.err
    assert MISUSES[arguments] in run.err
    assert contents(bad_files) == before


def test_a_malicious_pickle_is_never_run(bad_files: Path) -> None:
    evil = pickle.loads((bad_files / "harmless.pkl").read_bytes())
    assert evil == 0, "the pickle does run where Python's own reader is used"
    assert (bad_files / "touched").is_file()
    (bad_files / "touched").unlink()
    assert main(["import", "pyskl", str(bad_files / "evil.pkl"), "--store", str(bad_files / "new")]) == 2
    assert not (bad_files / "touched").exists()


def test_traceback_shows_where_an_error_came_from() -> None:
    with pytest.raises(FileNotFoundError):
        main(["--traceback", "info", "missing"])


def test_a_bug_shows_its_traceback_and_asks_to_be_reported(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_options: object) -> None:
        raise ValueError("operands could not be broadcast")

    monkeypatch.setattr("posecube.commands.info.run", broken)
    run = Run("info anything", capfd)
    lines = run.err.splitlines()
    assert run.code == 1 and lines[0].startswith("Traceback") and "broadcast" in lines[-2]
    assert lines[-1].startswith("posecube: this is a bug in posecube: please report it")


def test_a_missing_extra_costs_one_line(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "posecube_studio.fingerprint", None)
    run = Run("studio fingerprint studio-mini", capfd)
    assert run.code == 2 and run.err.count("\n") == 1 and "pip install 'posecube[studio]'" in run.err


def test_the_package_is_a_command_too() -> None:
    command = [sys.executable, "-m", "posecube", "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith("posecube ")


# Command line of the version before -> the option of this one and what it says.
ALIASES = {
    "recognize a.mp4 --steady": ("smooth", True),
    "evaluate run --store s --split t --steady": ("smooth", True),
    "robustness run --store s --split t --out o --steady": ("smooth", True),
    "extract a --store s --people surest": ("people", "single"),
    "calibrate run --store s --split t --out o --rejected 7": ("reject", 7.0),
}


@pytest.mark.parametrize("arguments", ALIASES)
def test_options_of_the_version_before_are_taken(arguments: str) -> None:
    name, value = ALIASES[arguments]
    options = vars(build_parser().parse_args(arguments.split()))
    assert options[name] == value
    *shorter, _ = arguments.rsplit(" --", maxsplit=1)
    assert vars(build_parser().parse_args(shorter[0].split()))[name] != value, "and nothing changes without it"


def test_an_interrupt_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def interrupted(_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("posecube.commands.info.run", interrupted)
    run = Run("info anything", capfd)
    assert run.code == 130 and run.err.count("\n") == 1


def test_from_a_store_to_fused_figures(
    bad_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    store = shlex.quote(str(bad_files / "store"))
    small = "model.clip.clip_len=8 model.network.base_channels=4 batch_size=4 epochs=1"
    assert Run(f"train penn_joint --store {store} --run run --quiet --set {small}", capfd).code == 0
    assert {"recipe.json", "weights.safetensors"} <= {path.name for path in (tmp_path / "run").iterdir()}
    again = Run(f"train penn_joint --store {store} --run run --quiet --set {small}", capfd)
    assert again.code == 2 and "go on with --resume" in again.err
    for name, options in {"one": "--smooth --precision bf16 --device cpu", "two": "--views 2 --flip"}.items():
        run = Run(
            f"evaluate run --store {store} --split test {options} --json {name}.json --scores {name}.npz --quiet", capfd
        )
        assert run.code == 0, run.err
    figures = json.loads((tmp_path / "two.json").read_text())
    assert {"top1", "top5", "mean_class", "num_clips", "views", "flip"} <= set(figures)
    assert figures["views"] == 2 and figures["flip"] is True and 0 <= figures["top1"] <= 100
    assert figures["smooth"] is False and json.loads((tmp_path / "one.json").read_text())["smooth"] is True
    assert Run("fuse one.npz two.npz --coefficients 2 1 --json fused.json", capfd).code == 0
    assert json.loads((tmp_path / "fused.json").read_text())["num_clips"] == figures["num_clips"]
    shown = Run("weights show run", capfd)
    assert shown.code == 0 and json.loads(shown.out)["classes"] == list(CLASSES)
    assert Run(f"info {store}", capfd).code == 0


def test_from_a_checkpoint_to_figures(
    bad_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    store, checkpoint = (shlex.quote(str(bad_files / name)) for name in ("store", "c3d.pth"))
    (tmp_path / "names.txt").write_text("\n".join(CLASSES))
    imported = Run(
        f"weights import {checkpoint} --architecture posec3d_c3d --out c3d.safetensors --classes names.txt "
        "--clip-len 8 --size 16 --framework mmaction2",
        capfd,
    )
    assert imported.code == 0, imported.err
    assert imported.out == "wrote c3d.safetensors: posec3d_c3d, 2 classes, 8 frames, coco17 joints\n"
    shown = json.loads(Run("weights show c3d.safetensors", capfd).out)
    assert shown["classes"] == list(CLASSES) and shown["model"]["clip"]["frames"]["published_sampling"] == "mmaction2"
    run = Run(f"evaluate c3d.safetensors --store {store} --split test --views 2 --json it.json --quiet", capfd)
    assert run.code == 0, run.err
    assert json.loads((tmp_path / "it.json").read_text())["num_clips"] == 4
    numbered = Run(f"weights import {checkpoint} --architecture posec3d_c3d --out c3d.safetensors", capfd)
    assert "classes are numbered class_000 to class_001" in numbered.out
    unknown = Run(f"evaluate c3d.safetensors --store {store} --split test", capfd)
    assert unknown.code == 2 and "do not know" in unknown.err


def test_from_a_set_of_the_studio_to_a_store(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    made, store = shlex.quote(str(tmp_path / "made")), shlex.quote(str(tmp_path / "store"))
    render = f"studio render studio-mini --out {made} --actions wave,walk --subjects 3 --views 1 --frames 2 --depth"
    first = Run(render, capfd)
    assert first.code == 0 and first.out.startswith("6 clips (12 frames) rendered into ") and not first.err
    assert "0 clips (0 frames) rendered" in Run(render, capfd).out
    other = Run(f"{render} --dark 2", capfd)
    assert other.code == 2 and "was rendered with other settings: conditions was" in other.err
    digest = Run(f"studio fingerprint {made}", capfd)
    assert digest.code == 0 and re.search(r": 6 clips\njoints [0-9a-f]{64}\ndepth [0-9a-f]{64}\n", digest.out)
    imported = Run(f"import ntu {made} --store {store} --set axes=2 fps=10", capfd)
    said = " ".join(imported.out.split())
    assert imported.code == 0 and "6 clips, 12 frames, 2 classes; xsub_train 4, xsub_val 2" in said
    assert "classes named by" in said


def contents(folder: Path) -> dict[str, int]:
    """Every file and folder below, with its size."""
    return {str(path.relative_to(folder)): path.stat().st_size if path.is_file() else -1 for path in folder.rglob("*")}


class Evil:
    """Pickles as a call that leaves a trace."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return __import__("os").system, (f"touch {shlex.quote(str(self.target))}",)


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that are wrong in one way each, beside a sound store and model."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "folder").mkdir()
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("This is a letter, not a video.\n" * 20)
    (folder / "text.py").write_text("def receipt():\n    return 1\n")
    (folder / "cut.mp4").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(5000))
    with wave.open(str(folder / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000))
    make_stores(folder)
    make_models(folder)
    make_pickles(folder)
    for name, clips in {"scores": ("a", "b"), "other_scores": ("a", "c")}.items():
        table = ScoreTable(clips, np.array([0, 1]), np.eye(2, dtype=np.float32), CLASSES)
        table.save(folder / f"{name}.npz")
    np.savez(folder / "evil.npz", **dict.fromkeys(("names", "labels", "scores", "classes"), np.array([{}])))
    return folder


def make_stores(folder: Path) -> None:
    make_store(folder / "store", {"train": 8, "test": 4})
    make_store(folder / "no_split_store", {"all": 4})
    make_store(folder / "unknown_store", {"train": 4}, classes=("jump", "run"))
    hand = SkeletonLayout("hand3", ("wrist", "thumb", "little_finger"), ())
    make_store(folder / "hand_store", {"train": 4, "test": 4}, layout=hand)
    make_store(folder / "cut_store", {"train": 4})
    shard = next((folder / "cut_store").glob("clips-*.arrow"))
    shard.write_bytes(shard.read_bytes()[: shard.stat().st_size // 2])
    make_store(folder / "empty_store", {})
    make_store(folder / "newer_store", {"train": 4})
    manifest = folder / "newer_store" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": 99}))


def make_store(
    path: Path, splits: dict[str, int], *, layout: SkeletonLayout = COCO17, classes: tuple[str, ...] = CLASSES
) -> None:
    rng = np.random.default_rng(0)
    with StoreWriter(path, layout=layout, classes=classes) as writer:
        for split, count in splits.items():
            for clip in range(count):
                shape = (1, 20, layout.num_joints)
                keypoints = rng.uniform(50, 200, size=(*shape, 2)).astype(np.float32)
                writer.add(
                    SkeletonSequence(
                        keypoints, np.ones(shape, np.float32), layout, (240, 320), label=clip % 2, name=f"{split}{clip}"
                    )
                )
            writer.set_split(split, [f"{split}{clip}" for clip in range(count)])


def make_models(folder: Path) -> None:
    from safetensors.numpy import save_file

    spec = ModelSpec(
        layout="coco17",
        clip=ClipSpec(clip_len=8, space=MapSpace(size_hw=(40, 40))),
        network=PoseC3DSpec(base_channels=4),
    )
    model = ActionModel(spec, num_classes=len(CLASSES))
    model.save(folder / "model.safetensors", WeightsCard(name="small", model=spec, classes=CLASSES))
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "cut.safetensors").write_bytes(whole[: len(whole) // 2])
    save_file({"weight": np.zeros(3, np.float32)}, folder / "no_card.safetensors")
    make_checkpoints(folder)


def make_checkpoints(folder: Path) -> None:
    """Checkpoints as other frameworks write them: a sound one, one cut short, one with a command in it."""
    import torch

    from posecube.networks import NETWORKS

    own = NETWORKS["posec3d_c3d"](num_classes=len(CLASSES), base_channels=4).state_dict()
    names = published_names("posec3d_c3d", own)
    content = {"meta": {"epoch": 24}, "state_dict": {names[name]: tensor for name, tensor in own.items()}}
    torch.save(content, folder / "c3d.pth")
    whole = (folder / "c3d.pth").read_bytes()
    (folder / "cut.pth").write_bytes(whole[: len(whole) // 2])
    torch.save({**content, "meta": {"hook": Evil(folder / "touched")}}, folder / "evil.pth")


def make_pickles(folder: Path) -> None:
    from scipy.io import savemat

    (folder / "harmless.pkl").write_bytes(pickle.dumps(Evil(folder / "touched")))
    joints = np.zeros((1, 5, 17, 2), np.float32)
    annotation = {
        "frame_dir": "clip", "total_frames": 5, "label": 0, "img_shape": (240, 320),
        "keypoint": joints, "keypoint_score": np.ones((1, 5, 17), np.float32),
    }  # fmt: skip
    evil = {"split": {"train": ["clip"]}, "annotations": [annotation | {"label": Evil(folder / "touched")}]}
    (folder / "evil.pkl").write_bytes(pickle.dumps(evil))
    nan = {"split": {"train": ["clip"]}, "annotations": [annotation | {"keypoint": np.full_like(joints, np.nan)}]}
    (folder / "nan.pkl").write_bytes(pickle.dumps(nan))
    (folder / "nan_mat").mkdir()
    clip = {"action": "squat", "x": np.full((5, 13), np.nan), "y": np.ones((5, 13)), "visibility": np.ones((5, 13))}
    savemat(folder / "nan_mat" / "0001.mat", clip | {"train": 1, "dimensions": [240, 320, 5], "nframes": 5})
