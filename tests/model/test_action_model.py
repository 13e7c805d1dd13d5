"""Weights files: what is written comes back, what is damaged or foreign is refused in one line."""

import json
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from builders import CLASSES, make_model, small_rgb_spec, small_spec
from posecube.model import (
    CARD_KEY,
    ActionModel,
    WeightsCard,
    find_weights,
    fused,
    read_card,
    shipped_weights,
)
from posecube.model import card as card_module
from posecube.networks.gcn import StgcnppSpec
from posecube.networks.posec3d import PoseC3DSpec, PoseSlowOnlySpec
from posecube.networks.rgbpose import RgbPoseConv3DSpec
from posecube.representation import CoordinateSpec, PlaneSpec, StreamSpec, VolumeSpec
from posecube.sampling import ClipSpec, ImageSpace, MapSpace, Preprocess, StrideFrames, UprightSpace
from posecube.sampling.rgb.views import RgbSpec


@pytest.fixture
def weights(tmp_path) -> Path:
    model, card = make_model(
        description="Ünïcode",
        scores={"top1 test 1 view": 96.5},
        recipe={"epochs": 3, "model": {"a": [1, None]}},
        temperature=1.25,
        rejection_threshold=0.4,
    )
    model.save(tmp_path / "model.safetensors", card)
    return tmp_path / "model.safetensors"


def logits_of(model: ActionModel) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    keypoints = torch.rand(2, 1, 4, 17, 2, generator=generator) * 16
    with torch.no_grad():
        return model(keypoints, torch.ones(2, 1, 4, 17))


@pytest.mark.parametrize("architecture", ["posec3d_c3d", "posec3d_slowonly", "posec3d_x3d"])
@pytest.mark.parametrize("shows", ["joints", "limbs"])
def test_a_model_survives_its_file(architecture, shows, tmp_path):
    spec = small_spec(network={"name": architecture}, representation=VolumeSpec(shows=shows))
    model, card = make_model(spec=spec)
    saved_card = model.save(tmp_path / "a.safetensors", card)
    loaded, loaded_card = ActionModel.load(tmp_path / "a.safetensors")
    assert loaded_card == saved_card == card.updated(tensors_sha256=saved_card.tensors_sha256)
    assert loaded_card.tensors_sha256 and not loaded.training
    assert torch.equal(logits_of(loaded), logits_of(model))


def test_the_whole_card_comes_back(weights):
    card = read_card(weights)
    assert (card.description, card.temperature, card.rejection_threshold) == ("Ünïcode", 1.25, 0.4)
    assert card.scores == {"top1 test 1 view": 96.5} and card.recipe == {"epochs": 3, "model": {"a": [1, None]}}
    assert card.classes == CLASSES and card.model == small_spec()


def test_half_precision_on_disk_is_float32_in_memory(tmp_path):
    model, card = make_model()
    model.save(tmp_path / "half.safetensors", card, dtype=torch.float16)
    stored = load_file(tmp_path / "half.safetensors")
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16, torch.int64}
    loaded, _ = ActionModel.load(tmp_path / "half.safetensors")
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.float32}
    floats = [buffer for buffer in loaded.buffers() if buffer.is_floating_point()]
    assert floats and {buffer.dtype for buffer in floats} == {torch.float32}
    assert logits_of(loaded).dtype == torch.float32
    torch.testing.assert_close(logits_of(loaded), logits_of(model), atol=0.02, rtol=0.01)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}, "saving changes nothing"


def test_a_loaded_model_can_be_saved_again(weights, tmp_path):
    model, card = ActionModel.load(weights)
    assert model.save(tmp_path / "again.safetensors", card) == card
    assert (tmp_path / "again.safetensors").read_bytes() == weights.read_bytes()


def test_a_folder_is_made_for_the_file(tmp_path):
    model, card = make_model()
    model.save(tmp_path / "new" / "folder" / "a.safetensors", card)
    assert ActionModel.load(tmp_path / "new" / "folder" / "a.safetensors")


