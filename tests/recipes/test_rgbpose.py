"""The recipes of RGBPose-Conv3D and its halves, against the published rows."""

import pytest

from posecube.recipes import load_recipe
from posecube.recipes.table import network_cost
from posecube.representation import VolumeSpec
from posecube.training.recipe import SingleRuns

RGB, POSE, JOINT = NAMES = [f"rgbpose_ntu60_{half}" for half in ("rgb", "pose", "joint")]
# Parameters in millions and GMACs of a training clip, as measured on pyskl's networks.
SIZES = {RGB: (31.76, 41.92), POSE: (2.025, 11.43), JOINT: (36.15, 58.29)}
# Rate for the published batch, clips of it, clips of one of its GPUs, passes, weight decay, as in the configurations.
SETTINGS = {
    RGB: (0.15, 96, 12, 180, 1e-4),
    POSE: (0.2, 128, 16, 180, 3e-4),
    JOINT: (0.0075, 48, 6, 20, 1e-4),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_network_has_the_published_size(name):
    parameters, gmacs = SIZES[name]
    cost = network_cost(load_recipe(name))
    assert cost.parameters / 1e6 == pytest.approx(parameters, abs=0.005)
    assert cost.operations / 1e9 == pytest.approx(gmacs, abs=0.005)


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_trains_as_published(name):
    recipe = load_recipe(name)
    rate, batch, of_one, epochs, decay = SETTINGS[name]
    assert (recipe.learning_rate, recipe.reference_batch, recipe.batch_size) == (rate, batch, of_one)
    assert (recipe.epochs, recipe.weight_decay, recipe.gradient_clip) == (epochs, decay, 40.0)
    assert recipe.optimizer == "sgd" and recipe.momentum == 0.9 and not recipe.nesterov
    assert recipe.decayed == "all" and recipe.warmup_steps == 0 and recipe.rate_floor == 0
    assert (recipe.schedule, recipe.milestones) == (("steps", (12, 16)) if name == JOINT else ("cosine", ()))
    augmentation = recipe.augmentation
    assert (augmentation.flip, augmentation.crop_area, augmentation.crop_aspect) == (0.5, (0.56, 1.0), (3 / 4, 4 / 3))


def test_the_network_sees_what_the_published_one_sees():
    rgb, pose, joint = (load_recipe(name).model for name in NAMES)
    assert rgb.input_shapes(1) == ((1, 3, 8, 224, 224),) and rgb.rgb.view_size_hw == (224, 224)
    assert pose.input_shapes(1) == ((1, 17, 32, 56, 56),) and pose.clip.map.view_size_hw == (64, 64)
    assert joint.input_shapes(1) == ((1, 3, 8, 224, 224), (1, 17, 32, 56, 56))
    assert (joint.rgb.view_size_hw, joint.clip.map.view_size_hw) == ((256, 256), (64, 64))
    assert (pose.representation.sigma_px, joint.representation.sigma_px) == (0.6, 0.7)
    assert isinstance(joint.representation, VolumeSpec) and pose.network.chosen == {"temporal_strides": (1, 1, 1)}


def test_the_halves_are_where_the_whole_starts():
    assert load_recipe(JOINT).initial_weights == SingleRuns(rgb=f"runs/{RGB}", pose=f"runs/{POSE}")
