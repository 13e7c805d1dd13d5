"""Training runs: what they refuse, what they leave, and that a killed one ends where it would have ended."""

import csv
import json
import multiprocessing
import os
import signal
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from builders import CLASSES, make_sequence, make_store, small_recipe, small_spec
from posecube.evaluation import measure, score_store
from posecube.model import ActionModel, read_card
from posecube.model.predictor import Predictor
from posecube.networks.gcn import StgcnppSpec
from posecube.networks.posec3d import PoseSlowOnlySpec
from posecube.representation import CoordinateSpec, StreamSpec, VolumeSpec
from posecube.sampling import ClipSpec, ImageSpace
from posecube.skeleton import LAYOUTS, SkeletonLayout
from posecube.skeleton.layouts import COCO17, NTU25
from posecube.store import SkeletonStore, StoreWriter
from posecube.training import Outliers, checks, loop, module, run, train
from posecube.training.checks import check_recipe


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> SkeletonStore:
    return make_store(tmp_path_factory.mktemp("stores") / "generated")


@pytest.fixture(scope="module")
def outlier_store(tmp_path_factory) -> SkeletonStore:
    return make_store(tmp_path_factory.mktemp("outliers") / "strangers", {"all": 6}, axes=3, layout=NTU25)


def outlier_recipe(outlier_store, **fields):
    outliers = Outliers(stores=(str(outlier_store.path),), fraction=0.5, frozen=True, frozen_exclude=("stand",))
    return small_recipe(outliers=outliers, **fields)


class Killed(BaseException):
    """Stands for a SIGKILL: nothing catches it."""


def killed_run(monkeypatch, recipe, store, folder, *, epoch, batch=None):
    """Start training and have it die in an epoch: at the given batch, or after its end."""

    def at_batch(module, batch_data, batch_index):
        if module.current_epoch == epoch and batch_index == batch:
            raise Killed
        return step(module, batch_data, batch_index)

    def at_epoch_start(module):
        if module.current_epoch == epoch + 1:
            raise Killed

    step = module.ActionTraining.training_step
    with monkeypatch.context() as patch:
        if batch is None:
            patch.setattr(module.ActionTraining, "on_train_epoch_start", at_epoch_start)
        else:
            patch.setattr(module.ActionTraining, "training_step", at_batch)
        with pytest.raises(Killed):
            train(recipe, store=store.path, run=folder)


@pytest.mark.parametrize(
    ("epoch", "batch", "evaluate_every"),
    [(1, None, 1), (1, None, 2), (2, 1, 2), (2, 0, 3), (0, 2, 5)],
    ids=["after a scored epoch", "after an epoch", "within an epoch", "at its first batch", "in the first epoch"],
)
def test_a_killed_and_resumed_run_gives_the_weights_of_an_uninterrupted_one(
    epoch, batch, evaluate_every, monkeypatch, tmp_path, store, outlier_store
):
    recipe = outlier_recipe(outlier_store, epochs=4, evaluate_every=evaluate_every)
    whole_rates, whole = recorded_run(monkeypatch, recipe, store, tmp_path / "whole")
    np.testing.assert_allclose(whole_rates, expected_rates(recipe, num_steps=16))
    killed_run(monkeypatch, recipe, store, tmp_path / "killed", epoch=epoch, batch=batch)
    assert not (tmp_path / "killed" / "weights.safetensors").exists()
    rates, resumed = recorded_run(monkeypatch, recipe, store, tmp_path / "killed", resume=True)
    finished_epochs = epoch + 1 if batch is None else epoch
    assert rates == whole_rates[4 * finished_epochs :], "it goes on from the last finished epoch"
    assert read_card(resumed) == read_card(whole)
    expected, got = load_file(whole), load_file(resumed)
    for name, tensor in expected.items():
        assert torch.equal(tensor, got[name]), name


