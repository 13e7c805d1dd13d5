"""Comparisons from the store to the chart, on tiny data: complete, equal, and unharmed by being killed."""

import json
import multiprocessing
import os
import signal
import warnings

import numpy as np
import pytest

from builders import make_store
from posecube.cli import main
from posecube.comparison import QUESTIONS, compare_variants, find_question, run
from posecube.comparison.base_recipe import base_recipe
from posecube.comparison.result import Views
from posecube.evaluation import ScoreTable, fuse, measure
from posecube.model import read_card
from posecube.model.cost import NetworkCost
from posecube.skeleton.layouts import COCO17, KINECT20
from posecube.store import SkeletonStore
from posecube.training.run import ActionTraining

SHORT = ("epochs=1", "batch_size=3", "model.clip.clip_len=4", "precision=float32", "warmup_steps=0")
SMALL = (*SHORT, "model.network.base_channels=4", "model.clip.space.size_hw=[16,16]")
SMALL_GRAPH = (*SHORT, "model.network.base_channels=8")  # it has branches, and no room for them in 4 channels
SIZES = {"train": 6, "test": 3}


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Folders of a store of 2D and of 3D joints."""
    folder = tmp_path_factory.mktemp("stores")
    return {
        2: make_store(folder / "flat", SIZES, layout=COCO17).path,
        3: make_store(folder / "deep", SIZES, layout=KINECT20, axes=3).path,
    }


@pytest.fixture(autouse=True)
def counting_is_quick(request, monkeypatch):
    """Counting a step's memory and a network's operations takes longer than these trainings."""
    if "lower batch_size" not in request.node.name:
        monkeypatch.setattr("posecube.training.checks.activation_bytes", lambda _recipe, num_classes: 0)
    if "heatmap-vs-graph" not in request.node.name:
        monkeypatch.setattr(run, "network_cost", lambda _spec, num_classes: NetworkCost(1000, 1_000_000, 3, ()))


def compared(name, store, out, *, settings=SMALL, **options):
    store = SkeletonStore.open(store)
    question = find_question(name)
    base = base_recipe(store, settings=settings, reads=question.starts_from)
    comparison = question.of(base, num_axes=store.num_axes)
    return compare_variants(comparison, store=store, out=out, **options)


@pytest.mark.parametrize(("name", "axes"), [(name, 3 if name == "2d-vs-3d" else 2) for name in QUESTIONS])
def test_every_comparison_runs_from_the_command_line(name, axes, stores, tmp_path, capfd):
    out = tmp_path / "out"
    command = ["compare", name, "--store", str(stores[axes]), "--out", str(out), "--quiet", "--views", "2", "--flip"]
    settings = SMALL_GRAPH if name == "streams" else SMALL
    assert main([*command, "--json", str(tmp_path / "copy.json"), "--set", *settings]) == 0
    printed = capfd.readouterr().out
    content = json.loads((out / "comparison.json").read_text())
    assert content == json.loads((tmp_path / "copy.json").read_text())
    question = QUESTIONS[name]
    assert content["comparison"] == name and question.asks[:20] in printed
    assert [tuple(fusion["variants"]) for fusion in content["fusions"]] == list(question.fusions)
    for variant in content["variants"]:
        folder = out / "runs" / variant["name"] / "seed0"
        assert {path.name for path in folder.iterdir()} == {
            "recipe.json", "weights.safetensors", "last.ckpt", "log", "seconds.json", "scores-1.npz",
            "scores-2-flip.npz",
        }  # fmt: skip
        assert variant["epochs"] == 1 and variant["parameters"] > 100 and variant["gmacs"] > 0
        assert 0 < variant["train_seconds"][0] < 100
        measured = measure(ScoreTable.load(folder / "scores-2-flip.npz"))
        assert variant["scores"]["2 views + flip"]["top1"] == [measured.top1]
    assert {path.name for path in out.iterdir()} == {"plan.json", "runs", "comparison.json", "comparison.png"}


def test_fusions_average_the_scores_of_one_seed(stores, tmp_path):
    views = (Views(), Views(2))
    result = compared("joint-vs-limb", stores[2], tmp_path, seeds=(0, 3), views=views)
    *_, both = result.entries
    assert both.variants == ("joint", "limb") and result.seeds == (0, 3)
    for kind in views:
        for position, seed in enumerate(result.seeds):
            tables = [
                ScoreTable.load(tmp_path / "runs" / name / f"seed{seed}" / kind.scores_file) for name in both.variants
            ]
            assert both.metrics[kind][position] == measure(fuse(tables))
    joint, limb = result.entries[:2]
    assert both.cost == joint.cost + limb.cost and len(both.cost.seconds) == 2


def test_all_variants_are_trained_alike(stores, tmp_path, monkeypatch):
    seen = []
    step = ActionTraining.training_step

    def recording(module, batch, batch_index):
        seen.append((module.recipe.name, sorted(batch.labels.tolist())))
        return step(module, batch, batch_index)

    monkeypatch.setattr(ActionTraining, "training_step", recording)
    compared("heatmap-vs-graph", stores[2], tmp_path)
    by_variant = {}
    for name, labels in seen:
        by_variant.setdefault(name, []).append(labels)
    first, *others = by_variant.values()
    assert len(by_variant) == 3 and len(first) == 2 and all(other == first for other in others)


def killed_in(variant, store, out):
    """Train a comparison that kills its process in the second epoch of one variant."""

    def die(module, batch, batch_index):
        if module.recipe.name.endswith(variant) and module.current_epoch == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(module, batch, batch_index)

    step = ActionTraining.training_step
    ActionTraining.training_step = die
    compared("joint-vs-limb", store, out, settings=(*SMALL, "epochs=2"))


def test_a_killed_comparison_goes_on_and_ends_as_if_nothing_had_happened(stores, tmp_path, monkeypatch):
    process = multiprocessing.get_context("fork").Process(target=killed_in, args=("limb", stores[2], tmp_path / "out"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns of forks beside threads
        process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"plan.json", "runs"}
    settings = (*SMALL, "epochs=2")
    with pytest.raises(FileExistsError, match="--resume"):
        compared("joint-vs-limb", stores[2], tmp_path / "out", settings=settings)
    lines, epochs = [], []
    step = ActionTraining.training_step
    monkeypatch.setattr(
        ActionTraining,
        "training_step",
        lambda module, *batch: (epochs.append(module.current_epoch), step(module, *batch))[1],
    )
    options = {"settings": settings, "resume": True}
    resumed = compared("joint-vs-limb", stores[2], tmp_path / "out", announce=lines.append, **options)
    assert lines[0] == "2/2 go on training limb, seed 0" and set(epochs) == {1}, "one run, from its second epoch on"
    again = compared("joint-vs-limb", stores[2], tmp_path / "out", announce=lines.append, **options)
    assert len(lines) == 3 and again == resumed, "whatever is there is read back"
    whole = compared("joint-vs-limb", stores[2], tmp_path / "whole", settings=settings)
    assert [entry.metrics for entry in resumed.entries] == [entry.metrics for entry in whole.entries]
    cards = [read_card(out / "runs/limb/seed0/weights.safetensors") for out in (tmp_path / "out", tmp_path / "whole")]
    assert cards[0].tensors_sha256 == cards[1].tensors_sha256


def test_more_seeds_and_other_views_can_be_had_later(stores, tmp_path):
    compared("crop", stores[2], tmp_path)
    lines = []
    result = compared("crop", stores[2], tmp_path, seeds=(0, 1), views=(Views(3),), resume=True, announce=lines.append)
    assert [line for line in lines if "train" in line] == ["3/4 train crop, seed 1", "4/4 train whole_frame, seed 1"]
    assert result.seeds == (0, 1) and str(result.views[0]) == "3 views"


def test_the_work_can_be_shared(stores, tmp_path):
    assert compared("crop", stores[2], tmp_path, only=("crop",)) is None
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["crop"]
    assert compared("crop", stores[2], tmp_path, only=("whole_frame",), resume=True) is not None


def test_the_command_says_that_runs_are_missing(stores, tmp_path, capfd):
    command = [
        "compare",
        "crop",
        "--store",
        str(stores[2]),
        "--out",
        str(tmp_path / "out"),
        "--only",
        "crop",
        "--quiet",
    ]
    assert main([*command, "--set", *SMALL]) == 0
    assert "go on with --resume" in capfd.readouterr().out
    assert not (tmp_path / "out" / "comparison.json").exists()


def test_equal_time(stores, tmp_path):
    result = compared("crop", stores[2], tmp_path, seconds=1e-3)
    assert {recipe.epochs for recipe in result.comparison.variants.values()} == {1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seeds": ()}, "--seeds expects different whole numbers"),
        ({"seeds": (1, 1)}, "--seeds expects different whole numbers"),
        ({"seeds": (-1,)}, "--seeds expects different whole numbers"),
        ({"seeds": (2**32,)}, "--seeds expects different whole numbers"),
        ({"views": (Views(0),)}, "--views must be at least 1"),
        ({"seconds": 0.0}, "--seconds must be positive"),
        ({"seconds": float("nan")}, "--seconds must be positive"),
        ({"only": ("crops",)}, "unknown variant of --only 'crops'; did you mean crop"),
        ({"settings": ("batch_size=100000000",)}, "lower batch_size"),
        ({"settings": ("test_split=none",)}, "has no split 'none'"),
        ({"resume": True}, "nothing to resume"),
    ],
)
def test_wrong_wishes_are_refused_before_anything_is_written(options, message, stores, tmp_path):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        compared("crop", stores[2], tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_weights_of_something_else_are_not_taken_for_a_finished_run(stores, tmp_path):
    compared("crop", stores[2], tmp_path, only=("crop",))
    crop, other = (tmp_path / "runs" / name / "seed0" for name in ("crop", "whole_frame"))
    other.mkdir(parents=True)
    (other / "weights.safetensors").write_bytes((crop / "weights.safetensors").read_bytes())
    with pytest.raises(ValueError, match="holds weights of another model: remove the folder"):
        compared("crop", stores[2], tmp_path, resume=True)


def test_a_training_that_diverged_is_named(stores, tmp_path, monkeypatch):
    def diverged(predictor, store, indices):
        return ScoreTable(("a",), np.zeros(1, np.int64), np.full((1, 3), np.nan, np.float32), predictor.card.classes)

    monkeypatch.setattr(run, "score_store", diverged)
    with pytest.raises(ValueError, match=r"crop, seed 0, in .*: a score table's scores must be finite"):
        compared("crop", stores[2], tmp_path)
