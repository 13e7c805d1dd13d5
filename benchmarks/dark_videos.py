"""Extracts, pre-trains, trains and scores every row of the table in docs/dark-videos.md; goes on where it stopped.

    python benchmarks/dark_videos.py --data DARK --penn stores/penn --out DIR --seeds 5

DARK holds train, validate, their lists and a mapping file. With --cross, rows are trained and scored on two halves of
the training videos that share no scene: what was chosen was chosen by that, validation videos were only scored.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from rich.console import Console
from rich.table import Table

from posecube.evaluation import ScoreTable, score_store
from posecube.model.predictor import Predictor
from posecube.pose.extraction.extract import extract
from posecube.pose.extraction.sequence_from_video import People
from posecube.pose.extraction.video_list import list_videos
from posecube.recipes import load_recipe
from posecube.skeleton import SkeletonSequence, find_layout
from posecube.store import SkeletonStore, StoreWriter
from posecube.training import train
from posecube.video.enhance import Enhancement
from posecube_studio.take import plan_take

VIEWS, FLIP = 4, True
PENN, STUDIO = "dark_pretrain_penn", "dark_pretrain_studio"
# Sitting down run backwards is standing up; the others run backwards stay what they are.
BACKWARDS = {"Sit": "Stand", "Stand": "Sit"}
STUDIO_ACTIONS = {
    "Jump": "jump",
    "Run": "run",
    "Sit": "sit_down",
    "Stand": "stand_up",
    "Turn": "turn",
    "Walk": "walk",
}
STUDIO_CLIPS, STUDIO_SIZE_HW = 300, (240, 320)


@dataclass(frozen=True)
class Extraction:
    """How a store's skeletons are found."""

    people: People = "single"
    enhancement: Enhancement | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        store: Name of the extraction.
        recipe: What is trained.
        changes: Fields of the recipe that differ.
        start: Name of the pre-training, if any.
        backwards: Train on every clip run backwards, too; half the epochs, so that steps are as many.
    """

    store: str
    recipe: str = "dark_joint"
    changes: Mapping[str, Any] = field(default_factory=dict)
    start: str | None = None
    backwards: bool = False


EXTRACTIONS = {
    "single_plain": Extraction(),
    "single_clahe": Extraction(enhancement=Enhancement("clahe")),
}
FROM_SCRATCH = {"epochs": 30}  # as long as plain PoseConv3D; fine-tuning takes less
ROWS = {
    "joint": Row("single_plain"),
    "+ enhancement": Row("single_clahe"),
    "+ denoising": Row("single_clahe", "dark_dsc3d", {"model__network__num_heads": 0, **FROM_SCRATCH}),
    "+ attention": Row("single_clahe", "dark_dsc3d", FROM_SCRATCH),
    "+ pre-training, Penn Action": Row("single_clahe", "dark_dsc3d", start=PENN),
    "+ pre-training, studio": Row("single_clahe", "dark_dsc3d", start=STUDIO),
    "joint, clips backwards too": Row("single_clahe", changes={"epochs": 15}, backwards=True),
    "+ studio, clips backwards too": Row("single_clahe", "dark_dsc3d", {"epochs": 10}, STUDIO, backwards=True),
}


@dataclass(frozen=True)
class Folders:
    """Where everything is."""

    data: Path
    penn: Path
    out: Path

    def store(self, name: str) -> Path:
        return self.out / "stores" / name

    def run(self, name: str) -> Path:
        return self.out / "runs" / name


def main() -> None:
    """Do what is missing, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="DARK")
    parser.add_argument("--penn", type=Path, metavar="STORE")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--studio-store", action="store_true", help="write DIR/stores/studio6 and stop")
    parser.add_argument("--seeds", type=int, default=5, metavar="N")
    parser.add_argument("--first-seed", type=int, default=0, metavar="N", help="for several processes at a time")
    parser.add_argument("--only", nargs="+", choices=list(ROWS), default=list(ROWS), metavar="ROW")
    parser.add_argument("--cross", action="store_true", help="halves of the training videos instead of validation")
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=JSON", help="further changes, nested by __")
    parser.add_argument("--tag", default="", help="name for them, in the folders of runs")
    options = parser.parse_args()
    logging.getLogger("posecube").setLevel(logging.WARNING)
    torch.set_num_threads(1)
    if options.studio_store:
        studio_store(options.out / "stores" / "studio6")
        return
    if options.data is None or options.penn is None:
        parser.error("--data and --penn are needed, unless it is --studio-store alone")
    folders = Folders(options.data, options.penn, options.out)
    changes = {key: json.loads(value) for key, value in (setting.split("=", 1) for setting in options.set)}
    splits = ("half0", "half1") if options.cross else ("validate",)
    for name in options.only:
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            for split in splits:
                _score(folders, name, seed, split, tag=options.tag, changes=changes)
    Console().print(table(folders, options.only, splits, options.tag))