def recorded_run(monkeypatch, recipe, store, folder, *, resume=False) -> tuple[list[float], Path]:
    """The learning rate of every step, and the weights."""
    rates = []
    step = module.ActionTraining.training_step

    def recording(module, batch, batch_index):
        rates.append(module.optimizers().param_groups[0]["lr"])
        return step(module, batch, batch_index)

    with monkeypatch.context() as patch:
        patch.setattr(module.ActionTraining, "training_step", recording)
        return rates, train(recipe, store=store.path, run=folder, resume=resume)


def expected_rates(recipe, *, num_steps) -> np.ndarray:
    """The rise and the cosine, written down once more."""
    steps = np.arange(num_steps)
    rise = np.minimum(1.0, (steps + 1) / recipe.warmup_steps)
    return recipe.scaled_learning_rate * rise * (1 + np.cos(np.pi * steps / num_steps)) / 2


def test_resuming_keeps_the_log_of_the_first_start(monkeypatch, tmp_path, store):
    recipe = small_recipe(evaluate_every=1)
    killed_run(monkeypatch, recipe, store, tmp_path, epoch=1)
    train(recipe, store=store.path, run=tmp_path, resume=True)
    logged = [row["epoch"] for file in ("metrics-1.csv", "metrics.csv") for row in log_rows(tmp_path / "log" / file)]
    assert sorted(set(logged)) == ["0", "1", "2"]


def log_rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_resuming_a_finished_run_writes_the_same_weights_and_score(tmp_path, store):
    recipe = small_recipe()
    weights = train(recipe, store=store.path, run=tmp_path)
    content = weights.read_bytes()
    weights.unlink()
    assert train(recipe, store=store.path, run=tmp_path, resume=True).read_bytes() == content


def test_the_run_folder_tells_the_whole_story(tmp_path, store, outlier_store, monkeypatch):
    recipe = outlier_recipe(outlier_store, evaluate_every=2, seed=5)
    monkeypatch.chdir(tmp_path)
    weights = train(recipe, store=store.path, run="run")
    assert weights == Path("run/weights.safetensors")
    assert {path.name for path in Path("run").iterdir()} == {"recipe.json", "log", "last.ckpt", "weights.safetensors"}
    assert [path.name for path in tmp_path.iterdir()] == ["run"], "nothing is written elsewhere"
    description = json.loads(Path("run/recipe.json").read_text())
    assert description["recipe"] == recipe.model_dump(mode="json")
    assert description["recipe"]["seed"] == 5
    assert description["scaled_learning_rate"] == pytest.approx(0.01 * 4 / 16)
    assert description["store"] == {"name": "generated", "fingerprint": store.fingerprint, "num_clips": 18}
    assert description["versions"]["torch"] == version("torch")
    assert description["versions"].keys() >= {"posecube", "lightning", "numpy"}
    assert description["git"] is None or len(description["git"]) == 40
    rows = log_rows(Path("run/log/metrics.csv"))
    losses = [float(row["train_loss"]) for row in rows if row["train_loss"]]
    scores = [row["test_top1"] for row in rows if row["test_top1"]]
    assert len(losses) == 3 and all(np.isfinite(losses))
    assert len(scores) == 2, "after the second epoch, and after the last"


def test_the_card_has_the_score_of_the_last_weights(tmp_path, store):
    recipe = small_recipe(epochs=3, evaluate_every=2)
    weights = train(recipe, store=store.path, run=tmp_path / "run")
    model, card = ActionModel.load(tmp_path / "run")
    measured = measure(score_store(Predictor(model, card), store, store.split("test"))).top1
    assert card.scores == {"top1 test 1 view": pytest.approx(measured, abs=0.01)}
    assert card.classes == CLASSES and card.model == recipe.model
    assert store.fingerprint[:16] in card.data and weights.is_file()


def test_the_card_has_the_figure_that_the_recipe_names(tmp_path):
    store = make_store(tmp_path / "store", {"train": 12, "test": 5})  # classes of 2, 2 and 1 clips
    recipe = small_recipe(epochs=2, metric="mean_class")
    train(recipe, store=store.path, run=tmp_path / "run")
    model, card = ActionModel.load(tmp_path / "run")
    measured = measure(score_store(Predictor(model, card), store, store.split("test"))).mean_class
    assert card.scores == {"mean_class test 1 view": pytest.approx(measured, abs=0.01)}