def test_a_write_that_fails_leaves_the_old_file(weights, monkeypatch):
    def full_disk(_file):
        raise OSError(28, "No space left on device")

    before = weights.read_bytes()
    monkeypatch.setattr("posecube.files.os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        make_model()[0].save(weights, make_model()[1])
    assert weights.read_bytes() == before
    assert [path.name for path in weights.parent.iterdir()] == ["model.safetensors"]


def test_others_may_read_the_file_as_they_may_read_any_other(weights):
    (weights.parent / "other").touch()
    assert weights.stat().st_mode == (weights.parent / "other").stat().st_mode


def rewritten(weights: Path, *, card=None, tensors=None) -> Path:
    """The same file with another card (a text, or changed fields) or other tensors."""
    with safe_open(weights, framework="pt") as file:
        text = file.metadata()[CARD_KEY]
    if isinstance(card, dict):
        text = json.dumps(json.loads(text) | card)
    elif card is not None:
        text = card
    path = weights.with_name("bad.safetensors")
    save_file(load_file(weights) if tensors is None else tensors, path, metadata={CARD_KEY: text})
    return path


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("{not json", "has a card that cannot be read"),
        ("[1, 2]", "has a card that cannot be read"),
        ({"card_version": 1}, "has a card of version 1, this posecube reads 2 and 3"),
        ({"card_version": None}, "has a card of version None, this posecube reads 2 and 3"),
        ({"classes": 3}, "has a card that does not fit: classes: Input should be a valid tuple"),
        ({"colour": "red"}, "has a card that does not fit: colour: Extra inputs are not permitted"),
        ({"temperature": 0}, "has a card that does not fit: temperature: Input should be greater than 0"),
        ({"model": {"layout": "coco17"}}, "has a card that does not fit: model.network: Field required"),
        ({"model": {"layout": "x", "network": {"name": "posec3d_c3d"}}}, "unknown skeleton layout 'x'"),
        ({"model": {"layout": "coco17", "architecture": "vgg"}}, "unknown architecture 'vgg'"),
        ({"classes": ["a", "b"]}, "do not fit the network of their card: size mismatch for head.linear"),
        ({"tensors_sha256": "0" * 64}, "are damaged: their checksum differs from their card's"),
    ],
)
def test_a_card_that_does_not_fit_is_refused_in_one_line(card, message, weights):
    with pytest.raises(ValueError) as refused:
        ActionModel.load(rewritten(weights, card=card))
    assert message in str(refused.value) and "\n" not in str(refused.value)
    assert "bad.safetensors" in str(refused.value)


def test_arguments_the_network_does_not_know_are_refused(weights):
    content = json.loads(read_card(weights).model.model_dump_json())
    content["network"]["colour"] = "red"
    with pytest.raises(ValueError, match=r"does not fit: model\.network\.posec3d_c3d\.colour: Extra inputs are not"):
        ActionModel.load(rewritten(weights, card={"model": content}))


@pytest.mark.parametrize("change", ["missing", "surplus", "shape", "value"])
def test_tensors_that_do_not_fit_are_refused(change, weights):
    tensors = load_file(weights)
    name = "head.linear.bias"
    if change == "missing":
        del tensors[name]
    elif change == "surplus":
        tensors["colour"] = torch.zeros(2)
    else:
        tensors[name] = torch.zeros(9) if change == "shape" else tensors[name] + 1
    with pytest.raises(ValueError, match="checksum differs"):
        ActionModel.load(rewritten(weights, tensors=tensors))
    unchecked = rewritten(weights, tensors=tensors, card={"tensors_sha256": ""})
    if change == "value":
        ActionModel.load(unchecked)
        return
    with pytest.raises(ValueError, match=r"do not fit the network of their card: .*(bias|colour)") as refused:
        ActionModel.load(unchecked)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: path.write_bytes(b""), "is not a safetensors file"),
        (lambda path: path.write_text("These are no weights.\n" * 50), "is not a safetensors file"),
        (lambda path: torch.save({"weight": torch.zeros(3)}, path), "is not a safetensors file"),
        (lambda path: save_file({"weight": torch.zeros(3)}, path), "has no posecube card; bring foreign checkpoints"),
        (lambda path: save_file({}, path, metadata={"format": "pt"}), "has no posecube card"),
    ],
    ids=["empty", "text", "a pickle of torch", "foreign", "foreign with metadata"],
)
def test_what_is_no_weights_file_is_refused_in_one_line(write, message, tmp_path):
    write(tmp_path / "bad.safetensors")
    with pytest.raises(ValueError) as refused:
        ActionModel.load(tmp_path / "bad.safetensors")
    assert message in str(refused.value) and "\n" not in str(refused.value)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_short_is_refused(share, weights):
    content = weights.read_bytes()
    cut = weights.with_name("cut.safetensors")
    cut.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=r"cut\.safetensors") as refused:
        ActionModel.load(cut)
    assert "\n" not in str(refused.value)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_flipped_byte_goes_unnoticed(data, weights):
    content = bytearray(weights.read_bytes())
    start = 8 + int.from_bytes(content[:8], "little")
    entries = json.loads(content[8:start])
    places = sorted(entry["data_offsets"] for entry in entries.values() if entry.get("dtype") == "F32")
    first, end = data.draw(st.sampled_from(places))
    content[start + data.draw(st.integers(first, end - 1))] ^= data.draw(st.integers(1, 255))
    damaged = weights.with_name("damaged.safetensors")
    damaged.write_bytes(content)
    with pytest.raises(ValueError, match="checksum differs"):
        ActionModel.load(damaged)