def _score(folders: Folders, name: str, seed: int, split: str, *, tag: str, changes: Mapping[str, Any]) -> None:
    """Train and score one row with one seed, unless that was done."""
    scores = scores_path(folders, name, seed, split, tag)
    if scores.is_file():
        return
    row = ROWS[name]
    store = prepared_store(folders, row)
    run = scores.with_suffix("")
    training = "train" if split == "validate" else f"not_{split}"
    initial = str(pretrained(folders, row.start)) if row.start else None
    recipe = load_recipe(row.recipe).changed(
        **{**row.changes, **changes},
        initial_weights=initial, seed=seed, test_split=split,
        train_split=f"{training}_backwards" if row.backwards else training,
    )  # fmt: skip
    if not (run / "weights.safetensors").is_file():
        train(recipe, store=store, run=run, resume=(run / "recipe.json").is_file())
    predictor = Predictor.load(run, num_views=VIEWS, flips=FLIP)
    opened = SkeletonStore.open(store)
    score_store(predictor, opened, opened.split(split)).save(scores)
    print(f"{name}, seed {seed}, {split}: {accuracy(folders, ScoreTable.load(scores), split)}", flush=True)


def scores_path(folders: Folders, name: str, seed: int, split: str, tag: str) -> Path:
    """Where the scores of one run on one split are kept."""
    words = re.sub(r"\W+", "_", f"{tag} {name}").strip("_")
    return folders.run(f"{words}_{split}_{seed}.npz")


def prepared_store(folders: Folders, row: Row) -> Path:
    """The skeletons of both lists, with halves of the training videos; extracted unless they are there."""
    path = folders.store(row.store)
    done = path.with_name(f"{path.name}_halved")
    if not (done / "manifest.json").is_file():
        made = EXTRACTIONS[row.store]
        for split in ("train", "validate"):
            report = extract(
                [folders.data / split], labels=folders.data / f"{split}.txt", store=path, pose="yolox-movenet",
                people=made.people, enhancement=made.enhancement,
            )  # fmt: skip
            print(report, flush=True)
        _halve(SkeletonStore.open(path), done)
    return done


def _halve(store: SkeletonStore, out: Path) -> None:
    """The same clips and the training ones backwards, with splits of two halves whose scenes differ."""
    names = [store.names[index] for index in store.split("train")]
    halves = scene_halves(names)
    splits = {"train": names, "validate": [store.names[index] for index in store.split("validate")]}
    splits |= {f"half{half}": [name for name in names if halves[name] == half] for half in (0, 1)}
    splits |= {f"not_half{half}": splits[f"half{1 - half}"] for half in (0, 1)}
    with StoreWriter(out, layout=store.layout, classes=store.classes) as writer:
        for sequence in store:
            writer.add(sequence)
            if sequence.name in halves:
                writer.add(backwards(sequence, store.classes))
        for split in ("train", "not_half0", "not_half1"):
            splits[f"{split}_backwards"] = [
                *splits[split], *(f"backwards/{name}" for name in splits[split])
            ]  # fmt: skip
        for split, members in splits.items():
            writer.set_split(split, members)


def scene_halves(names: list[str]) -> dict[str, int]:
    """Which half each clip is in; all of a class's scene (the number in Jump_8_15) in one, sizes as equal as can be."""
    scenes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name in names:
        action, scene, _ = Path(name).stem.split("_")
        scenes[action][scene].append(name)
    halves: dict[str, int] = {}
    for number, action in enumerate(sorted(scenes)):
        sizes = [0, 0]
        for clips in sorted(scenes[action].values(), key=len, reverse=True):
            half = int(sizes[0] > sizes[1]) if sum(sizes) else number % 2
            sizes[half] += len(clips)
            halves |= dict.fromkeys(clips, half)
    return halves


def backwards(sequence: SkeletonSequence, classes: tuple[str, ...]) -> SkeletonSequence:
    """The clip run backwards, under the label that it then has."""
    action = classes[int(sequence.label or 0)]
    return sequence.replaced(
        keypoints=sequence.keypoints[:, ::-1], confidence=sequence.confidence[:, ::-1],
        label=classes.index(BACKWARDS.get(action, action)), name=f"backwards/{sequence.name}",
    )  # fmt: skip


def pretrained(folders: Folders, name: str) -> Path:
    """A run on the larger set; trained unless it is there."""
    run = folders.run(name)
    if not (run / "weights.safetensors").is_file():
        store = folders.penn if name == PENN else studio_store(folders.store("studio6"))
        train(load_recipe(name), store=store, run=run, resume=(run / "recipe.json").is_file())
    return run