def test_a_run_that_started_from_other_weights_resumes_exactly(monkeypatch, tmp_path, store):
    train(small_recipe(epochs=1, seed=7), store=store.path, run=tmp_path / "first")
    recipe = small_recipe(
        epochs=3, initial_weights=str(tmp_path / "first"), schedule="steps", milestones=(1, 2), warmup_steps=0,
        class_passes=(1, 2, 1), nesterov=False, decayed="all", gradient_clip=None,
    )  # fmt: skip
    rates, whole = recorded_run(monkeypatch, recipe, store, tmp_path / "whole")
    assert rates == pytest.approx([recipe.scaled_learning_rate * 0.1**epoch for epoch in range(3) for _ in range(4)])
    card, first = read_card(whole), read_card(tmp_path / "first" / "weights.safetensors")
    assert card.recipe["initial_weights"] == "first"
    description = json.loads((tmp_path / "whole" / "recipe.json").read_text())
    assert description["initial_weights"] == [{"name": "small", "tensors_sha256": first.tensors_sha256}]
    killed_run(monkeypatch, recipe, store, tmp_path / "killed", epoch=1, batch=2)
    (tmp_path / "first" / "weights.safetensors").unlink()  # they were needed once
    _, resumed = recorded_run(monkeypatch, recipe, store, tmp_path / "killed", resume=True)
    expected, got = load_file(whole), load_file(resumed)
    assert all(torch.equal(tensor, got[name]) for name, tensor in expected.items())


def test_weights_name_no_folder_of_this_machine(tmp_path, store, outlier_store):
    recipe = outlier_recipe(outlier_store, epochs=1)
    weights = train(recipe, store=store.path, run=tmp_path / "run")
    with safe_open(weights, framework="pt") as file:
        card = file.metadata()["posecube_card"]
    assert str(tmp_path.parent) not in card and str(Path.home()) not in card
    assert json.loads(card)["recipe"]["outliers"]["stores"] == ["strangers"]


def test_a_model_learns_what_is_easy(tmp_path, store):
    recipe = small_recipe(epochs=25, learning_rate=0.2, augmentation={}, evaluate_every=25)
    train(recipe, store=store.path, run=tmp_path)
    assert read_card(tmp_path / "weights.safetensors").scores["top1 test 1 view"] >= 80


@pytest.mark.parametrize("num_workers", [0, 2])
def test_worker_processes_draw_the_same_clips(num_workers, tmp_path, store, outlier_store):
    recipe = outlier_recipe(outlier_store, epochs=2, num_workers=num_workers)
    weights = load_file(train(recipe, store=store.path, run=tmp_path / "run"))
    alone = load_file(train(recipe.changed(num_workers=0), store=store.path, run=tmp_path / "alone"))
    assert all(torch.equal(tensor, alone[name]) for name, tensor in weights.items())


def test_seeds_differ(tmp_path, store):
    first, second = (
        load_file(train(small_recipe(epochs=1, seed=seed), store=store.path, run=tmp_path / str(seed)))
        for seed in (0, 1)
    )
    assert not torch.equal(first["head.linear.weight"], second["head.linear.weight"])


def train_and_die(store, folder):
    def die(module, batch, batch_index):
        if module.current_epoch == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(module, batch, batch_index)

    step = module.ActionTraining.training_step
    module.ActionTraining.training_step = die
    train(small_recipe(), store=store.path, run=folder)


