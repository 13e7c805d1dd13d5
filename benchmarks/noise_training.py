"""Trains Penn Action's noise recipes with and without noise, scores them under noise, and prints a table with spreads.

    posecube import penn-action PATH --store stores/penn
    python benchmarks/noise_training.py --store stores/penn --runs runs/noise

Every input is first trained without noise; from there it goes on for some further epochs without noise, with jitter, or
with contrast, all at the same price: contrast goes through the network twice a step and has half as many. What is
trained or scored already is not done again.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from posecube.evaluation.robustness.corruptions import Corruption, find_corruptions
from posecube.evaluation.robustness.sweep import measure_robustness
from posecube.files import write_json
from posecube.model.predictor import Predictor
from posecube.recipes import load_recipe
from posecube.store import SkeletonStore
from posecube.training import train, with_settings

INPUTS = ("joint", "limb", "grey", "coordinates", "stgcnpp", "motionbert")
SEVERITIES = {
    "noise": (0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05),
    "noise_by_height": (0.0, 0.03, 0.065, 0.1),
    "drop_joint": (0.0, 1 / 8, 1 / 4, 1 / 2, 1.0),
}
SMOOTHED = {"joint": ("supervised", "jitter"), "stgcnpp": ("supervised",)}  # scored a second time, joints smoothed
JITTER = ("augmentation.jitter=0.6", "augmentation.jitter_fraction=0.03")
CONTRAST = ("objective.kind=contrastive", "objective.group_weight=0.3", "objective.noise.alpha=0.025")
# The report's contrast with the very noise that jitter draws, to tell the loss from the noise.
SAME_NOISE = ("objective.noise.alpha=0.03", "objective.noise.up_to=true", "objective.noise.scaled_by_motion=false")
FURTHER = {
    "supervised": (),
    "jitter": JITTER,
    "contrast": CONTRAST,
    "contrast_same_noise": (*CONTRAST, *SAME_NOISE),
    "lost_joints": ("augmentation.drop_limb_joint=0.5",),
}
FURTHER_SHARE = 0.6  # of the epochs before
FURTHER_RATE = 0.4  # of the learning rate before


@dataclass(frozen=True)
class Run:
    """One training and its scores."""

    read: str
    training: str
    seed: int

    @property
    def name(self) -> str:
        return f"{self.read}_{self.training}_{self.seed}"

    @property
    def start(self) -> "Run | None":
        """The run whose weights it goes on from."""
        return None if self.training == "start" else replace(self, training="start")

    def settings(self, folder: Path) -> list[str]:
        """What differs from the recipe."""
        if self.start is None:
            return [f"seed={self.seed}"]
        recipe = load_recipe(f"noise_penn_{self.read}")
        passes_a_step = 2 if self.training.startswith("contrast") else 1
        return [
            f"seed={self.seed}",
            f"initial_weights={folder / self.start.name}",
            f"epochs={round(recipe.epochs * FURTHER_SHARE / passes_a_step)}",
            f"learning_rate={recipe.learning_rate * FURTHER_RATE}",
            *FURTHER[self.training],
        ]

    def trained(self, store: Path, folder: Path) -> Path:
        """The run's folder, with weights in it."""
        run = folder / self.name
        if not (run / "weights.safetensors").is_file():
            if self.start is not None:
                self.start.trained(store, folder)
            recipe = with_settings(load_recipe(f"noise_penn_{self.read}"), self.settings(folder))
            train(recipe, store=store, run=run, resume=(run / "recipe.json").is_file())
        return run


def corruptions() -> list[Corruption]:
    """Those of the tables in docs/robust-training.md, at their severities."""
    return [replace(made, severities=SEVERITIES[made.name]) for made in find_corruptions(list(SEVERITIES))]


def scored(run: Path, store: SkeletonStore, *, smooth: bool) -> None:
    """Curves of one run, kept in a JSON file of its folder: `posecube robustness` at fewer severities."""
    kept = run / ("smoothed.json" if smooth else "robustness.json")
    if kept.is_file():
        return
    models = {"model": Predictor.load(run, smooth=smooth, precision="bf16")}
    result = measure_robustness(models, store, store.split("test"), corruptions(), seeds=(0,))
    write_json(kept, result.as_dict()["models"]["model"]["corruptions"])


def main() -> None:
    """Train, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True, metavar="DIR")
    parser.add_argument("--runs", type=Path, required=True, metavar="DIR", help="where runs and scores are kept")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], metavar="S", help="(default: 0)")
    parser.add_argument("--inputs", nargs="+", choices=INPUTS, default=INPUTS, help="(default: all)")
    parser.add_argument("--trainings", nargs="+", choices=FURTHER, default=list(FURTHER), help="(default: all)")
    parser.add_argument("--print-only", action="store_true", help="show what is there")
    options = parser.parse_args()
    store = SkeletonStore.open(options.store)
    runs = [Run(*of) for of in _all(options.inputs, options.trainings, options.seeds)]
    for run in () if options.print_only else runs:
        folder = run.trained(options.store, options.runs)
        for smooth in (False, True) if run.training in SMOOTHED.get(run.read, ()) else (False,):
            scored(folder, store, smooth=smooth)
    console = Console(width=200)
    for corruption in SEVERITIES:
        console.print(_table(corruption, runs, options.runs))


def _all(inputs: list[str], trainings: list[str], seeds: list[int]) -> Iterator[tuple[str, str, int]]:
    for seed in seeds:
        for read in inputs:
            yield from ((read, training, seed) for training in trainings)


def _table(corruption: str, runs: list[Run], folder: Path) -> Table:
    """A row a variant: mean and, of several seeds, smallest and largest top-1 at each severity."""
    table = Table(title=f"top-1 in percent under {corruption}", box=None)
    for head in ("input", "training", "seeds", *(f"{severity:g}" for severity in SEVERITIES[corruption]), "area"):
        table.add_column(head)
    for read, training in dict.fromkeys((run.read, run.training) for run in runs):
        for kept, word in (("robustness.json", training), ("smoothed.json", f"{training}, smoothed")):
            files = [
                folder / run.name / kept
                for run in runs
                if (run.read, run.training) == (read, training) and (folder / run.name / kept).is_file()
            ]
            if not files:
                continue
            curves = [json.loads(file.read_text())[corruption] for file in files]
            top1 = np.array([curve["top1"] for curve in curves])
            area = np.mean([curve["area"] for curve in curves])
            table.add_row(read, word, str(len(files)), *map(_with_range, top1.T), f"{area:.1f}")
    return table


def _with_range(values: np.ndarray) -> str:
    text = f"{values.mean():.1f}"
    return text if len(values) == 1 else f"{text} ({values.min():.1f}-{values.max():.1f})"


if __name__ == "__main__":
    main()