def test_weights_are_found_by_file_folder_and_name(weights, tmp_path, monkeypatch):
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    monkeypatch.setattr(card_module, "SHIPPED_WEIGHTS", shipped)
    assert shipped_weights() == []
    with pytest.raises(FileNotFoundError, match=r"no weights small: expected a file, .* shipped name \(none\)"):
        find_weights("small")
    (shipped / "small.safetensors").write_bytes(weights.read_bytes())
    (shipped / "notes.txt").touch()
    assert shipped_weights() == ["small"]
    assert find_weights("small") == shipped / "small.safetensors"
    assert find_weights(str(weights)) == weights
    run = tmp_path / "run"
    run.mkdir()
    with pytest.raises(
        FileNotFoundError, match=r"no weights\.safetensors: its training has not finished; use --resume"
    ):
        find_weights(run)
    weights.rename(run / "weights.safetensors")
    assert find_weights(run) == run / "weights.safetensors"
    with pytest.raises(FileNotFoundError, match=r"no weights missing: expected a file, .*\(small\)"):
        ActionModel.load("missing")


def test_shipped_weights_load_and_know_their_scores():
    for name in shipped_weights():
        model, card = ActionModel.load(name)
        assert card.name == name and card.licence and card.data and card.scores
        assert 0 < card.rejection_threshold < 1, "a video of none of the classes must get no label"
        assert "/" not in json.dumps(card.recipe.get("outliers", {})), "no folder of the machine that trained them"
        assert not model.training


def test_a_card_and_a_spec_are_frozen():
    _, card = make_model()
    for record, field in ((card, "name"), (card.model, "layout"), (card.model.clip, "clip_len")):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(record, field, "x")


@pytest.mark.parametrize(
    ("space", "representation"),
    [
        (ImageSpace(), VolumeSpec()),
        (MapSpace(), StreamSpec()),
        (MapSpace(), {"kind": "streams"}),
        (MapSpace(), PlaneSpec()),
        (UprightSpace(), CoordinateSpec()),
    ],
)
def test_space_and_representation_must_go_together(space, representation):
    with pytest.raises(ValidationError, match=r"do not go together: it is read in '(map|image|body)'"):
        small_spec(clip=ClipSpec(clip_len=4, space=space), representation=representation)


def test_network_and_representation_must_go_together():
    with pytest.raises(ValidationError, match="stgcnpp reads a stream of joints, not 'volume'"):
        small_spec(network=StgcnppSpec())
    with pytest.raises(ValidationError, match="posec3d_c3d reads a volume of joints, not 'streams'"):
        small_spec(clip=ClipSpec(clip_len=4, space=ImageSpace()), representation=StreamSpec())


@pytest.mark.parametrize(
    ("space", "representation", "shape"),
    [
        (MapSpace(size_hw=(24, 24)), VolumeSpec(shows="grey"), (3, 1, 4, 24, 24)),
        (MapSpace(size_hw=(24, 24)), CoordinateSpec(), (3, 2 * 2 * 17, 4, 1, 1)),
        (UprightSpace(), PlaneSpec(size_hw=(24, 24)), (3, 3 * 17, 4, 24, 24)),
    ],
)
def test_every_representation_fits_its_network(space, representation, shape):
    clip = ClipSpec(clip_len=4, max_people=2, space=space)
    spec = small_spec(clip=clip, representation=representation, network=PoseSlowOnlySpec(base_channels=4))
    assert spec.input_shape(3) == shape
    model = ActionModel(spec, num_classes=5).eval()
    joints = torch.rand(3, 2, 4, 17, space.num_axes) * 20
    read = []
    model.network.register_forward_pre_hook(lambda _network, inputs: read.append(inputs[0].shape))
    assert model(joints, torch.ones(3, 2, 4, 17)).shape == (3, 5)
    assert read == [shape]
    assert type(spec).model_validate_json(spec.model_dump_json()) == spec