def test_sigkill_leaves_the_finished_epochs(tmp_path, store):
    process = multiprocessing.get_context("fork").Process(target=train_and_die, args=(store, tmp_path / "run"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns of forks beside threads
        process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
    assert {path.name for path in (tmp_path / "run").iterdir()} == {"recipe.json", "log", "last.ckpt"}
    assert len(log_rows(tmp_path / "run" / "log" / "metrics.csv")) == 2
    whole = load_file(train(small_recipe(), store=store.path, run=tmp_path / "whole"))
    resumed = load_file(train(small_recipe(), store=store.path, run=tmp_path / "run", resume=True))
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in whole.items())


def test_a_used_run_folder_is_refused(tmp_path, store):
    (tmp_path / "recipe.json").write_text("{}")
    with pytest.raises(FileExistsError, match=r"holds a run already.*--resume"):
        train(small_recipe(), store=store.path, run=tmp_path)


def test_resume_refuses_what_is_not_the_same_run(monkeypatch, tmp_path, store):
    def resume(recipe, store):
        return train(recipe, store=store.path, run=tmp_path / "run", resume=True)

    recipe = small_recipe(model=small_spec(network=PoseSlowOnlySpec(stage_blocks=(1, 1, 1))))
    with pytest.raises(FileNotFoundError, match="nothing to resume"):
        resume(recipe, store)
    killed_run(monkeypatch, recipe, store, tmp_path / "run", epoch=0, batch=0)
    with pytest.raises(ValueError, match="another recipe or other --set"):
        resume(recipe.changed(epochs=9), store)
    other = make_store(tmp_path / "other", {"train": 12, "test": 5})
    with pytest.raises(ValueError, match="started on other data"):
        resume(recipe, other)
    monkeypatch.setattr(run, "fit", lambda *_, **__: 0.5)
    assert resume(recipe, store).is_file(), "tuples of the recipe are lists in JSON, but the recipe is the same"
    (tmp_path / "run" / "recipe.json").write_text("[1]")
    with pytest.raises(ValueError, match="is damaged"):
        resume(recipe, store)


HAND = SkeletonLayout("hand3", ("wrist", "thumb", "little_finger"), ())


@pytest.mark.parametrize(
    ("options", "changes", "message"),
    [
        ({"classes": ("hop",)}, {}, "at least 2 classes, the store has 1"),
        ({"labelled": False}, {}, "split 'train' of store .* has no labelled clips"),
        ({"splits": {"train": 3, "test": 0}}, {}, "split 'test' of store .* has no labelled clips"),
        ({"splits": {"train": 3}}, {}, "has no split 'test'; its splits: train"),
        ({"layout": HAND}, {}, "reads layout coco17; 17 of its 17 joints cannot be derived from hand3: nose, "),
        ({}, {"batch_size": 100_000_000}, r"needs about \d+\.\d GiB, .* lower batch_size"),
        ({}, {"model__clip__space__size_hw": (4, 4)}, "cannot take clips of 4 frames of"),
        ({}, {"class_passes": (1, 2)}, "class_passes has 2 numbers, store .* has 3 classes"),
        ({}, {"initial_weights": "missing"}, "initial_weights: no weights missing: .*--set initial_weights=null"),
        ({}, {"outliers__stores": ("missing",)}, "no skeleton store at missing"),
        ({}, {"outliers__frozen": True, "outliers__frozen_exclude": CLASSES}, "outliers.frozen_exclude leaves none"),
    ],
)
def test_what_cannot_be_trained_is_refused_at_once(options, changes, message, tmp_path):
    store = make_store(tmp_path / "store", **{"splits": {"train": 3, "test": 3}, **options})
    with pytest.raises((ValueError, FileNotFoundError), match=message) as refused:
        train(small_recipe().changed(**changes), store=store.path, run=tmp_path / "run")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "run").exists()


def test_limb_joints_cannot_be_lost_where_there_are_none(tmp_path, monkeypatch):
    monkeypatch.setitem(LAYOUTS, "hand3", HAND)
    store = make_store(tmp_path / "store", {"train": 3, "test": 3}, layout=HAND)
    recipe = small_recipe().changed(model__layout="hand3", augmentation__drop_limb_joint=0.5)
    with pytest.raises(ValueError, match=r"recipe small: layout hand3 has no elbows, .*drop_limb_joint to 0"):
        train(recipe, store=store.path, run=tmp_path / "run")
    assert not (tmp_path / "run").exists()


