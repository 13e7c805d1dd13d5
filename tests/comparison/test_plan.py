"""A comparison goes on as it began, or not at all."""

import pytest

from builders import make_store, small_recipe
from posecube.comparison import Comparison, plan
from posecube.comparison.plan import begin, go_on


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("data") / "store")


def widths(name="widths", **changes):
    base = small_recipe().changed(**changes)
    variants = {"narrow": base, "wide": base.changed(model__network__base_channels=8)}
    return Comparison(name, "Wider?", "Yes.", ("model.network",), variants)


def told(_text):
    pass


def test_what_was_begun_goes_on(store, tmp_path):
    begun = begin(widths(), store=store, out=tmp_path / "out", seconds=None, announce=told)
    assert begun == widths() and [path.name for path in (tmp_path / "out").iterdir()] == ["plan.json"]
    assert go_on(widths(), store=store, out=tmp_path / "out", seconds=None) == begun


def test_a_second_beginning_is_refused(store, tmp_path):
    begin(widths(), store=store, out=tmp_path, seconds=None, announce=told)
    with pytest.raises(FileExistsError, match="holds a comparison already: choose another --out, or go on"):
        begin(widths(), store=store, out=tmp_path, seconds=None, announce=told)


@pytest.mark.parametrize(
    ("comparison", "seconds", "message"),
    [
        (widths("heights"), None, "holds comparison widths, not heights"),
        (widths(epochs=9), None, r"started with other settings \(epochs\)"),
        (
            widths(model__clip__space__padding=0.5, batch_size=2),
            None,
            r"other settings \(model.clip.space.padding, batch_size\)",
        ),
        (widths().with_own_settings({"wide": ["epochs=5"]}), None, r"other settings \(epochs\)"),
        (widths(), 5.0, "was started without --seconds"),
    ],
)
def test_another_comparison_is_refused(comparison, seconds, message, store, tmp_path):
    begin(widths(), store=store, out=tmp_path, seconds=None, announce=told)
    with pytest.raises(ValueError, match=message) as refused:
        go_on(comparison, store=store, out=tmp_path, seconds=seconds)
    assert "\n" not in str(refused.value)


def test_other_variants_and_other_data_are_refused(store, tmp_path):
    begin(widths(), store=store, out=tmp_path, seconds=None, announce=told)
    fewer = Comparison("widths", "Wider?", "Yes.", (), {"narrow": small_recipe()})
    with pytest.raises(ValueError, match=r"other settings \(variants\)"):
        go_on(fewer, store=store, out=tmp_path, seconds=None)
    with pytest.raises(ValueError, match="started on other data"):
        other = make_store(tmp_path / "other", {"train": 12, "test": 5})
        go_on(widths(), store=other, out=tmp_path, seconds=None)


@pytest.mark.parametrize("content", ["", "[1]", '{"comparison": "widths"}'])
def test_a_damaged_plan_is_one_line(content, store, tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing to resume"):
        go_on(widths(), store=store, out=tmp_path, seconds=None)
    (tmp_path / "plan.json").write_text(content)
    with pytest.raises(ValueError, match=r"plan\.json is damaged: start again with another --out"):
        go_on(widths(), store=store, out=tmp_path, seconds=None)


def test_equal_time_gives_the_epochs_that_fit_and_they_stay(store, tmp_path, monkeypatch):
    clock = {"now": 0.0}
    trials = []

    def trial(recipe, **where):
        trials.append((recipe.epochs, where["run"]))
        clock["now"] += 2.0 if recipe.model.network.base_channels == 4 else 7.0

    monkeypatch.setattr(plan, "train", trial)
    monkeypatch.setattr(plan.time, "perf_counter", lambda: clock["now"])
    lines = []
    begun = begin(widths(), store=store, out=tmp_path, seconds=20.0, announce=lines.append)
    assert {name: recipe.epochs for name, recipe in begun.variants.items()} == {"narrow": 10, "wide": 2}
    assert lines == ["narrow: 2.0 s an epoch, so 10 epochs", "wide: 7.0 s an epoch, so 2 epochs"]
    assert [epochs for epochs, _ in trials] == [1, 1] and not any(folder.exists() for _, folder in trials)
    assert go_on(widths(), store=store, out=tmp_path, seconds=20.0) == begun
    assert len(trials) == 2, "resuming tries nothing out again"
    with pytest.raises(ValueError, match="was started with --seconds 20"):
        go_on(widths(), store=store, out=tmp_path, seconds=None)


def test_too_little_time_is_one_epoch(store, tmp_path):
    begun = begin(widths(), store=store, out=tmp_path, seconds=1e-3, announce=told)
    assert {recipe.epochs for recipe in begun.variants.values()} == {1}
