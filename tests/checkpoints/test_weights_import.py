"""Checkpoints become weights files that give the same scores and say how they are used."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from checkpoints import framework_types, mmaction2_content, pyskl_content
from posecube.checkpoints import ImportedWeights, InputChoice, import_weights, parse_arguments
from posecube.model import ActionModel
from posecube.networks import load_published
from posecube.networks.posec3d import PoseC3DSpec
from posecube.representation import VolumeSpec

State = dict[str, Tensor]
SMALL: dict[str, dict[str, Any]] = {
    "posec3d_slowonly": {"base_channels": 4, "stage_blocks": (1, 2, 1)},
    "posec3d_c3d": {"base_channels": 2},
    "posec3d_x3d": {"base_channels": 8, "stage_blocks": (1, 1, 2)},
    "stgcnpp": {"base_channels": 8, "layout": "coco17"},
    "ctrgcn": {"base_channels": 16, "layout": "ntu25"},
}


def written(path: Path, state: State, *, framework: str = "pyskl", config: str = "", **saving: Any) -> Path:
    with framework_types() as types:
        content = pyskl_content(state) if framework == "pyskl" else mmaction2_content(state, types)
        content["meta"]["config" if framework == "pyskl" else "cfg"] = config
        torch.save(content, path, **saving)
    return path


@pytest.fixture
def c3d(small_state: Callable[..., State]) -> State:
    return small_state("posec3d_c3d", base_channels=2)


@pytest.fixture
def imported(c3d: State, tmp_path: Path) -> Callable[..., ImportedWeights]:
    """Import a small C3D checkpoint in some way."""

    def do(config: str = "", **options: Any) -> ImportedWeights:
        return import_weights(
            written(tmp_path / "c3d.pth", c3d, config=config), "posec3d_c3d", tmp_path / "out.safetensors", **options
        )

    return do


SHAPES = {"stgcnpp": (1, 2, 8, 17, 3), "ctrgcn": (1, 2, 8, 25, 3)}


def scores(network: torch.nn.Module, architecture: str) -> Tensor:
    """Logits of a noise."""
    rng = torch.Generator().manual_seed(0)
    with torch.inference_mode():
        return network(torch.rand(SHAPES.get(architecture, (1, 17, 4, 16, 16)), generator=rng))


def assert_same(network: torch.nn.Module, other: torch.nn.Module, architecture: str) -> None:
    """Equal but for the order of sums: a model keeps its kernels in another memory order."""
    torch.testing.assert_close(scores(network, architecture), scores(other, architecture), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("framework", ["pyskl", "mmaction2"])
@pytest.mark.parametrize("architecture", SMALL)
def test_the_weights_give_the_same_scores(
    small_state: Callable[..., State], tmp_path: Path, architecture: str, framework: str
) -> None:
    state = small_state(architecture, **SMALL[architecture])
    path = written(tmp_path / "it.pth", state, framework=framework)
    result = import_weights(path, architecture, tmp_path / "it.safetensors")
    model, card = ActionModel.load(result.path)
    assert_same(model.network, load_published(state, architecture), architecture)
    assert card.model_dump_json() == result.card.model_dump_json()
    assert card.model.clip.published_sampling == framework
    assert hashlib.sha256(path.read_bytes()).hexdigest() in card.data


def test_the_whole_model_reads_joints(imported: Callable[..., ImportedWeights], c3d: State) -> None:
    model, _ = ActionModel.load(imported().path)
    keypoints, confidence = torch.rand(1, 2, 48, 17, 2) * 60, torch.rand(1, 2, 48, 17)
    with torch.inference_mode():
        assert model.representation is not None
        volume = model.representation(keypoints, confidence)
        assert volume.shape == (1, 17, 48, 64, 64)
        expected = load_published(c3d, "posec3d_c3d")(volume)
        torch.testing.assert_close(model(keypoints, confidence), expected)


def test_the_card_is_complete(imported: Callable[..., ImportedWeights], tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("run\njump\nfall\n")
    card = imported(classes=tmp_path / "names.txt", name="mine").card
    assert (card.name, card.classes) == ("mine", ("run", "jump", "fall"))
    assert "c3d.pth" in card.description and "pyskl" in card.data
    assert card.licence and card.tensors_sha256
    assert card.model.network == PoseC3DSpec(base_channels=2)


def test_what_is_assumed_is_said(imported: Callable[..., ImportedWeights]) -> None:
    result = imported()
    assert result.card.classes == ("class_000", "class_001", "class_002") and result.card.name == "out"
    assert result.notes == ("classes are numbered class_000 to class_002: no names were given",)
    assert result.summary == "posec3d_c3d, 3 classes, 48 frames, coco17 joints"


def test_the_configuration_inside_is_followed(imported: Callable[..., ImportedWeights]) -> None:
    config = "dict(clip_len=32), dict(with_kp=False, with_limb=True)"
    result = imported(config)
    made = result.card.model
    assert (made.representation, made.clip.clip_len) == (VolumeSpec(shows="limbs", min_confidence=1e-3), 32)
    assert "the checkpoint reads limbs, as its configuration says" in result.notes
    chosen = imported(config, choice=InputChoice(limbs=False, clip_len=16)).card.model
    assert (chosen.representation, chosen.clip.clip_len) == (VolumeSpec(min_confidence=1e-3), 16)


def test_strides_that_no_tensor_shows(small_state: Callable[..., State], tmp_path: Path) -> None:
    state = small_state("posec3d_slowonly", **SMALL["posec3d_slowonly"])
    told = written(tmp_path / "told.pth", state, config="temporal_strides=(1, 1, 1)")
    silent = written(tmp_path / "silent.pth", state)
    strides = {
        "told": import_weights(told, "posec3d_slowonly", tmp_path / "a"),
        "given": import_weights(silent, "posec3d_slowonly", tmp_path / "b", arguments={"temporal_strides": [1, 1, 1]}),
        "silent": import_weights(silent, "posec3d_slowonly", tmp_path / "c"),
    }
    models = {name: ActionModel.load(result.path)[0] for name, result in strides.items()}
    keeps_time = load_published(state, "posec3d_slowonly", temporal_strides=(1, 1, 1))
    for name in ("told", "given"):
        assert_same(models[name].network, keeps_time, "posec3d_slowonly")
    with pytest.raises(AssertionError):
        assert_same(models["silent"].network, keeps_time, "posec3d_slowonly")
    assert {name: result.card.model.clip.clip_len for name, result in strides.items()} == {
        "told": 32, "given": 32, "silent": 48,
    }  # fmt: skip


@pytest.mark.parametrize(("head", "framework"), [("fc_cls", "pyskl"), ("fc", "mmaction2")])
def test_a_bare_graph_network_says_whose_it_is(
    small_state: Callable[..., State], tmp_path: Path, head: str, framework: str
) -> None:
    state = small_state("stgcnpp", **SMALL["stgcnpp"])
    torch.save({name.replace(".fc_cls.", f".{head}."): it for name, it in state.items()}, tmp_path / "bare.pth")
    result = import_weights(tmp_path / "bare.pth", "stgcnpp", tmp_path / "out")
    assert result.card.model.clip.published_sampling == framework
    assert len(result.notes) == 1


def test_a_bare_volume_network_does_not(small_state: Callable[..., State], tmp_path: Path) -> None:
    torch.save(small_state("posec3d_slowonly", **SMALL["posec3d_slowonly"]), tmp_path / "bare.pth")
    result = import_weights(tmp_path / "bare.pth", "posec3d_slowonly", tmp_path / "out")
    assert "does not say who wrote it: test frames are those of pyskl" in result.notes[0]
    chosen = InputChoice(framework="mmaction2")
    result = import_weights(tmp_path / "bare.pth", "posec3d_slowonly", tmp_path / "out", choice=chosen)
    assert result.card.model.clip.published_sampling == "mmaction2" and len(result.notes) == 1


def test_half_precision_is_read_as_single(c3d: State, tmp_path: Path) -> None:
    half = {name: it.half() if it.is_floating_point() else it for name, it in c3d.items()}
    torch.save({"state_dict": half}, tmp_path / "half.pth")
    model, _ = ActionModel.load(import_weights(tmp_path / "half.pth", "posec3d_c3d", tmp_path / "out").path)
    assert {it.dtype for it in model.parameters()} == {torch.float32}
    assert_same(model.network, load_published(half, "posec3d_c3d"), "posec3d_c3d")


def test_wrong_numbers_of_classes(imported: Callable[..., ImportedWeights], tmp_path: Path) -> None:
    (tmp_path / "two.txt").write_text("run\njump\n")
    with pytest.raises(ValueError, match=r"knows 3 classes, .*two\.txt names 2"):
        imported(classes=tmp_path / "two.txt")
    with pytest.raises(ValueError, match="knows 3 classes, ntu60 names 60"):
        imported(classes="ntu60")
    with pytest.raises(ValueError, match="knows 3 classes, 4 were asked for"):
        imported(arguments={"num_classes": 4})
    assert not (tmp_path / "out.safetensors").exists()


def test_another_architecture_is_named(imported: Callable[..., ImportedWeights], c3d: State, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="this looks like posec3d_c3d: say --architecture posec3d_c3d"):
        import_weights(written(tmp_path / "c3d.pth", c3d), "posec3d_slowonly", tmp_path / "out")
    with pytest.raises(ValueError, match="unknown architecture 'c3d'; did you mean dsc3d"):
        import_weights(tmp_path / "c3d.pth", "c3d", tmp_path / "out")


def test_a_failing_import_leaves_what_was_there(imported: Callable[..., ImportedWeights], tmp_path: Path) -> None:
    (tmp_path / "out.safetensors").write_bytes(b"old")
    with pytest.raises(ValueError, match="knows 3 classes"):
        imported(classes="ntu60")
    assert (tmp_path / "out.safetensors").read_bytes() == b"old"
    assert imported().path.stat().st_size > 1000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c3d.pth", "out.safetensors"]


def test_the_checkpoint_is_not_written_over(imported: Callable[..., ImportedWeights], tmp_path: Path) -> None:
    path = imported().path.with_name("c3d.pth")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="is the checkpoint itself"):
        import_weights(path, "posec3d_c3d", path)
    assert path.read_bytes() == before


def test_settings_of_a_command_line() -> None:
    assert parse_arguments(["a=1", "b=[1, 2]", "c=text", "d=true"]) == {"a": 1, "b": [1, 2], "c": "text", "d": True}
    for text in ("a", "=1", "a.b=1"):
        with pytest.raises(ValueError, match="--set expects key=value"):
            parse_arguments([text])


def motionbert(small_state: Callable[..., State]) -> State:
    return small_state(
        "motionbert", base_channels=8, depth=1, representation_channels=4, max_frames=9, head_channels=6
    )  # fmt: skip


def test_motionbert_for_actions(small_state: Callable[..., State], tmp_path: Path) -> None:
    state = motionbert(small_state)
    content = {"epoch": 300, "lr": [1e-4], "optimizer": {"state": {}}, "best_acc": torch.tensor(93.0)}
    torch.save(content | {"model": {f"module.{name}": it for name, it in state.items()}}, tmp_path / "best_epoch.bin")
    result = import_weights(tmp_path / "best_epoch.bin", "motionbert", tmp_path / "it.safetensors")
    model, card = ActionModel.load(result.path)
    assert result.notes == ("classes are numbered class_000 to class_002: no names were given",)
    assert (card.model.layout, card.model.clip.clip_len) == ("h36m17", 9)
    x = torch.rand(2, 2, 9, 17, 3)
    with torch.inference_mode():
        torch.testing.assert_close(model.network(x), load_published(state, "motionbert")(x))
        assert model(x[..., :2], x[..., 2]).shape == (2, 3)


@pytest.mark.parametrize("classes", [None, "ntu60"])
def test_a_motionbert_backbone_gets_a_new_head(
    small_state: Callable[..., State], tmp_path: Path, classes: str | None
) -> None:
    state = {f"module.{name[9:]}": it for name, it in motionbert(small_state).items() if name.startswith("backbone.")}
    torch.save({"epoch": 90, "model_pos": state, "min_loss": 0.04}, tmp_path / "latest_epoch.bin")
    results = [
        import_weights(tmp_path / "latest_epoch.bin", "motionbert", tmp_path / name, classes=classes, name="backbone")
        for name in ("one", "other")
    ]
    assert results[0].card == results[1].card, "a new head is the same each time"
    assert results[0].notes == (
        "the checkpoint is a backbone: its head for actions is new and knows nothing until it is trained",
    )
    model, card = ActionModel.load(results[0].path)
    assert len(card.classes) == (2 if classes is None else 60)
    assert torch.equal(model.network.backbone.lift.weight, state["module.head.weight"])
