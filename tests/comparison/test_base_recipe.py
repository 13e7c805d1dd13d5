"""The recipe to vary: the user's, or one that fits the store."""

import pytest

from builders import make_store
from posecube.comparison.base_recipe import base_recipe, split_settings
from posecube.recipes import load_recipe
from posecube.sampling.rgb.views import RgbSpec
from posecube.skeleton import SkeletonLayout, find_layout
from posecube.training import Outliers
from posecube.training.run import check_recipe

HAND = SkeletonLayout("hand3", ("wrist", "thumb", "little_finger"), ())


def store_of(tmp_path, layout, *, splits=("train", "test"), **options):
    sizes = dict(zip(splits, (4, 2), strict=False))
    return make_store(tmp_path / "store", sizes, layout=find_layout(layout), **options)


@pytest.mark.parametrize(
    ("layout", "axes", "splits", "reads", "name", "like"),
    [
        ("penn13", 2, ("train", "test"), "volume", "penn_joint", "penn_joint"),
        ("kinect20", 3, ("xview_train", "xview_val"), "volume", "nucla_joint", "nucla_joint"),
        ("sbu15", 2, ("fold1_train", "fold1_test"), "volume", "sbu_joint", "sbu_joint"),
        ("coco17", 2, ("train", "test"), "volume", "coco17_joint", "penn_joint"),
        ("ntu25", 3, ("xsub_train", "xsub_val"), "volume", "ntu25_joint", "nucla_joint"),
        ("penn13", 2, ("train", "test"), "graph", "penn_stgcnpp", "penn_stgcnpp"),
        ("sbu15", 2, ("fold1_train", "fold1_test"), "graph", "sbu15_stgcnpp", "penn_stgcnpp"),
        ("ntu25", 3, ("xsub_train", "xsub_val"), "graph", "ntu25_stgcnpp", "nucla_stgcnpp"),
    ],
)
def test_the_default_fits_the_stores_layout(layout, axes, splits, reads, name, like, tmp_path):
    store = store_of(tmp_path, layout, axes=axes, splits=splits)
    recipe = base_recipe(store, reads=reads)
    assert (recipe.name, recipe.model.layout) == (name, layout)
    assert (recipe.train_split, recipe.test_split) == splits
    assert recipe.model.architecture == load_recipe(like).model.architecture
    check_recipe(recipe, store)


@pytest.mark.parametrize(("people", "expected"), [(1, 1), (2, 2), (5, 2)])
def test_a_recipe_of_no_data_set_keeps_at_most_two_people(people, expected, tmp_path):
    store = store_of(tmp_path, "coco17", people=people)
    assert base_recipe(store).model.clip.max_people == expected
    assert base_recipe(store, settings=["model.clip.max_people=7"]).model.clip.max_people == 7


@pytest.mark.parametrize(
    ("splits", "expected"),
    [
        (("train", "val"), ("train", "val")),
        (("b_train", "b_test"), ("b_train", "b_test")),
        (("train_1", "validation_1"), ("train_1", "validation_1")),
        (("all",), ("train", "test")),
        (("train", "other"), ("train", "test")),
    ],
)
def test_other_names_of_splits_are_found(splits, expected, tmp_path):
    recipe = base_recipe(store_of(tmp_path, "penn13", splits=splits))
    assert (recipe.train_split, recipe.test_split) == expected


def test_the_users_choice_is_taken_without_what_cannot_be_equal(tmp_path):
    store = store_of(tmp_path, "penn13")
    recipe = base_recipe(store, "sbu_joint", ["epochs=7"])
    assert (recipe.name, recipe.epochs, recipe.model.layout) == ("sbu_joint", 7, "sbu15")
    assert base_recipe(store).outliers == Outliers() and load_recipe("penn_joint").outliers != Outliers()
    assert base_recipe(store, settings=["outliers.fraction=0.5"]).outliers.fraction == 0.5


@pytest.mark.parametrize(
    ("recipe", "settings", "message"),
    [
        ("pen_joint", (), "did you mean penn_joint"),
        (None, ("epoch=3",), "did you mean epochs"),
        ("missing.py", (), "no recipe file missing.py"),
    ],
)
def test_what_is_not_there_is_refused(recipe, settings, message, tmp_path):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        base_recipe(store_of(tmp_path, "penn13"), recipe, settings)


def test_a_recipe_that_looks_at_videos_is_refused(tmp_path, monkeypatch):
    model = load_recipe("penn_joint").model.model_copy(update={"rgb": RgbSpec()})
    recipe = load_recipe("penn_joint").model_copy(update={"model": model})
    monkeypatch.setattr("posecube.comparison.base_recipe.load_recipe", lambda _name: recipe)
    with pytest.raises(ValueError, match="penn_joint looks at video frames; comparisons are made of skeletons alone"):
        base_recipe(store_of(tmp_path, "penn13"), "penn_joint")


def test_a_layout_of_ones_own_needs_a_recipe(tmp_path):
    with pytest.raises(ValueError, match="hand3"):
        base_recipe(make_store(tmp_path / "store", layout=HAND))


def test_settings_are_split_by_variant():
    assert split_settings(["epochs=2", "stgcnpp:learning_rate=0.1", "name=a:b", "x:y", "epochs"]) == {
        "": ["epochs=2", "name=a:b", "epochs"],
        "stgcnpp": ["learning_rate=0.1"],
        "x": ["y"],
    }
    assert split_settings([]) == {}
