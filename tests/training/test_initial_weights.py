"""Starting from other weights: what fits is taken, the head only for the same classes, other inputs are refused."""

import logging

import pytest
import torch

from builders import CLASSES, make_model, small_spec
from posecube.model import ActionModel
from posecube.networks.gcn import StgcnppSpec
from posecube.networks.posec3d import PoseC3DSpec, PoseSlowOnlySpec, PoseX3DSpec
from posecube.representation import StreamSpec, VolumeSpec
from posecube.sampling import ClipSpec, ImageSpace
from posecube.training.initial_weights import head_names, start_from

HEAD = {"head.linear.weight", "head.linear.bias"}


def saved(path, **options):
    model, card = make_model(**options)
    return path, model.save(path, card), model.network.state_dict()


def started(spec, path, *, classes):
    torch.manual_seed(9)
    model = ActionModel(spec, num_classes=len(classes))
    before = {name: tensor.clone() for name, tensor in model.network.state_dict().items()}
    card = start_from(model, str(path), classes=classes)
    return before, model.network.state_dict(), card


@pytest.mark.parametrize(
    ("classes", "takes_head"),
    [(CLASSES, True), (("hop", "sway", "fall"), False), (("hop", "sway"), False), (CLASSES[::-1], False)],
    ids=["same", "other names", "fewer", "another order"],
)
def test_everything_is_taken_but_the_head_of_other_classes(tmp_path, classes, takes_head):
    path, saved_card, given = saved(tmp_path / "first.safetensors", seed=3)
    before, after, card = started(small_spec(), path, classes=classes)
    assert card == saved_card
    for name, tensor in after.items():
        source = given if takes_head or name not in HEAD else before
        assert torch.equal(tensor, source[name]), name


def test_what_was_taken_is_logged(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    path, _, given = saved(tmp_path / "first.safetensors")
    started(small_spec(), path, classes=("hop", "sway"))
    message = f"took {len(given) - 2} of {len(given)} tensors; new: head.linear.weight, head.linear.bias"
    assert message in caplog.text and "WARNING" not in caplog.text


def test_a_deeper_network_starts_in_part_and_says_so(tmp_path, caplog):
    shallow, deep = (
        small_spec(network=PoseSlowOnlySpec(base_channels=4, stage_blocks=blocks)) for blocks in [(1, 1, 1), (2, 1, 1)]
    )
    path, _, given = saved(tmp_path / "first.safetensors", spec=shallow)
    before, after, _ = started(deep, path, classes=CLASSES)
    assert "tensors outside the head did not fit and start at random, first stages.0.1." in caplog.text
    for name, tensor in after.items():
        assert torch.equal(tensor, given.get(name, before[name])), name


MOVING = ClipSpec(clip_len=4, max_people=1, space=ImageSpace(motion=True))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layout": "penn13"}, "read layout coco17, the recipe reads penn13: choose other weights"),
        ({"representation": VolumeSpec(shows="limbs")}, "read a volume of joints, the recipe reads a volume of limbs"),
        (
            {"network": PoseC3DSpec(base_channels=8, dropout=0.3)},
            r"fit nowhere: .* posec3d_c3d\(base_channels=4, dropout=0.3\), the",
        ),
        ({"network": PoseX3DSpec(base_channels=8)}, "fit nowhere: they are of posec3d_c3d"),
        (
            {"clip": MOVING, "representation": StreamSpec(shows="bones"), "network": StgcnppSpec()},
            "the recipe reads a stream of motion of bones with 2 channels",
        ),
    ],
)
def test_weights_of_another_input_or_network_are_refused(tmp_path, changes, message):
    path, _, _ = saved(tmp_path / "first.safetensors")
    with pytest.raises(ValueError, match=message) as refused:
        started(small_spec(**changes), path, classes=CLASSES)
    assert "\n" not in str(refused.value) and str(path) in str(refused.value)


def test_missing_weights_tell_how_to_do_without(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"initial_weights: no weights .*--set initial_weights=null"):
        started(small_spec(), tmp_path / "missing", classes=CLASSES)


@pytest.mark.parametrize("architecture", ["posec3d_slowonly", "posec3d_c3d", "posec3d_x3d"])
def test_the_head_is_what_depends_on_the_number_of_classes(architecture):
    assert head_names(small_spec(network={"name": architecture})) == HEAD
