"""The recipes of MotionBERT, against its public configurations."""

import pytest

from posecube.checkpoints.weights_import import published_spec
from posecube.networks.published_input import InputChoice
from posecube.recipes import load_recipe
from posecube.recipes.table import network_cost
from posecube.sampling import Augmentation, Drift

TUNED = ["motionbert_ntu60_xsub", "motionbert_ntu60_xview"]
SCRATCH = [f"{name}_scratch" for name in TUNED]
NAMES = [*TUNED, *SCRATCH]


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_trains_as_published(name):
    recipe = load_recipe(name)
    assert recipe.scaled_learning_rate == 1e-4 and recipe.batch_size == 32
    assert recipe.head_factor == (10 if name in TUNED else 1)
    assert (recipe.optimizer, recipe.weight_decay, recipe.decayed) == ("adamw", 0.01, "all")
    assert (recipe.epochs, recipe.schedule, recipe.epoch_decay) == (300, "exponential", 0.99)
    assert recipe.warmup_steps == 0 and recipe.gradient_clip is None and recipe.objective.label_smoothing == 0
    assert recipe.initial_weights == ("motionbert.safetensors" if name in TUNED else None)
    split = name.split("_")[2]
    assert (recipe.train_split, recipe.test_split) == (f"{split}_train", f"{split}_val")
    augmentation = recipe.augmentation
    assert augmentation.drift == Drift(rotate_deg=10, scale=0.1, shift=0.1) and augmentation.widen == (0.5, 1.5)
    assert augmentation.model_copy(update={"drift": Drift(), "widen": (1.0, 1.0)}) == Augmentation()


@pytest.mark.parametrize("name", NAMES)
def test_the_network_has_the_published_size_and_input(name):
    model = load_recipe(name).model
    assert network_cost(load_recipe(name)).parameters == 42_466_317 + 17_954_876
    assert model.input_shape(1) == (1, 2, 243, 17, 3)
    told = {"num_classes": 60, "layout": "h36m17", "in_channels": 3, "max_frames": 243, **model.network.arguments}
    imported = published_spec("motionbert", told, InputChoice())
    assert imported.clip == model.clip and imported.representation == model.representation


def test_the_lite_size_on_penn_action():
    recipe = load_recipe("motionbert_penn")
    assert network_cost(recipe).parameters == 16_001_549 + 17_954_876
    assert recipe.model.input_shape(1) == (1, 1, 16, 17, 3) and recipe.initial_weights is None
