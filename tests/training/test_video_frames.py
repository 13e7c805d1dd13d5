"""Training on video frames, alone and beside joints: from single networks to the one that joins them."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file

from builders import CLASSES, Films, make_model, make_store, small_recipe, small_rgb_spec
from posecube.cli import main
from posecube.evaluation import ScoreTable
from posecube.model import ActionModel, ModelSpec, read_card
from posecube.networks.posec3d import PoseSlowOnlySpec
from posecube.representation import VolumeSpec
from posecube.sampling import PUBLISHED_AUGMENTATION
from posecube.sampling.rgb.views import RgbSpec
from posecube.store import SkeletonStore
from posecube.training import Outliers, Recipe, checks, module, train, with_settings
from posecube.training.data import ClipData
from posecube.training.initial_weights import start_from_both
from posecube.training.module import ActionTraining
from posecube.training.objectives import CrossEntropy
from posecube.training.recipe import SingleRuns
from posecube.video.writer import VideoWriter

ARCHITECTURES = ("slowonly_rgb", "rgbpose_conv3d")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SkeletonStore:
    return make_store(tmp_path_factory.mktemp("stores") / "generated")


def rgb_recipe(architecture: str = "rgbpose_conv3d", **fields) -> Recipe:
    model = fields.pop("model", None) or small_rgb_spec(architecture)
    return small_recipe(model=model, augmentation=PUBLISHED_AUGMENTATION, **fields)


def without_dropout(architecture: str) -> ModelSpec:
    spec = small_rgb_spec(architecture)
    return small_rgb_spec(architecture, network=spec.network.model_copy(update={"dropout": 0.0}))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_one_batch_is_learned_by_heart(architecture, store):
    recipe = rgb_recipe(model=without_dropout(architecture), batch_size=6)
    torch.manual_seed(0)
    module = ActionTraining(recipe, num_classes=3)
    batch = next(iter(ClipData(recipe, store, videos=Films(store)).train_dataloader()))
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    for _ in range(50):
        step = CrossEntropy().build()(module.model, batch)
        optimizer.zero_grad()
        step.loss.backward()
        optimizer.step()
    assert step.loss.item() < 0.1
    assert (step.logits.argmax(dim=1) == batch.labels).all()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in module.parameters())


def test_batches_carry_bytes_and_the_joints_of_training_without_video(store):
    recipe = rgb_recipe(batch_size=3)
    batch = next(iter(ClipData(recipe, store, videos=Films(store)).train_dataloader()))
    assert batch.frames_rgb.shape == (3, 2, 32, 32, 3) and batch.frames_rgb.dtype == torch.uint8
    assert batch.to(torch.device("meta")).frames_rgb.is_meta
    alone = recipe.changed(model=small_rgb_spec("posec3d_slowonly"))
    without = next(iter(ClipData(alone, store).train_dataloader()))
    assert without.frames_rgb is None and torch.equal(without.keypoints, batch.keypoints)
    assert without.to(torch.device("meta")).frames_rgb is None


class Killed(BaseException):
    """Stands for a SIGKILL: nothing catches it."""


def test_a_killed_and_resumed_run_gives_the_weights_of_an_uninterrupted_one(monkeypatch, tmp_path, store):
    def start(folder, **options):
        return train(
            rgb_recipe(), store=store.path, run=tmp_path / folder, videos=Films(store),
            **options,
        )  # fmt: skip

    def die(module):
        if module.current_epoch == 2:
            raise Killed

    whole = load_file(start("whole"))
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(module.ActionTraining, "on_train_epoch_start", die)
        start("killed")
    resumed = load_file(start("killed", resume=True))
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in whole.items())


def test_workers_change_nothing(tmp_path, store):
    options = {"store": store.path, "videos": Films(store)}
    recipes = [rgb_recipe(epochs=1, num_workers=workers) for workers in (0, 2)]
    weights = [load_file(train(one, run=tmp_path / str(one.num_workers), **options)) for one in recipes]
    assert all(torch.equal(tensor, weights[1][name]) for name, tensor in weights[0].items())


class CutFilms(Films):
    """Videos that end early."""

    def frames(self, name):
        yield from list(super().frames(name))[:1]


@pytest.mark.parametrize("workers", [0, 1])
def test_a_video_that_is_cut_short_stops_training_in_one_line(workers, tmp_path):
    store = make_store(tmp_path / "store", frames=40)
    recipe = rgb_recipe(num_workers=workers)
    with pytest.raises(ValueError, match=r"^clip '\w+' has 1 frames, its joints reach to frame \d+") as refused:
        train(recipe, store=store.path, run=tmp_path / "run", videos=CutFilms(store))
    assert "\n" not in str(refused.value)


def test_what_cannot_be_trained_is_refused_at_once(tmp_path, store):
    def start(recipe, videos):
        train(recipe, store=store.path, run=tmp_path / "run", videos=videos)

    with pytest.raises(ValueError, match="recipe small reads video frames: give --videos DIR"):
        start(rgb_recipe(), None)
    with pytest.raises(ValueError, match="recipe small reads no video frames: leave --videos out"):
        start(small_recipe(), Films(store))
    other = make_store(tmp_path / "other", {"train": 2})
    with pytest.raises(FileNotFoundError, match="clip 'train002' has no video"):
        start(rgb_recipe(), Films(other))
    with pytest.raises(ValueError, match=r"needs about \d+\.\d GiB, .* or the size of maps and frames"):
        start(rgb_recipe(batch_size=10_000_000), Films(store))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"augmentation": {"rotate_deg": 5}}, r"not turned or stretched: set augmentation\.rotate_deg to 0, got 5"),
        ({"augmentation": {"scale": 0.1}}, r"not turned or stretched: set augmentation\.scale to 0, got 0\.1"),
        ({"augmentation": {"drift": {"shift": 0.1}}}, r"do not drift: leave augmentation\.drift out"),
        ({"outliers": Outliers(stores=("x",))}, "outliers have no video frames"),
        ({"outliers": Outliers(frozen=True)}, "outliers have no video frames"),
        (
            {"model": small_rgb_spec("slowonly_rgb"), "initial_weights": {"rgb": "a", "pose": "b"}},
            "initial_weights of two networks do not fit into slowonly_rgb: name one",
        ),
    ],
)
def test_what_frames_cannot_follow_is_no_recipe(fields, message):
    with pytest.raises(ValidationError, match=message):
        small_recipe(**({"model": small_rgb_spec(), "augmentation": {}} | fields))


def test_memory_of_a_step_counts_frames_and_their_features():
    joints, frames, both = (
        checks.activation_bytes(rgb_recipe(name), num_classes=3)
        for name in ("posec3d_slowonly", "slowonly_rgb", "rgbpose_conv3d")
    )
    assert frames > 4 * 3 * 2 * 32 * 32 * 4 and joints + frames < both < 2 * (joints + frames)


def saved(folder: Path, architecture: str, **options) -> str:
    options = {"spec": small_rgb_spec(architecture)} | options
    model, card = make_model(**options)
    model.save(folder / f"{architecture}.safetensors", card)
    return str(folder / f"{architecture}.safetensors")


def inputs() -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    joints = torch.rand(2, 1, 8, 17, 2, generator=generator) * 8
    return [joints, torch.ones(2, 1, 8, 17), torch.randint(0, 256, (2, 2, 32, 32, 3), generator=generator).byte()]


def test_two_single_networks_become_the_pathways(tmp_path):
    runs = SingleRuns(rgb=saved(tmp_path, "slowonly_rgb", seed=1), pose=saved(tmp_path, "posec3d_slowonly", seed=2))
    model = ActionModel(small_rgb_spec(), num_classes=3).eval()
    cards = start_from_both(model, runs, classes=CLASSES)
    assert [card.model.architecture for card in cards] == ["slowonly_rgb", "posec3d_slowonly"]
    keypoints, confidence, frames = inputs()
    with torch.no_grad():
        heads = model.heads(keypoints, confidence, frames)
        torch.testing.assert_close(heads["rgb"], ActionModel.load(runs.rgb)[0](keypoints, confidence, frames))
        torch.testing.assert_close(heads["pose"], ActionModel.load(runs.pose)[0](keypoints, confidence))


def test_heads_for_other_classes_start_from_chance(tmp_path):
    runs = SingleRuns(rgb=saved(tmp_path, "slowonly_rgb"), pose=saved(tmp_path, "posec3d_slowonly"))
    model = ActionModel(small_rgb_spec(), num_classes=3)
    before = {name: tensor.clone() for name, tensor in model.network.state_dict().items()}
    start_from_both(model, runs, classes=("hop", "sway", "fall"))
    after = model.network.state_dict()
    kept = {name for name in after if torch.equal(after[name], before[name])}
    assert {"rgb.head.linear.weight", "pose.head.linear.weight", "pose_to_rgb.2.0.weight"} <= kept
    assert not {"rgb.stem.0.weight", "pose.stem.0.weight"} & kept


LIMBS = {"spec": small_rgb_spec("posec3d_slowonly", representation=VolumeSpec(shows="limbs"))}
DARK = {"spec": small_rgb_spec("slowonly_rgb", rgb=RgbSpec(clip_len=2, size_hw=(32, 32), mean_rgb=(0, 0, 0)))}
WIDE = {"spec": small_rgb_spec("posec3d_slowonly", network=PoseSlowOnlySpec(base_channels=8, stage_blocks=(1, 1, 1)))}


@pytest.mark.parametrize(
    ("rgb", "pose", "message"),
    [
        ({}, LIMBS, "initial_weights.pose .* read a volume of limbs, the recipe reads a volume of joints"),
        (DARK, {}, r"initial_weights.rgb .* read frames of mean \(0.0, 0.0, 0.0\) .*, the recipe reads frames of"),
        ({}, WIDE, r"initial_weights .*: pose\.stem\.0\.weight has shape .*, the two-pathway network needs"),
        ({}, {"classes": CLASSES[::-1]}, "must know the same classes, these differ"),
    ],
)
def test_single_networks_that_do_not_fit_are_refused(rgb, pose, message, tmp_path):
    runs = SingleRuns(rgb=saved(tmp_path, "slowonly_rgb", **rgb), pose=saved(tmp_path, "posec3d_slowonly", **pose))
    with pytest.raises(ValueError, match=message) as refused:
        start_from_both(ActionModel(small_rgb_spec(), num_classes=3), runs, classes=CLASSES)
    assert "\n" not in str(refused.value)


def test_swapped_and_missing_single_networks_are_refused(tmp_path):
    rgb, pose = saved(tmp_path, "slowonly_rgb"), saved(tmp_path, "posec3d_slowonly")
    model = ActionModel(small_rgb_spec(), num_classes=3)
    with pytest.raises(ValueError, match=r"initial_weights\.rgb .* read a volume of joints, the recipe reads frames"):
        start_from_both(model, SingleRuns(rgb=pose, pose=rgb), classes=CLASSES)
    with pytest.raises(FileNotFoundError, match=r"initial_weights\.pose: no weights x: .*--set initial_weights=null"):
        start_from_both(model, SingleRuns(rgb=rgb, pose="x"), classes=CLASSES)


def test_initial_weights_can_be_set(tmp_path):
    recipe = rgb_recipe(initial_weights={"rgb": "a", "pose": "b"})
    assert with_settings(recipe, ["initial_weights.rgb=c"]).initial_weights == SingleRuns(rgb="c", pose="b")
    assert with_settings(recipe, ["initial_weights=null"]).initial_weights is None
    assert with_settings(rgb_recipe(), ['initial_weights={"rgb": "a", "pose": "b"}']) == recipe
    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe


def test_settings_that_frames_cannot_follow_are_refused_in_one_line():
    with pytest.raises(ValueError, match=r"^--set recipe: video frames are not turned .* to 0, got 3$"):
        with_settings(rgb_recipe(), ["augmentation.rotate_deg=3"])
    with pytest.raises(ValueError, match=r"^--set model: clip\.clip_len must be .* = 4 x 2, got 9$"):
        with_settings(rgb_recipe(), ["model.clip.clip_len=9"])


def write_videos(store: SkeletonStore, folder: Path) -> None:
    folder.mkdir()
    for sequence in store:
        with VideoWriter(folder / f"{sequence.name}_rgb.mp4", size_hw=(100, 150), fps=sequence.fps) as video:
            for photo in Films(store).frames(sequence.name):
                video.write(photo.image_rgb)


def test_from_video_files_to_the_figures_of_each_head(tmp_path, monkeypatch, capfd):
    """By the command line: two networks alone, one from both, its scores by head."""
    monkeypatch.chdir(tmp_path)
    store = make_store(tmp_path / "store", {"train": 6, "test": 3})
    write_videos(store, tmp_path / "films")
    for name in ("slowonly_rgb", "posec3d_slowonly", "rgbpose_conv3d"):
        initial = SingleRuns(rgb="slowonly_rgb", pose="posec3d_slowonly") if name == "rgbpose_conv3d" else None
        recipe = rgb_recipe(name, name=name, epochs=1, initial_weights=initial)
        content = f"from posecube.training import Recipe\ndef recipe():\n    return Recipe(**{recipe.model_dump()!r})\n"
        Path(f"{name}.py").write_text(content)
        videos = [] if name == "posec3d_slowonly" else ["--videos", "films", "--video-pattern", "{name}_rgb"]
        assert main(["train", f"{name}.py", "--store", "store", "--run", name, "--quiet", *videos]) == 0
    card = read_card(tmp_path / "rgbpose_conv3d" / "weights.safetensors")
    assert card.recipe["initial_weights"] == {"rgb": "slowonly_rgb", "pose": "posec3d_slowonly"}
    begun = json.loads((tmp_path / "rgbpose_conv3d" / "recipe.json").read_text())
    assert [initial["name"] for initial in begun["initial_weights"]] == ["slowonly_rgb", "posec3d_slowonly"]
    evaluate = ["evaluate", "rgbpose_conv3d", "--store", "store", "--split", "test", "--quiet"]
    tables = {}
    for head in ("rgb", "pose", "both"):
        options = ["--head", head, "--views", "2", "--flip", "--scores", f"{head}.npz", "--json", f"{head}.json"]
        assert main([*evaluate, *videos, *options]) == 0
        assert json.loads(Path(f"{head}.json").read_text())["head"] == head
        tables[head] = ScoreTable.load(Path(f"{head}.npz"))
    both, mean = tables["both"].scores, (tables["rgb"].scores + tables["pose"].scores) / 2
    np.testing.assert_allclose(both, mean, atol=1e-5)
    calibrate = ["calibrate", *evaluate[1:-1], *videos, "--out", "calibrated.safetensors"]
    assert main(calibrate) == 0 and read_card(Path("calibrated.safetensors")).model == card.model
    capfd.readouterr()
    Path("films/test001_rgb.mp4").unlink()
    for options, message in [
        ([], "weights rgbpose_conv3d read video frames: give --videos DIR"),
        (videos, "clip 'test001' has no video: expected films/test001_rgb"),
        (["--videos", "nowhere"], "no folder of videos nowhere"),
        (["--videos", "films", "--video-pattern", "x"], "must hold {name}, got 'x'"),
    ]:
        assert main([*evaluate, *options]) == 2
        said = capfd.readouterr().err
        assert message in said and said.count("\n") == 1
