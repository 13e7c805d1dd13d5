"""The everyday models on the data that they learnt from, and how they tell what they know from what they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float
from numpy import ndarray
from torchmetrics.functional.classification import binary_auroc, binary_roc

from posecube.model.predictor import Predictor
from posecube.sampling.augment.camera import Camera
from posecube.skeleton import SkeletonSequence
from posecube.store import SkeletonStore
from timing import arguments, show

METHOD = (
    "Whole clips, one view, scores of the models averaged. Top-1 in percent: Penn Action's test split; N-UCLA's third "
    "view in two dimensions as its sensor saw it (pick-ups with one hand and with two are one class); the studio's "
    "cross-subject test, exact joints, each clip from a place of its own. Open set: Penn Action's test clips against "
    "the studio's motions without a name, by how a clip's logits are made one number. AUROC, and the percentage of "
    "unknown clips that pass where 95 % of the known do (FPR95)."
)
SENSOR = Camera(yaw_deg=0, pitch_deg=(0, 0), distance=(2.5, 2.5))


def measure(
    weights: Sequence[str], *, penn: Path, nucla: Path, actions: Path, unnamed: Path, limit: int | None = None
) -> dict[str, float]:
    """All figures; a store that is not there is left out."""
    predictors = [Predictor.load(name) for name in weights]
    left = SENSOR.model_copy(update={"x_to_left": True})
    sets = {
        "penn": (penn, "test", None), "nucla_2d": (nucla, "xview_val", left),
        "studio_exact": (actions, "xsub_val", Camera()), "unnamed": (unnamed, "xsub_val", Camera()),
    }  # fmt: skip
    logits: dict[str, list[Float[ndarray, "N K"]]] = {}
    found: dict[str, float] = {}
    for name, (store, split, camera) in sets.items():
        if not store.exists():
            continue
        sequences, labels = zip(*clips_of(SkeletonStore.open(store), split, camera, predictors[0], limit), strict=True)
        logits[name] = [
            predictor.logits([clip for sequence in sequences for clip in predictor.clips(sequence)])
            for predictor in predictors
        ]
        if name != "unnamed":
            best = mean_probabilities(logits[name]).argmax(axis=1)
            found[f"{name}_top1"] = round(100 * float((best == np.array(labels)).mean()), 2)
            found |= {
                f"{name}_top1_{predictor.name}": round(100 * float((own.argmax(axis=1) == np.array(labels)).mean()), 2)
                for predictor, own in zip(predictors, logits[name], strict=True)
            }
    if {"penn", "unnamed"} <= set(logits):
        found |= open_set_figures(predictors[0], logits["penn"], logits["unnamed"])
    return found


def clips_of(
    store: SkeletonStore, split: str, camera: Camera | None, predictor: Predictor, limit: int | None
) -> Iterator[tuple[SkeletonSequence, int]]:
    """Clips of a split in two dimensions, with their label among the model's classes."""
    synonyms = predictor.card.open_set.synonyms
    for number, index in enumerate(store.split(split)[:: _step(len(store.split(split)), limit)]):
        sequence = store[int(index)]
        label = predictor.classes.index(synonyms.get(name := store.classes[int(sequence.label or 0)], name))
        yield (camera.view(sequence, np.random.default_rng(number)) if camera else sequence), label


def _step(count: int, limit: int | None) -> int:
    return max(1, count // limit) if limit else 1


def mean_probabilities(logits: Sequence[Float[ndarray, "N K"]]) -> Float[ndarray, "N K"]:
    """Mean of the models' probabilities."""
    return np.mean([_softmax(own) for own in logits], axis=0)


def open_set_figures(predictor: Predictor, known: Sequence[ndarray], unknown: Sequence[ndarray]) -> dict[str, float]:
    """AUROC and FPR95 of each way to say how known a clip is."""
    is_named = np.array([name != predictor.card.open_set.none for name in predictor.classes])
    found = {}
    for method, score in KNOWNNESS.items():
        scores = np.concatenate([np.mean([score(own, is_named) for own in each], axis=0) for each in (known, unknown)])
        target = torch.tensor([1] * len(known[0]) + [0] * len(unknown[0]))
        ranks = torch.tensor(scores.argsort().argsort() / len(scores))  # the metric wants numbers from 0 to 1
        false, true, _ = binary_roc(ranks, target)
        found[f"auroc_{method}"] = round(100 * float(binary_auroc(ranks, target)), 2)
        found[f"fpr95_{method}"] = round(100 * float(false[int(torch.searchsorted(true, 0.95))]), 2)
    return found


def _softmax(logits: Float[ndarray, "N K"]) -> Float[ndarray, "N K"]:
    exponential = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponential / exponential.sum(axis=1, keepdims=True)


def _closed(logits: Float[ndarray, "N K"], is_named: Bool[ndarray, " K"]) -> Float[ndarray, " N"]:
    return _softmax(logits[:, is_named]).max(axis=1)


def _with_none(logits: Float[ndarray, "N K"], is_named: Bool[ndarray, " K"]) -> Float[ndarray, " N"]:
    return _softmax(logits)[:, is_named].max(axis=1)


def _energy(logits: Float[ndarray, "N K"], is_named: Bool[ndarray, " K"]) -> Float[ndarray, " N"]:
    return np.log(np.exp(logits[:, is_named]).sum(axis=1))


def _margin(logits: Float[ndarray, "N K"], is_named: Bool[ndarray, " K"]) -> Float[ndarray, " N"]:
    return logits[:, is_named].max(axis=1) - logits[:, ~is_named].max(axis=1, initial=0.0)


KNOWNNESS = {
    "probability_among_the_known": _closed,
    "energy_of_the_known": _energy,
    "best_over_none": _margin,
    "probability_with_none": _with_none,
}

if __name__ == "__main__":
    parser = arguments(METHOD)
    parser.add_argument("--weights", nargs="+", default=["everyday-joint", "everyday-graph"])
    for name, folder in (("penn", "penn"), ("nucla", "nucla"), ("actions", "sk_actions"), ("unnamed", "sk_unnamed")):
        parser.add_argument(f"--{name}", type=Path, default=Path("stores", folder), help="store")
    parser.add_argument("--limit", type=int, help="about so many clips of each store")
    options = parser.parse_args()
    stores = {name: getattr(options, name) for name in ("penn", "nucla", "actions", "unnamed")}
    show(measure(options.weights, **stores, limit=options.limit), METHOD, options.json)
