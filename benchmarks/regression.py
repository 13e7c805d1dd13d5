"""What a version of posecube answers, written down, so that a redesign can show that it changed nothing.

    python benchmarks/regression.py record before.json --data ../shared/data --work runs/regression
    python benchmarks/regression.py compare before.json after.json

Recorded are the scores of the shipped models on Penn Action's test split, what ``recognize`` says of every example and
shared video, the logits of every golden model, the fingerprint of the studio's small set, and the mean loss and the
final scores of 20 training steps of six recipes. Only the command line and the public names are called, so that the
script runs on both sides of a redesign. Lists and numbers are compared to a tolerance that says how far they moved.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

NUM_STEPS = 20
MODELS = ("penn15-joint", "penn15-limb")
STORES = {
    "penn": ("penn-action", "penn_action.tar.xz"),
    "nucla": ("nucla", "nucla.tar.xz"),
    "sbu": ("sbu", "sbu.tar.xz"),
}
# Recipe -> its store, clips a batch so that one epoch is NUM_STEPS steps, further settings.
TRAINED: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "penn_joint": ("penn", 63, ()),
    "penn_limb": ("penn", 63, ()),
    "penn_stgcnpp": ("penn", 63, ()),
    "noise_penn_joint": ("penn", 63, ("contrast.instance_weight=1", "contrast.group_weight=0.3")),
    "nucla_joint": ("nucla", 51, ()),
    "sbu_joint": ("sbu", 0, ()),
}
GOLDEN = {
    "mmaction2_posec3d_slowonly_ntu60_joint": "posec3d_slowonly",
    "mmaction2_rgbpose_conv3d": "rgbpose_conv3d",
    "pyskl_ctrgcn_ntu60_3d": "ctrgcn",
    "pyskl_msg3d_ntu60_3d": "msg3d",
    "pyskl_posec3d_c3d_light_ntu60_joint": "posec3d_c3d",
    "pyskl_posec3d_x3d_shallow_ntu60_joint": "posec3d_x3d",
    "pyskl_rgbpose_pose_only": "posec3d_slowonly",
    "pyskl_stgcn_ntu60_3d": "stgcn",
    "pyskl_stgcn_ntu60_hrnet": "stgcn",
    "pyskl_stgcnpp_ntu60_hrnet": "stgcnpp",
}
VIDEO_ENDINGS = {".mp4", ".avi", ".mov", ".gif", ".webm"}
TIMES = {"seconds"}  # what takes time differs from run to run


def posecube(*arguments: object) -> str:
    """Run a command; what it printed."""
    code = "import sys; from posecube.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"posecube {' '.join(map(str, arguments))} failed: {done.stderr.strip()}")
    return done.stdout


def record(data: Path, work: Path) -> dict[str, Any]:
    work.mkdir(parents=True, exist_ok=True)
    for name, (reader, file) in STORES.items():
        if not (work / name).exists():
            posecube("import", reader, data / "skeletons" / file, "--store", work / name, "--quiet")
    return {
        "scores": {name: scores(name, work) for name in MODELS},
        "golden": golden_logits(data / "golden"),
        "training": {name: trained(name, work) for name in TRAINED},
        "studio": posecube("studio", "fingerprint", "studio-mini").split(),
        "recognized": recognized(data, work),
    }


def scores(weights: str, work: Path) -> list[list[float]]:
    """Every 5th test clip's class scores: 214 clips."""
    out = work / f"{weights}.npz"
    posecube("evaluate", weights, "--store", work / "penn", "--split", "test", "--scores", out, "--quiet")
    with np.load(out, allow_pickle=False) as file:
        return file["scores"][::5].astype(float).tolist()


