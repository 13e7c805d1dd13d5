"""Every recipe of the package builds, says how it is run, and trains two steps on generated data of its own layout."""

import shlex
from pathlib import Path

import pytest

from builders import SMALL_NETWORKS, Films, make_store
from posecube.cli import build_parser
from posecube.datasets import READERS
from posecube.model import read_card
from posecube.recipes import RECIPES, RecipeEntry, load_recipe, recipe_names
from posecube.skeleton import find_layout
from posecube.training import Recipe, train, with_settings

ROOT = Path(__file__).resolve().parents[2]
NAMES = recipe_names()
LAYOUTS_IN_METRES = ("kinect20", "ntu25")
OUR_OWN = ("penn_", "nucla_", "sbu_", "dark_")  # small enough to be run as they are


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_is_called_as_its_entry_and_made_anew_each_time(name):
    recipe = load_recipe(name)
    assert recipe.name == name
    assert load_recipe(name) == recipe and load_recipe(name) is not recipe


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_has_a_title_of_its_own(name):
    title = RECIPES[name].title
    assert 10 < len(title) < 110
    assert [other for other in NAMES if RECIPES[other].title == title] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_published_figures_are_percent_of_the_data_sets_own_kind(name):
    entry, recipe = RECIPES[name], load_recipe(name)
    assert not entry.published or entry.paper, "a figure comes from a paper"
    for figure in entry.published:
        assert 0 < getattr(figure, recipe.metric) < 100 and figure.source
    assert len(set(entry.published)) == len(entry.published)


@pytest.mark.parametrize("name", NAMES)
def test_commands_parse_and_speak_of_the_recipe(name):
    recipe, trained = load_recipe(name), 0
    for options in parsed(RECIPES[name]):
        if options.command == "import":
            assert options.format in READERS
        elif options.command == "train" and options.recipe == name:
            trained += 1
            assert options.run.name.startswith(with_settings(recipe, options.set).name) or not RECIPES[name].paper
        elif options.command == "evaluate":
            assert options.split == recipe.test_split
    assert trained


@pytest.mark.parametrize("name", [name for name in NAMES if RECIPES[name].paper])
def test_commands_of_a_published_row_lead_from_the_data_to_its_figure(name):
    recipe = load_recipe(name)
    commands = {options.command: options for options in parsed(RECIPES[name])}
    assert {"train", "evaluate"} <= commands.keys() and commands.keys() & {"import", "extract"}
    assert commands["train"].store == commands["evaluate"].store
    flips = name.startswith(("slowonly", "c3d", "x3d", "dsc3d")) and recipe.augmentation.flip > 0
    assert commands["evaluate"].flip == flips
    reads_videos = recipe.model.rgb is not None
    assert all((commands[command].videos is not None) == reads_videos for command in ("train", "evaluate"))


def parsed(entry: RecipeEntry):
    """Options of those of its commands that are ours."""
    for line in entry.commands:
        program, *words = shlex.split(line, comments=True)
        if program == "posecube":
            yield build_parser().parse_args(words)
        else:
            assert program == "python" and (ROOT / words[0]).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_survives_json(name):
    recipe = load_recipe(name)
    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe
    assert not recipe.outliers.stores, "a recipe names no folder of somebody's machine"


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_trains_two_steps(name, tmp_path):
    recipe = load_recipe(name)
    layout = recipe.model.layout
    classes = recipe.classes[:2] or ("hop", "sway")  # further stores are tested beside LabelledStore
    store = make_store(
        tmp_path / "store",
        {recipe.train_split: 4, recipe.test_split: 2},
        classes=classes,
        layout=find_layout(layout),
        axes=3 if layout in LAYOUTS_IN_METRES else 2,
        people=recipe.model.clip.max_people,
    )
    short = recipe.changed(
        epochs=1, batch_size=2, sources=()
    )  # four clips, perhaps an outlier, in batches of two: two steps
    short = short.changed(initial_weights=None) if name.startswith(OUR_OWN) else reduced(short)
    films = Films(store) if recipe.model.rgb else None
    weights = train(short, store=store.path, run=tmp_path / "run", videos=films)
    card = read_card(weights)
    assert card.name == name and card.classes == (recipe.classes or classes) and card.model == short.model
    assert card.scores.keys() == {f"{recipe.metric} {recipe.test_split} 1 view"}


def reduced(recipe: Recipe) -> Recipe:
    """The recipe with fewer frames, pixels, channels and blocks, for two classes and without its initial weights."""
    if recipe.model.rgb:
        return reduced_frames(recipe)
    draws = recipe.model.representation.kind == "volume"
    small_map = {"model__clip__space__size_hw": (16, 16), "model__clip__space__test_size_hw": (20, 20)}
    return recipe.changed(
        **(small_map if draws else {}),
        model__network=SMALL_NETWORKS[recipe.model.architecture],
        model__clip__clip_len=4 if draws else 8,
        initial_weights=None,
        class_passes=(1, 2) if recipe.class_passes else (),
        precision="float32",
        threads=1,
    )


def test_fine_tuning_takes_a_run_on_another_data_set(tmp_path, caplog):
    caplog.set_level("INFO")
    for name, splits, classes in [
        ("slowonly_k400_joint", ("train", "val"), ("hop", "sway", "stand")),
        ("slowonly_ucf101_joint", ("train1", "test1"), ("hop", "sway")),
    ]:
        make_store(tmp_path / name / "store", dict.fromkeys(splits, 4), classes=classes)
        recipe = reduced(load_recipe(name)).changed(epochs=1, batch_size=2)
        if name == "slowonly_ucf101_joint":
            recipe = recipe.changed(initial_weights=str(tmp_path / "slowonly_k400_joint" / "run"))
        train(recipe, store=tmp_path / name / "store", run=tmp_path / name / "run")
    assert "new: head.linear.weight, head.linear.bias" in caplog.text
    card = read_card(tmp_path / "slowonly_ucf101_joint" / "run" / "weights.safetensors")
    assert card.recipe["initial_weights"] == "run" and card.classes == ("hop", "sway")


def test_dark_videos_start_from_a_larger_set_of_the_same_network(tmp_path, caplog):
    caplog.set_level("INFO")
    make_store(tmp_path / "large", {"train": 4, "test": 2}, classes=("hop", "sway", "stand"), people=1)
    make_store(tmp_path / "dark", {"train": 4, "validate": 2}, classes=("hop", "sway"), people=1)
    short = {"epochs": 1, "batch_size": 2, "model__clip__clip_len": 4, "model__clip__size_hw": (16, 16)}
    large = load_recipe("dark_pretrain_penn").changed(**short)
    train(large, store=tmp_path / "large", run=tmp_path / "pretrained")
    recipe = load_recipe("dark_dsc3d").changed(initial_weights=str(tmp_path / "pretrained"), **short)
    train(recipe, store=tmp_path / "dark", run=tmp_path / "run")
    assert "new: backbone.head.linear.weight, backbone.head.linear.bias" in caplog.text


def reduced_frames(recipe: Recipe) -> Recipe:
    """Likewise a recipe that looks at video frames."""
    clip = recipe.model.clip.model_copy(update={"clip_len": 8}).with_space(size_hw=(8, 8), test_size_hw=(10, 10))
    frames = {"clip_len": 2, "size_hw": (32, 32), "test_size_hw": (40, 40)}
    return recipe.changed(
        model=recipe.model.model_copy(
            update={
                "clip": clip,
                "rgb": recipe.model.rgb.model_copy(update=frames),
                "network": SMALL_NETWORKS[recipe.model.architecture],
            }
        ),
        initial_weights=None,
        precision="float32",
        threads=1,
    )