GRAPH = small_spec(
    clip=ClipSpec(clip_len=4, max_people=1, space=ImageSpace()), representation=StreamSpec(),
    network=StgcnppSpec(base_channels=6),
)  # fmt: skip


@pytest.mark.parametrize("spec", [small_spec(), GRAPH], ids=["volume", "graph"])
def test_volumes_and_graphs_learn_with_limb_joints_lost(spec, tmp_path):
    store = make_store(tmp_path / "store", {"train": 4, "test": 3})
    recipe = small_recipe(model=spec, epochs=1).changed(augmentation__drop_limb_joint=1.0)
    weights = train(recipe, store=store.path, run=tmp_path / "run")
    assert ActionModel.load(weights)[1].recipe["augmentation"]["drop_limb_joint"] == 1.0


def test_memory_of_a_step_grows_with_the_batch():
    small, large = (checks.activation_bytes(small_recipe(batch_size=size), num_classes=3) for size in (1, 10))
    assert large == 10 * small
    first_layer = 4 * 4 * 16 * 16 * 4  # four channels, frames, map, bytes: one of a dozen such outputs
    assert 3 * first_layer < small < 30 * first_layer


def test_every_recipe_that_lacks_few_joints_is_accepted(tmp_path):
    store = make_store(tmp_path / "store", {"train": 3, "test": 3})
    check_recipe(small_recipe(model=small_spec(layout="penn13")), store)


def test_clips_without_a_label_are_left_out_and_counted(tmp_path, caplog):
    with StoreWriter(tmp_path / "store", layout=COCO17, classes=CLASSES) as writer:
        for number in range(8):
            writer.add(make_sequence(None if number % 4 == 3 else number % 3, seed=number, name=str(number)))
        writer.set_split("train", map(str, range(8)))
    caplog.set_level("WARNING")
    train(small_recipe(epochs=1, test_split="train"), store=tmp_path / "store", run=tmp_path / "run")
    assert "2 of 8 clips have no label and are left out" in caplog.text


def test_ctrl_c_stops_training_and_nothing_else(monkeypatch, tmp_path, store):
    def interrupted(_module):
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.default_int_handler
    given = signal.signal(signal.SIGINT, before)  # a program started in the background ignores the signal
    monkeypatch.setattr(module.ActionTraining, "on_train_epoch_start", interrupted)
    try:
        with pytest.raises(KeyboardInterrupt):
            train(small_recipe(), store=store.path, run=tmp_path)
        assert signal.getsignal(signal.SIGINT) is before, "Ctrl+C works on"
    finally:
        signal.signal(signal.SIGINT, given)
    assert not (tmp_path / "weights.safetensors").exists()


def test_a_write_that_fails_leaves_no_half_file(monkeypatch, tmp_path, store):
    def full_disk(_file):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(OSError, match="No space left"):
            train(small_recipe(), store=store.path, run=tmp_path / "run")
    assert not (tmp_path / "run" / "recipe.json").exists()
    train(small_recipe(epochs=1), store=store.path, run=tmp_path / "run")


def test_bf16_trains(tmp_path, store):
    weights = train(small_recipe(epochs=1, precision="bf16"), store=store.path, run=tmp_path)
    assert all(torch.isfinite(tensor).all() for tensor in load_file(weights).values())


@pytest.mark.parametrize(("architecture", "reads", "has_bf16", "expected"), [
    ("posec3d_c3d", VolumeSpec(), True, True), ("posec3d_c3d", VolumeSpec(), False, False),
    ("posec3d_x3d", VolumeSpec(), True, False), ("posec3d_slowonly", CoordinateSpec(), True, False),
])  # fmt: skip
def test_auto_precision_is_bf16_where_it_pays(architecture, reads, has_bf16, expected, monkeypatch):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has_bf16)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    spec = small_spec(network={"name": architecture}, representation=reads)
    recipe = small_recipe(precision="auto", model=spec)
    assert loop._computes_in_bf16(recipe, "auto") is expected