def studio_store(path: Path) -> Path:
    """Exact joints of the mannequin at the six actions, seen from anywhere, near and far, partly out of the picture."""
    if not (path / "manifest.json").is_file():
        splits: dict[str, list[str]] = {"train": [], "test": []}
        with StoreWriter(path, layout=find_layout("coco17"), classes=tuple(STUDIO_ACTIONS)) as writer:
            for sequence, subject in _studio_clips():
                writer.add(sequence)
                splits["test" if subject % 5 == 0 else "train"].append(sequence.name)
            for split, members in splits.items():
                writer.set_split(split, members)
    return path


def _studio_clips() -> Iterator[tuple[SkeletonSequence, int]]:
    """Clips with the number of who acts in them."""
    layout = find_layout("coco17")
    for label, (name, action) in enumerate(STUDIO_ACTIONS.items()):
        for number in range(STUDIO_CLIPS):
            rng = np.random.default_rng([label, number])
            subject = int(rng.integers(1, 200))
            take = plan_take(action, subject=subject, view=3 + number % 7, seed=number, size_hw=STUDIO_SIZE_HW)
            points = _placed(take.keypoints_xy, rng)
            inside = (points >= 0).all(axis=-1) & (points < STUDIO_SIZE_HW[::-1]).all(axis=-1)
            confidence = (inside * rng.uniform(0.5, 1)).astype(np.float32)
            if inside.any():
                yield (
                    SkeletonSequence(
                        points.astype(np.float32), np.asarray(confidence), layout, STUDIO_SIZE_HW,
                        fps=Fraction(30), label=label, name=f"{name}/{number:04d}",
                    ),
                    subject,
                )  # fmt: skip


def _placed(points: Float[np.ndarray, "M T V 2"], rng: np.random.Generator) -> Float[np.ndarray, "M T V 2"]:
    """Half to 2.4 times as large, anywhere in the picture; who is too large for it has the head near its upper edge."""
    height, width = STUDIO_SIZE_HW
    centre = points.reshape(-1, 2).mean(axis=0)
    zoom = float(np.exp(rng.uniform(np.log(0.5), np.log(2.4))))
    size = np.ptp(points.reshape(-1, 2), axis=0) * zoom
    points = (points - centre) * zoom
    middle = width / 2 + rng.uniform(-0.5, 0.5) * max(width - size[0], 0) * 0.8
    top = rng.uniform(0, 0.3) * height if size[1] > 0.9 * height else rng.uniform(0, max(height - size[1], 1))
    return points + np.array([middle - points[..., 0].mean(), top - points[..., 1].min()])


@dataclass(frozen=True)
class Accuracy:
    """Top-1 in percent over all videos of the list, those without a skeleton among them.

    Attributes:
        wrong: With those counted as wrong.
        guessed: With those counted as right as often as guesses are.
    """

    wrong: float
    guessed: float
    num_missing: int

    def __str__(self) -> str:
        return f"{self.wrong:.1f} % ({self.num_missing} without a skeleton; guessed there {self.guessed:.1f} %)"


def accuracy(folders: Folders, scores: ScoreTable, split: str) -> Accuracy:
    """The figures of one table of scores."""
    listed = "validate" if split == "validate" else "train"
    names = [video.name for video in list_videos([folders.data / listed], labels=folders.data / f"{listed}.txt").videos]
    if split != "validate":
        halves = scene_halves(names)
        names = [name for name in names if halves[name] == int(split[-1])]
    missing = len(set(names) - set(scores.names))
    right = int((scores.scores.argmax(axis=1) == scores.labels).sum())
    return Accuracy(100 * right / len(names), 100 * (right + missing / len(scores.classes)) / len(names), missing)


def table(folders: Folders, rows: list[str], splits: tuple[str, ...], tag: str) -> Table:
    """Mean and spread over the seeds."""
    shown = Table(title=f"top-1, {VIEWS} views and flip; {', '.join(splits)}")
    for column in ("row", "seeds", "top-1 %", "spread", "lowest", "highest", "no skeleton", "guessed there"):
        shown.add_column(column)
    for name in rows:
        found = []
        seed = 0
        while all(scores_path(folders, name, seed, split, tag).is_file() for split in splits):
            each = [
                accuracy(folders, ScoreTable.load(scores_path(folders, name, seed, split, tag)), split)
                for split in splits
            ]
            found.append([np.mean([one.wrong for one in each]), np.mean([one.guessed for one in each]),
                          sum(one.num_missing for one in each)])  # fmt: skip
            seed += 1
        if found:
            wrong, guessed, missing = np.array(found).T
            shown.add_row(
                name, str(len(found)), f"{wrong.mean():.1f}", f"{wrong.std(ddof=1) if len(found) > 1 else 0:.1f}",
                f"{wrong.min():.1f}", f"{wrong.max():.1f}", f"{missing[0]:.0f}", f"{guessed.mean():.1f}",
            )  # fmt: skip
    return shown


if __name__ == "__main__":
    main()
