"""Recipes: frozen, changed by typed settings, loaded by name or from a file, refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from builders import small_recipe
from posecube.networks.posec3d import PoseC3DSpec, PoseX3DSpec
from posecube.sampling import Augmentation, SpreadFrames, StrideFrames
from posecube.training import Contrastive, CrossEntropy, Outliers, Recipe, with_settings
from posecube.training.contrast import Noise


def test_a_recipe_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        small_recipe().epochs = 5
    with pytest.raises(ValidationError, match="frozen"):
        small_recipe().model.clip.clip_len = 5


def test_a_recipe_survives_json():
    recipe = small_recipe(outliers=Outliers(stores=("a", "b"), exclude=("throw",)))
    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe


@given(st.integers(1, 512), st.integers(1, 512))
def test_the_learning_rate_is_proportional_to_the_batch(batch_size, reference_batch):
    recipe = small_recipe(batch_size=batch_size, reference_batch=reference_batch, learning_rate=0.1)
    assert recipe.scaled_learning_rate == pytest.approx(0.1 * batch_size / reference_batch)


def test_changed_reaches_nested_fields_and_leaves_the_original():
    recipe = small_recipe()
    changed = recipe.changed(epochs=9, model__clip__clip_len=8, augmentation=Augmentation(flip=1.0))
    assert (changed.epochs, changed.model.clip.clip_len, changed.augmentation.flip) == (9, 8, 1.0)
    assert recipe == small_recipe()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"epoch": 3}, "epoch\n.*Extra inputs"),
        ({"model__clip__length": 3}, "model.clip.length\n.*Extra inputs"),
        ({"modle__clip": 3}, "modle.clip cannot be set"),
        ({"epochs": 0}, "greater than or equal to 1"),
        ({"seed": -1}, "greater than or equal to 0"),
    ],
)
def test_changed_refuses_what_does_not_exist_or_fit(fields, message):
    with pytest.raises(ValueError, match=message):
        small_recipe().changed(**fields)


@pytest.mark.parametrize(
    ("setting", "read"),
    [
        ("epochs=7", lambda recipe: recipe.epochs == 7),
        ("learning_rate=1e-3", lambda recipe: recipe.learning_rate == 0.001),
        ("optimizer=adamw", lambda recipe: recipe.optimizer == "adamw"),
        ("train_split=fold2_train", lambda recipe: recipe.train_split == "fold2_train"),
        ("model.clip.clip_len=9", lambda recipe: recipe.model.clip.clip_len == 9),
        ("model.clip.space.crop=false", lambda recipe: recipe.model.clip.space.crop is False),
        ("model.clip.frames.kind=spread", lambda recipe: recipe.model.clip.frames == SpreadFrames()),
        ("objective.label_smoothing=0.2", lambda recipe: recipe.objective.label_smoothing == 0.2),
        ("objective.kind=contrastive", lambda recipe: recipe.objective == Contrastive()),
        (
            "model.network.base_channels=8",
            lambda recipe: recipe.model.network == PoseC3DSpec(base_channels=8, dropout=0.3),
        ),
        (
            "model.network.name=posec3d_x3d",
            lambda recipe: recipe.model.network == PoseX3DSpec(base_channels=4, dropout=0.3),
        ),
        ("model.architecture=posec3d_x3d", lambda recipe: recipe.model.architecture == "posec3d_x3d"),  # as in 0.2
        ("model.arguments.base_channels=8", lambda recipe: recipe.model.network.base_channels == 8),
        ('model.arguments={"base_channels": 2}', lambda recipe: recipe.model.network == PoseC3DSpec(base_channels=2)),
        ("augmentation.crop_area=[0.5,1]", lambda recipe: recipe.augmentation.crop_area == (0.5, 1.0)),
        ('outliers.stores=["a","b"]', lambda recipe: recipe.outliers.stores == ("a", "b")),
        ("model.clip.space.size_hw=[24,24]", lambda recipe: recipe.model.clip.space.size_hw == (24, 24)),
        ("model.representation.shows=limbs", lambda recipe: recipe.model.representation.shows == "limbs"),
        ("name=a=b", lambda recipe: recipe.name == "a=b"),
        ("initial_weights=runs/k400", lambda recipe: recipe.initial_weights == "runs/k400"),
        ("initial_weights=null", lambda recipe: recipe.initial_weights is None),
        ("gradient_clip=null", lambda recipe: recipe.gradient_clip is None),
        ("class_passes=[1,2,2]", lambda recipe: recipe.class_passes == (1, 2, 2)),
        ("metric=mean_class", lambda recipe: recipe.metric == "mean_class"),
    ],
)
def test_settings_are_typed(setting, read):
    assert read(with_settings(small_recipe(), [setting]))


def test_steps_and_milestones_go_together():
    recipe = with_settings(small_recipe(), ["schedule=steps", "milestones=[2,4]"])
    assert (recipe.schedule, recipe.milestones) == ("steps", (2, 4))
    with pytest.raises(ValueError, match=r"milestones must rise from one to the next, got \(4, 2\)"):
        small_recipe(schedule="steps", milestones=(4, 2))


def test_settings_add_up_and_the_last_wins():
    recipe = with_settings(small_recipe(), ["epochs=7", "batch_size=2", "epochs=8"])
    assert (recipe.epochs, recipe.batch_size) == (8, 2)
    assert with_settings(small_recipe(), []) == small_recipe()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("epochs", "--set expects key=value, got 'epochs'"),
        ("epoch=3", "--set: unknown key 'epoch'; did you mean epochs?"),
        ("learning-rate=3", "--set: unknown key 'learning-rate'; did you mean learning_rate?"),
        ("model.clip.clip_length=3", "--set: unknown key 'model.clip.clip_length'; did you mean model.clip.clip_len?"),
        ("zzz=3", "--set: unknown key 'zzz'; known: augmentation.bias, "),
        ("=3", "--set: unknown key ''; known: "),
        ("model=3", "--set: unknown key 'model'; "),
        ("model.clip=3", "--set: unknown key 'model.clip'; did you mean model.clip."),
        ("model.arguments.a.b=3", "--set: unknown key 'model.arguments.a.b'"),
        (
            "epochs=none",
            "--set epochs: Input should be a valid integer, unable to parse string as an integer, got 'none'",
        ),
        ("epochs=2.5", "--set epochs: Input should be a valid integer, got a number with a fractional part, got 2.5"),
        ("epochs=0", "--set epochs: Input should be greater than or equal to 1, got 0"),
        ("learning_rate=NaN", "--set learning_rate: Input should be "),
        ("optimizer=adam", "--set optimizer: Input should be 'sgd' or 'adamw', got 'adam'"),
        ("model.layout=coco", "--set model: unknown skeleton layout 'coco'; did you mean coco17"),
        ("model.architecture=c3d", "--set model.architecture: unknown architecture 'c3d'; did you mean dsc3d?"),
        ("model.network.width=3", "--set: unknown key 'model.network.width'; "),
        (
            "model.network.base_channels=0",
            "--set model.network.base_channels: Input should be greater than 0",
        ),
        (
            "model.arguments.width=3",
            "--set model.arguments.width: posec3d_c3d cannot be built with width: Extra inputs",
        ),
        ("model.clip.space.size_hw=5", "--set model.clip.space.size_hw: Input should be a valid tuple, got 5"),
        ("model.clip.space.kind=imgae", "unknown model.clip.space.kind 'imgae'; did you mean image?"),
        ("model.clip.frames.stride=4", "--set: unknown key 'model.clip.frames.stride'; did you mean model.clip."),
        ("objective.kind=triplet", "unknown objective.kind 'triplet'; known: contrastive, cross_entropy"),
        ("seed=-1", "--set seed: Input should be greater than or equal to 0, got -1"),
        ("schedule=linear", "--set schedule: Input should be 'cosine', 'steps' or 'exponential', got 'linear'"),
        ("schedule=steps", "schedule 'steps' and milestones () do not go together"),
        ("milestones=[3]", "schedule 'cosine' and milestones (3,) do not go together"),
        ("milestones=[0]", "--set milestones.0: Input should be greater than 0, got 0"),
        ("rate_floor=2", "--set rate_floor: Input should be less than or equal to 1, got 2"),
        ("class_passes=[1,0]", "--set class_passes.1: Input should be greater than 0, got 0"),
        ("decayed=biases", "--set decayed: Input should be 'kernels' or 'all', got 'biases'"),
        ("metric=top5", "--set metric: Input should be 'top1' or 'mean_class', got 'top5'"),
        ("gradient_clip=0", "--set gradient_clip: Input should be greater than 0, got 0"),
    ],
)
def test_settings_are_refused_in_one_line(setting, message):
    with pytest.raises(ValueError) as refused:
        with_settings(small_recipe(), [setting])
    assert message in str(refused.value) and "\n" not in str(refused.value)


OLD_SETTINGS = {
    "model.clip.size_hw=[24,24]": "model.clip.space.size_hw=[24,24]",
    "model.clip.steady=true": "model.clip.preprocess.smooth=true",
    "model.clip.undo_swaps=true": "model.clip.preprocess.undo_id_switches=true",
    "model.clip.skeleton_threshold=0.3": "model.clip.preprocess.skeleton_threshold=0.3",
    "model.clip.stream=pyskl": "model.clip.frames.published_sampling=pyskl",
    "model.clip.sampler=spread": "model.clip.frames.kind=spread",
    "augmentation.lose_limb_joint=0.5": "augmentation.drop_limb_joint=0.5",
    "label_smoothing=0.1": "objective.label_smoothing=0.1",
    "outliers.weight=0.1": "objective.outlier_weight=0.1",
    "outliers.share=0.1": "outliers.fraction=0.1",
}


@pytest.mark.parametrize(("old", "new"), OLD_SETTINGS.items())
def test_names_of_version_0_2_are_understood_and_noted(old, new, caplog):
    assert with_settings(small_recipe(), [old]) == with_settings(small_recipe(), [new]) != small_recipe()
    assert f"--set: {old.split('=')[0]} is now called {new.split('=')[0]}" in caplog.text


def test_a_kind_brings_its_settings_wherever_it_stands():
    recipe = with_settings(small_recipe(), ["model.clip.frames.stride=3", "model.clip.frames.kind=fixed_stride"])
    assert recipe.model.clip.frames == StrideFrames(stride=3)
    old = with_settings(small_recipe(), ["model.clip.stride=3", "model.clip.sampler=fixed_stride"])
    assert old == recipe


def test_what_two_kinds_share_stays():
    recipe = small_recipe().changed(model__clip__space__padding=0.5)
    settings = ["model.clip.space.kind=image", "model.representation.kind=streams"]
    with pytest.raises(ValueError, match="reads"):  # the network draws from volumes
        with_settings(recipe, settings)
    smoothed = small_recipe(objective=CrossEntropy(label_smoothing=0.1))
    assert with_settings(smoothed, ["objective.kind=contrastive"]).objective == Contrastive(label_smoothing=0.1)


def test_contrast_of_version_0_2_was_on_where_it_had_weight():
    settings = ["contrast.instance_weight=1", "contrast.group_weight=0.3", "contrast.alpha=0.02"]
    objective = Contrastive(instance_weight=1, group_weight=0.3, noise=Noise(alpha=0.02))
    assert with_settings(small_recipe(), settings).objective == objective
    assert with_settings(small_recipe(), ["contrast.group_weight=2"]).objective == Contrastive(
        instance_weight=0, group_weight=2
    )
    off = ["contrast.instance_weight=0", "contrast.group_weight=0", "contrast.alpha=0.02"]
    assert with_settings(small_recipe(objective=objective), off).objective == CrossEntropy()


def test_settings_below_a_plain_value_are_refused():
    with pytest.raises(ValueError, match=r"--set model\.arguments: arguments of a network are names and values, got 3"):
        with_settings(small_recipe(), ["model.arguments=3", "model.arguments.x=1"])


def test_a_setting_may_follow_a_change_of_network():
    recipe = with_settings(small_recipe(), ["model.network.name=posec3d_x3d", "model.network.stage_blocks=[1,1,1]"])
    assert recipe.model.network == PoseX3DSpec(base_channels=4, dropout=0.3, stage_blocks=(1, 1, 1))
    assert small_recipe().changed(model__network=PoseX3DSpec()).model.network == PoseX3DSpec()