def test_a_spec_survives_json():
    spec = small_spec(clip=ClipSpec(clip_len=7, frames=StrideFrames(), space=MapSpace(size_hw=(16, 16))))
    assert type(spec).model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize("sizes", [{"colour": 1}, {"base_channels": "x"}, {"base_channels": -3}, {"num_classes": 3}])
def test_a_network_that_cannot_be_built_says_so(sizes):
    with pytest.raises(ValidationError, match=rf"network\.posec3d_c3d\.{next(iter(sizes))}"):
        small_spec(network={"name": "posec3d_c3d", **sizes})
    huge = small_spec(network=PoseC3DSpec(base_channels=2**40))
    with pytest.raises(ValueError, match="posec3d_c3d cannot be built with"):
        ActionModel(huge, num_classes=3)


def test_drawing_into_one_buffer_does_not_mix_batches_up():
    """Sizes of batches change, and so do the ways of forgetting gradients."""
    model, _ = make_model()
    keypoints, confidence = torch.rand(5, 1, 4, 17, 2) * 16, torch.ones(5, 1, 4, 17)
    with torch.no_grad():
        expected = torch.cat([model(keypoints[[row]], confidence[[row]]) for row in range(5)])
    for guard in (torch.inference_mode, torch.no_grad, torch.enable_grad, torch.inference_mode):
        for rows in (slice(0, 5), slice(0, 2), slice(2, 5)):
            with guard():
                torch.testing.assert_close(model(keypoints[rows], confidence[rows]).detach(), expected[rows])


def test_an_updated_card_is_a_copy():
    _, card = make_model()
    assert card.updated(name="other").name == "other" and card.name == "small"
    assert isinstance(card.updated(scores={}), WeightsCard)


RGB = RgbSpec(clip_len=2, size_hw=(32, 32))
JOINED = "rgbpose_conv3d"


@pytest.mark.parametrize(
    ("architecture", "fields", "message"),
    [
        (JOINED, {"rgb": None}, "rgbpose_conv3d reads video frames: say in rgb which"),
        ("slowonly_rgb", {"rgb": None}, "slowonly_rgb reads video frames: say in rgb which"),
        ("posec3d_slowonly", {"rgb": RGB}, "posec3d_slowonly reads no video frames: leave rgb out"),
        (JOINED, {"representation": None}, "rgbpose_conv3d reads joints: say in representation how"),
        ("posec3d_slowonly", {"representation": None}, "posec3d_slowonly reads joints: say in representation how"),
        ("slowonly_rgb", {"representation": VolumeSpec()}, "slowonly_rgb reads no joints: set representation to null"),
        (JOINED, {"representation": StreamSpec()}, "reads a volume beside video frames, not 'streams'"),
        (
            "slowonly_rgb",
            {"clip": ClipSpec(space=ImageSpace())},
            "representation None and clip.space 'image' do not go",
        ),
        (
            JOINED,
            {"clip": ClipSpec(clip_len=8, preprocess=Preprocess(joint_threshold=0.3))},
            "that are left out: set clip.preprocess.joint_threshold",
        ),
        (
            JOINED,
            {"clip": ClipSpec(clip_len=7, space=MapSpace(size_hw=(8, 8)))},
            "speed_ratio x rgb.clip_len = 4 x 2, got 7",
        ),
        (JOINED, {"network": RgbPoseConv3DSpec(speed_ratio=2)}, "speed_ratio x rgb.clip_len = 2 x 2, got 8"),
        (
            JOINED,
            {"rgb": RGB.model_copy(update={"size_hw": (28, 32)})},
            r"in training, rgb has \(28, 32\) for \(8, 8\)",
        ),
        (
            JOINED,
            {"rgb": RGB.model_copy(update={"test_size_hw": (40, 40)})},
            r"in testing, rgb has \(40, 40\) for \(8,",
        ),
    ],
)
def test_frames_and_joints_must_go_together(architecture, fields, message):
    with pytest.raises(ValidationError, match=message):
        small_rgb_spec(architecture, **fields)


