"""Curves: what is scored, what is counted, what is refused, and the files of the report."""

import json

import numpy as np
import pytest

from builders import make_model, make_store, small_spec
from posecube.evaluation import measure, predict
from posecube.evaluation.corruptions import Corruption, find_corruptions
from posecube.evaluation.robustness import Curve, Robustness, measure_robustness
from posecube.evaluation.robustness_report import areas_table, plot_curves, write_report
from posecube.skeleton.layouts import KINECT20


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("stores") / "store", {"train": 3, "test": 9})


def emptied(sequence, severity, _rng):
    """Everybody is gone from severity 1 on."""
    return sequence.replaced(confidence=sequence.confidence * (severity < 1))


def unknown(sequence, _severity, _rng):
    raise ValueError(f"layout {sequence.layout.name} has no tail")


GONE = Corruption("gone", "people leave", "share", (0.0, 0.5, 1.0), emptied)
TAIL = Corruption("tail", "the tail is lost", "probability", (0.0, 1.0), unknown)


@pytest.fixture(scope="module")
def result(store):
    models = {"one": make_model(), "<two>": make_model(seed=3)}
    corruptions = (*find_corruptions(["noise", "lost_joint"]), GONE, TAIL)
    steps = []
    made = measure_robustness(
        models, store, store.split("test"), corruptions, seeds=(0, 5), progress=lambda *step: steps.append(step)
    )
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert {total for *_, total in steps} == {2 * (1 + 2 * (8 + 4 + 2 + 1))}
    return made


def test_a_curve_holds_what_predict_scores(store, result):
    model, card = make_model()
    noise = result.corruptions[0]
    clean = measure(predict(model, card, store, store.split("test"))).top1
    noisy = measure(
        predict(model, card, store, store.split("test"), change=lambda clip: noise.applied(clip, 0.05, seed=5))
    ).top1
    curve = result.curves["one", "noise"]
    assert curve.top1.shape == (9, 2) and curve.num_clips == 9
    assert (curve.top1[0] == clean).all()
    assert curve.top1[noise.severities.index(0.05), 1] == noisy


def test_clips_in_which_nobody_is_left_are_scored_and_counted(result):
    curve = result.curves["one", "gone"]
    assert curve.num_empty.tolist() == [0, 0, 9]
    assert np.isfinite(curve.top1).all()


def test_clips_below_the_thresholds_of_a_model_count_too(store):
    """Confidences lie between 0.5 and 1, halved ones below 0.45 on average; no mean is above 0.99."""
    model, card = make_model()
    strict = card.model.clip.model_copy(update={"skeleton_threshold": 0.45})
    card = card.updated(model=card.model.model_copy(update={"clip": strict}))
    halved = Corruption(
        "doubt", "everything is doubtful", "share", (0.0, 1.0),
        lambda sequence, _severity, _rng: sequence.replaced(confidence=sequence.confidence / 2),
    )  # fmt: skip
    found = measure_robustness({"one": (model, card)}, store, store.split("test"), [halved])
    assert found.curves["one", "doubt"].num_empty.tolist() == [0, 9]
    strictest = card.model.clip.model_copy(update={"joint_threshold": 0.0, "skeleton_threshold": 0.99})
    card = card.updated(model=card.model.model_copy(update={"clip": strictest}))
    found = measure_robustness({"one": (model, card)}, store, store.split("test"), [halved])
    assert found.curves["one", "doubt"].num_empty.tolist() == [9, 9], "the clean row counts as well"


def test_what_a_corruption_does_not_know_is_named(result):
    assert ("one", "tail") not in result.curves
    assert result.refused["one", "tail"] == "layout coco17 has no tail"
    content = result.as_dict()["models"]["one"]["corruptions"]
    assert content["tail"] == {"refused": "layout coco17 has no tail"}
    assert content["gone"]["num_empty"] == [0, 0, 9]


def curve_of(model: str, made: Corruption, *rows: tuple[float, float]) -> Curve:
    return Curve(model, made, np.array(rows), np.zeros(len(rows), dtype=np.int64), 10)


def test_the_area_is_the_mean_height_over_the_severities():
    uneven = Corruption("uneven", "", "", (0.0, 0.1, 1.0), emptied)
    curve = curve_of("m", uneven, (100, 100), (80, 60), (0, 20))
    assert curve.mean.tolist() == [100, 70, 10] and curve.spread.tolist() == [0, 20, 20]
    assert curve.area == pytest.approx(0.1 * 85 + 0.9 * 40)


def test_models_are_compared_on_curves_that_all_have():
    half = Corruption("half", "", "", (0.0, 1.0), emptied)
    curves = {
        ("a", "half"): curve_of("a", half, (100, 100), (0, 0)),
        ("b", "half"): curve_of("b", half, (80, 80), (80, 80)),
        ("a", "gone"): curve_of("a", GONE, (100, 100), (100, 100), (100, 100)),
    }
    made = Robustness(("a", "b"), (half, GONE), curves, {("b", "gone"): "no such joints"}, (0, 1))
    assert made.area("a") == 50 and made.area("b") == 80
    alone = Robustness(("b",), (GONE,), {}, {("b", "gone"): "no such joints"}, (0, 1))
    assert alone.area("b") is None and alone.as_dict()["models"]["b"]["area"] is None


def test_the_report_is_three_files(result, tmp_path):
    paths = write_report(result, tmp_path / "report", where="split test of a store")
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "robustness.html", "robustness.json", "robustness.png",
    ]  # fmt: skip
    assert {path.name for path in paths} == {path.name for path in (tmp_path / "report").iterdir()}
    content = json.loads((tmp_path / "report" / "robustness.json").read_text())
    assert content["scored"] == "split test of a store" and content["seeds"] == [0, 5]
    assert len(content["models"]["one"]["corruptions"]["noise"]["top1"]) == 9
    page = (tmp_path / "report" / "robustness.html").read_text()
    assert "&lt;two&gt;" in page and "<two>" not in page, "names of models are escaped"
    assert "layout coco17 has no tail" in page and "9 of 9 clips have nobody left at 1" in page
    assert page.count("<table>") == 1 + len(result.corruptions) and "data:image/png;base64," in page


def test_the_chart_is_written_whole_or_not_at_all(result, tmp_path):
    plot_curves(result, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(OSError):
        plot_curves(result, tmp_path / "none" / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_the_terminal_shows_the_areas(result):
    table = areas_table(result)
    assert [column.header for column in table.columns] == ["corruption", "one", "<two>"]
    assert list(table.columns[0].cells) == ["clean", "noise", "lost_joint", "gone", "tail", "mean"]
    assert list(table.columns[1].cells)[4] == "–", "no curve, no area"
    assert next(iter(table.columns[2].cells)) == f"{result.curves['<two>', 'noise'].mean[0]:.1f}"


def test_joints_in_space_have_no_frame_to_shake_in(tmp_path):
    store = make_store(tmp_path / "deep", {"test": 3}, layout=KINECT20, axes=3)
    model = make_model(spec=small_spec(layout="kinect20"))
    made = measure_robustness({"m": model}, store, store.split("test"), find_corruptions(["noise", "doubt"]))
    assert "needs 2D joints" in made.refused["m", "noise"] and ("m", "doubt") in made.curves