def golden_logits(folder: Path) -> dict[str, Any]:
    import torch

    from posecube.networks import load_published

    spec = importlib.util.spec_from_file_location("goldlib", folder / "goldlib.py")
    assert spec is not None and spec.loader is not None
    goldlib = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(goldlib)
    found = {}
    for name, architecture in GOLDEN.items():
        stored = torch.load(folder / "models" / f"{name}_recipe.pt", weights_only=True)
        lines = (folder / "state_dicts" / f"{name}.txt").read_text().splitlines()
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        shapes = {key: tuple(map(int, shape.strip("()").replace(",", " ").split())) for _, key, shape, _ in rows}
        state = {key: goldlib.recipe(key, shape) for key, shape in shapes.items()}
        state |= {key: value for key, value in stored.items() if key in state}  # graphs keep their own numbers
        network = load_published(state, architecture)
        torch.manual_seed(0)
        with torch.inference_mode():
            logits = network(*_inputs(architecture, name, shapes))
        logits = logits if isinstance(logits, dict) else {"logits": logits}
        found[name] = {head: values.tolist() for head, values in logits.items()}
    return found


def _inputs(architecture: str, name: str, shapes: dict[str, tuple[int, ...]]) -> list[Any]:
    """Random inputs of the right form: the stored ones differ in theirs, and only equality is asked for here."""
    import torch

    if architecture == "rgbpose_conv3d":
        return [torch.rand(1, 3, 4, 64, 64), torch.rand(1, 17, 16, 16, 16)]
    if architecture.startswith("posec3d"):
        return [torch.rand(1, 17, 16, 32, 32)]
    num_joints = 25 if "3d" in name else 17
    return [torch.rand(1, 2, 40, num_joints, 3)]


def trained(recipe: str, work: Path) -> dict[str, float]:
    store, batch, settings = TRAINED[recipe]
    run = work / f"run_{recipe}"
    if run.exists():
        raise SystemExit(f"{run} is there already: give an empty --work")
    size = f"batch_size={batch or 11}"
    posecube(
        "train", recipe, "--store", work / store, "--run", run, "--quiet",
        "--set", "epochs=1", "precision=float32", "threads=1", size, *settings,
    )  # fmt: skip
    with (run / "log" / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {key: float(row[key]) for row in rows for key in ("train_loss", "train_top1", "test_top1") if row.get(key)}


def recognized(data: Path, work: Path) -> dict[str, Any]:
    from posecube import Recognizer

    recognizer = Recognizer.load()
    folders = [Path(__file__).parents[1] / "examples", data / "videos", data / "real_videos"]
    videos = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix.lower() in VIDEO_ENDINGS]
    found, out = {}, work / "recognition.json"
    for video in videos:
        recognition = recognizer.recognize(video)
        recognition.save_json(out)
        said = json.loads(out.read_text())
        found[f"{video.parent.name}/{video.name}"] = {key: said[key] for key in said if key != "video"}
    return found


def differences(before: Any, after: Any, where: str = "") -> list[tuple[str, float, str]]:
    """Places that differ: where, how far numbers moved (infinity for anything else), both in words."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [key for key in before | after if key not in TIMES]
        return [d for key in keys for d in differences(before.get(key), after.get(key), f"{where}/{key}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [d for i, pair in enumerate(zip(before, after, strict=True)) for d in differences(*pair, f"{where}/{i}")]
    if isinstance(before, float | int) and isinstance(after, float | int):
        return [] if before == after else [(where, abs(before - after), f"{before} -> {after}")]
    return [] if before == after else [(where, math.inf, f"{before} -> {after}")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    actions = parser.add_subparsers(dest="action", required=True)
    recording = actions.add_parser("record")
    recording.add_argument("out", type=Path)
    recording.add_argument("--data", type=Path, required=True)
    recording.add_argument("--work", type=Path, required=True, help="a new folder for stores and runs")
    comparing = actions.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument("--tolerance", type=float, default=1e-5)
    options = parser.parse_args()
    if options.action == "record":
        options.out.write_text(json.dumps(record(options.data, options.work)) + "\n")
        return 0
    before, after = json.loads(options.before.read_text()), json.loads(options.after.read_text())
    failed = 0
    for part in before:
        found = differences(before[part], after.get(part), part)
        largest = max((distance for _, distance, _ in found), default=0.0)
        failed += largest > options.tolerance
        print(f"{part}: {len(found)} numbers or words differ, the furthest by {largest:g}")
        for place, distance, words in sorted(found, key=lambda it: -it[1])[:5]:
            print(f"    {place}: {words[:150]} ({distance:g})")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
