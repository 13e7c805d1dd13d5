"""Recipes of published results: sizes and settings against the tables they come from."""

import pytest

from posecube.recipes import load_recipe, recipe_names
from posecube.recipes.table import network_cost
from posecube.sampling import BodySpace, ImageSpace, UniformFrames

BACKBONES = ("slowonly", "c3d", "x3d")
GRAPHS = ("stgcn", "stgcnpp", "aagcn", "msg3d", "ctrgcn")
SETS = ("ntu60_xsub", "ntu60_xview", "ntu120_xsub", "ntu120_xset", "gym", "k400", "volleyball", "ucf101", "hmdb51")
VOLUMES = [f"{net}_{data}_{shown}" for net in BACKBONES for data in SETS for shown in ("joint", "limb")]
VOLUMES.append("slowonly_diving48_joint")
STREAMS = [f"{net}_ntu60_xsub_{axes}" for net in GRAPHS for axes in ("2d", "3d")]
NAMES = [*VOLUMES, *STREAMS]
FINE_TUNED = ("ucf101", "hmdb51")


def test_every_published_row_has_a_recipe():
    missing = set(NAMES) - set(recipe_names())
    assert not missing, f"no recipe for: {', '.join(sorted(missing))}"


# Parameters in millions and GMACs at 48 x 56 x 56 or of two people in 100 frames, as measured on pyskl's networks.
SIZES = {
    "slowonly_ntu60_xsub_joint": (2.025, 15.78),
    "slowonly_k400_joint": (3.209, 14.62),
    "c3d_ntu60_xsub_joint": (3.405, 16.80),
    "x3d_ntu60_xsub_joint": (0.255, 0.59),
    "stgcn_ntu60_xsub_3d": (3.10, 5.71),
    "stgcn_ntu60_xsub_2d": (3.09, 3.82),
    "stgcnpp_ntu60_xsub_3d": (1.40, 2.96),
    "stgcnpp_ntu60_xsub_2d": (1.39, 1.95),
    "aagcn_ntu60_xsub_3d": (3.78, 6.49),
    "msg3d_ntu60_xsub_3d": (3.19, 10.97),
    "ctrgcn_ntu60_xsub_3d": (1.45, 2.73),  # pyskl's 3.00: ours averages over time before it compares joints
}


@pytest.mark.parametrize("name", SIZES)
def test_the_network_has_the_published_size(name):
    parameters, gmacs = SIZES[name]
    cost = network_cost(load_recipe(name))
    digit = 0.0005 if name in VOLUMES else 0.005
    assert cost.parameters / 1e6 == pytest.approx(parameters, abs=digit)
    assert cost.operations / 1e9 == pytest.approx(gmacs, abs=0.005)


def test_volleyball_costs_what_the_paper_says():
    recipe = load_recipe("slowonly_volleyball_joint")
    assert recipe.model.input_shape(1) == (1, 17, 12, 56, 56) and recipe.model.clip.max_people == 12
    assert network_cost(recipe).parameters == 510_392  # 0.52 M with running means and variances, see its docstring
    tested = recipe.changed(model__clip__space__size_hw=recipe.model.clip.map.test_size_hw)
    assert network_cost(tested).operations / 1e9 == pytest.approx(1.6, abs=0.05)


# Learning rate for a batch, epochs, weight decay, largest norm of the gradient, as in the published configurations.
SETTINGS = {
    "volume": (0.4, 8 * 32, 24 * 10, 3e-4, 40.0),
    "k400": (0.4, 8 * 32, 24 * 10, 1e-4, 40.0),
    "diving48": (0.4, 8 * 32, 24 * 10, 1e-4, 40.0),
    "ucf101": (0.01, 8 * 16, 12 * 10, 3e-4, 40.0),
    "hmdb51": (0.01, 8 * 16, 12 * 10, 1e-4, 40.0),
    "stream": (0.1, 8 * 16, 16 * 5, 5e-4, None),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_trains_as_published(name):
    recipe = load_recipe(name)
    data = name.split("_")[1]
    kind = data if data in SETTINGS else "stream" if name in STREAMS else "volume"
    rate, batch, epochs, decay, clip = SETTINGS[kind]
    assert recipe.scaled_learning_rate == pytest.approx(rate * recipe.batch_size / batch)
    assert (recipe.epochs, recipe.weight_decay, recipe.gradient_clip) == (epochs, decay, clip)
    assert recipe.optimizer == "sgd" and recipe.momentum == 0.9 and recipe.nesterov == (name in STREAMS)
    assert recipe.decayed == "all" and recipe.warmup_steps == 0 and recipe.rate_floor == 0
    assert recipe.schedule == ("steps" if data in FINE_TUNED else "cosine")
    assert recipe.milestones == ((90, 110) if data in FINE_TUNED else ())
    assert (recipe.metric == "mean_class") == (data == "gym")
    assert bool(recipe.class_passes) == ("ntu120_xsub" in name)
    assert recipe.model.clip.frames == UniformFrames(published_sampling="pyskl")


@pytest.mark.parametrize("name", VOLUMES)
def test_volumes_are_drawn_as_published(name):
    recipe = load_recipe(name)
    clip, data = recipe.model.clip, name.split("_")[1]
    sizes = ((48, 48), (56, 56)) if data in FINE_TUNED else ((56, 56), (64, 64))
    assert (clip.map.size_hw, clip.map.test_size_hw) == sizes
    assert clip.clip_len == (12 if data == "volleyball" else 48) and clip.map.crop and clip.map.padding == 0.25
    shown = recipe.model.representation
    assert (shown.shows, shown.sigma_px, shown.min_confidence) == (f"{name.split('_')[-1]}s", 0.6, 1e-3)
    assert recipe.augmentation.crop_area == (0.56, 1.0) and recipe.augmentation.crop_aspect == (3 / 4, 4 / 3)
    assert recipe.augmentation.flip == (0.0 if data == "volleyball" else 0.5), "volleyball's classes say left and right"


@pytest.mark.parametrize("name", STREAMS)
def test_streams_are_read_as_published(name):
    recipe = load_recipe(name)
    clip, is_3d = recipe.model.clip, name.endswith("3d")
    assert clip.clip_len == 100 and clip.max_people == 2
    assert clip.space == (BodySpace() if is_3d else ImageSpace(crop=False))
    assert recipe.model.layout == ("ntu25" if is_3d else "coco17")
    assert recipe.model.representation.with_confidence == (not is_3d)
    assert recipe.model.input_shape(1) == (1, 2, 100, 25 if is_3d else 17, 3)
    augmentation = recipe.augmentation
    assert augmentation == type(augmentation)(), "nothing is disturbed"


@pytest.mark.parametrize("data", SETS)
@pytest.mark.parametrize("net", BACKBONES)
def test_limb_recipes_differ_from_joint_ones_in_what_they_show(net, data):
    joint, limb = (load_recipe(f"{net}_{data}_{shown}") for shown in ("joint", "limb"))
    assert limb.changed(name=joint.name, model__representation__shows="joints", initial_weights=None) == joint.changed(
        initial_weights=None
    )


@pytest.mark.parametrize("name", [name for name in VOLUMES if name.split("_")[1] in FINE_TUNED])
def test_fine_tuning_starts_from_the_same_network_on_kinetics(name):
    recipe = load_recipe(name)
    net, _, shown = name.split("_")
    assert recipe.initial_weights == f"runs/{net}_k400_{shown}"
    source = load_recipe(f"{net}_k400_{shown}").model
    for field in ("layout", "network", "representation"):
        assert getattr(source, field) == getattr(recipe.model, field)