def test_pathways_of_another_ratio_and_size_go_together():
    network = small_rgb_spec().network.model_copy(update={"speed_ratio": 2})
    clip = ClipSpec(clip_len=4, max_people=1, space=MapSpace(size_hw=(8, 6), test_size_hw=(10, 10)))
    rgb = RgbSpec(clip_len=2, size_hw=(32, 24), test_size_hw=(40, 40))
    spec = small_rgb_spec(clip=clip, rgb=rgb, network=network)
    assert spec.input_shapes(5) == ((5, 3, 2, 32, 24), (5, 17, 4, 8, 6))
    model = ActionModel(spec, num_classes=3)
    for mode, (height, width) in {True: (32, 24), False: (40, 40)}.items():
        joints, frames = torch.rand(2, 1, 4, 17, 2) * 8, torch.zeros(2, 2, height, width, 3, dtype=torch.uint8)
        assert model.train(mode)(joints, torch.ones(2, 1, 4, 17), frames).shape == (2, 3)


def test_heads_and_shapes_of_what_is_read():
    assert small_rgb_spec().heads == ("rgb", "pose")
    alone, joints = small_rgb_spec("slowonly_rgb"), small_rgb_spec("posec3d_slowonly")
    assert (alone.heads, joints.heads) == (("rgb",), ("pose",))
    assert alone.input_shapes(2) == ((2, 3, 2, 32, 32),) and joints.input_shapes(2) == (joints.input_shape(2),)
    with pytest.raises(ValueError, match="reads video frames alone: see input_shapes"):
        alone.input_shape(2)


def with_frames(model: ActionModel) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    keypoints = torch.rand(2, 1, 8, 17, 2, generator=generator) * 8
    frames = torch.randint(0, 256, (2, 2, 32, 32, 3), generator=generator).byte()
    with torch.no_grad():
        heads = model.heads(keypoints, torch.ones(2, 1, 8, 17), frames)
        return {**heads, "all": model(keypoints, torch.ones(2, 1, 8, 17), frames)}


@pytest.mark.parametrize("architecture", ["slowonly_rgb", JOINED])
def test_a_model_of_frames_survives_its_file(architecture, tmp_path):
    model, card = make_model(spec=small_rgb_spec(architecture))
    model.save(tmp_path / "a.safetensors", card)
    loaded, loaded_card = ActionModel.load(tmp_path / "a.safetensors")
    assert loaded_card.model == card.model
    expected, got = with_frames(model), with_frames(loaded)
    assert got.keys() == {*card.model.heads, "all"}
    assert all(torch.equal(logits, expected[name]) for name, logits in got.items())


def test_the_score_of_two_heads_is_their_mean_probability():
    logits = with_frames(make_model(spec=small_rgb_spec())[0])
    probabilities = {name: torch.softmax(of_one, dim=1) for name, of_one in logits.items()}
    assert not torch.allclose(probabilities["rgb"], probabilities["pose"], atol=0.01)
    torch.testing.assert_close(probabilities["all"], (probabilities["rgb"] + probabilities["pose"]) / 2)
    alone = {"pose": logits["pose"]}
    assert fused(alone) is logits["pose"]


def test_far_apart_heads_stay_finite():
    sure, other = torch.tensor([[1e4, 0.0, -1e4]]), torch.tensor([[-1e4, 0.0, 1e4]])
    torch.testing.assert_close(torch.softmax(fused({"rgb": sure, "pose": other}), dim=1), torch.tensor([[0.5, 0, 0.5]]))


def test_frames_are_given_where_they_are_looked_at_alone():
    joints = torch.rand(2, 1, 8, 17, 2), torch.ones(2, 1, 8, 17)
    with pytest.raises(ValueError, match=r"^rgbpose_conv3d reads video frames: give frames_rgb$"):
        ActionModel(small_rgb_spec(), num_classes=3)(*joints)
    frames = torch.zeros(2, 2, 32, 32, 3, dtype=torch.uint8)
    with pytest.raises(ValueError, match=r"^posec3d_slowonly reads no video frames: leave frames_rgb out$"):
        ActionModel(small_rgb_spec("posec3d_slowonly"), num_classes=3)(*joints, frames)


def test_a_card_from_before_there_were_frames_is_read(weights):
    content = json.loads(read_card(weights).model.model_dump_json())
    del content["rgb"]
    assert read_card(rewritten(weights, card={"model": content})).model == small_spec()


def test_a_smoothed_card_differs_in_the_clip_alone():
    _, card = make_model()
    smoothed = card.smoothed()
    assert not card.model.clip.preprocess.smooth and smoothed.model.clip.preprocess.smooth
    clip = smoothed.model.clip.model_copy(update={"preprocess": Preprocess()})
    assert smoothed.updated(model=smoothed.model.model_copy(update={"clip": clip})) == card
