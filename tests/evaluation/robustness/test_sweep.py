"""What is scored, what is counted, what is refused: corruptions, series of poses, the grid of other poses."""

import numpy as np
import pytest

from builders import CLASSES, Films, make_model, make_predictor, make_sequence, make_store, small_rgb_spec, small_spec
from posecube.errors import UserError
from posecube.evaluation import measure, score_store
from posecube.evaluation.robustness.corruptions import Corruption, find_corruptions
from posecube.evaluation.robustness.pose_sources import PoseSeries, PoseSource
from posecube.evaluation.robustness.sweep import measure_robustness, some_clips
from posecube.model.predictor import Predictor
from posecube.sampling.preprocess.preprocess import Preprocess
from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17, KINECT20
from posecube.store import SkeletonStore, StoreWriter


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("stores") / "store", {"train": 3, "test": 9})


def emptied(sequence, severity, rng):
    """From severity 1 on everybody is gone, before that from every other clip."""
    is_gone = severity >= 1 or rng.uniform() < 0.5
    return sequence.replaced(confidence=sequence.confidence * (not is_gone))


def unknown(sequence, _severity, _rng):
    raise UserError(f"layout {sequence.layout.name} has no tail")


GONE = Corruption("gone", "people leave", "share", (0.0, 0.5, 1.0), emptied)
TAIL = Corruption("tail", "the tail is lost", "probability", (0.0, 1.0), unknown)


@pytest.fixture(scope="module")
def result(store):
    models = {"one": make_predictor(), "<two>": make_predictor(seed=3)}
    corruptions = (*find_corruptions(["noise", "drop_joint"]), GONE, TAIL)
    steps = []
    made = measure_robustness(
        models, store, store.split("test"), corruptions, seeds=(0, 5), progress=lambda *step: steps.append(step)
    )
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert {total for *_, total in steps} == {2 * (1 + 2 * (8 + 4 + 2 + 1))}
    return made


def test_a_curve_holds_what_predict_scores(store, result):
    predictor = make_predictor()
    noise = result.perturbations[0]
    clean = measure(score_store(predictor, store, store.split("test"))).top1
    noisy = measure(
        score_store(predictor, store, store.split("test"), change=lambda clip: noise.applied(clip, 0.05, seed=5))
    ).top1
    curve = result.curves["one", "noise"]
    assert curve.top1.shape == (9, 2) and curve.num_clips == 9
    assert (curve.top1[0] == clean).all() and result.clean["one"] == clean
    assert curve.top1[noise.severities.index(0.05), 1] == noisy


def test_clips_in_which_nobody_is_left_are_scored_counted_and_named(store, result):
    names = tuple(f"test{number:03d}" for number in range(9))
    gone = {
        name
        for name in names
        for seed in (0, 5)
        if not GONE.applied(store[store.index(name)], 0.5, seed=seed).confidence.any()
    }
    curve = result.curves["one", "gone"]
    assert curve.empty == ((), tuple(sorted(gone)), names) and 0 < len(gone) < 9
    assert np.isfinite(curve.top1).all()
    assert result.empty == {"one": (), "<two>": ()}


def test_clips_below_the_thresholds_of_a_model_count_too(store):
    """Confidences lie between 0.5 and 1, halved ones below 0.45 on average; no mean is above 0.99."""
    model, card = make_model()
    strict = card.model.clip.model_copy(update={"preprocess": Preprocess(skeleton_threshold=0.45)})
    card = card.updated(model=card.model.model_copy(update={"clip": strict}))
    halved = Corruption(
        "doubt", "everything is doubtful", "share", (0.0, 1.0),
        lambda sequence, _severity, _rng: sequence.replaced(confidence=sequence.confidence / 2),
    )  # fmt: skip
    found = measure_robustness({"one": Predictor(model, card)}, store, store.split("test"), [halved])
    assert found.curves["one", "doubt"].num_empty == [0, 9]
    strictest = card.model.clip.model_copy(update={"preprocess": Preprocess(skeleton_threshold=0.99)})
    card = card.updated(model=card.model.model_copy(update={"clip": strictest}))
    found = measure_robustness({"one": Predictor(model, card)}, store, store.split("test"), [halved])
    assert found.curves["one", "doubt"].num_empty == [9, 9], "the clean row counts as well"


def test_what_a_corruption_does_not_know_is_named(result):
    assert ("one", "tail") not in result.curves
    assert result.refused["one", "tail"] == "layout coco17 has no tail"
    assert result.shared == ["noise", "drop_joint", "gone"]


def test_joints_in_space_have_no_frame_to_shake_in(tmp_path):
    store = make_store(tmp_path / "deep", {"test": 3}, layout=KINECT20, axes=3)
    model = make_predictor(spec=small_spec(layout="kinect20"))
    made = measure_robustness({"m": model}, store, store.split("test"), find_corruptions(["noise", "doubt"]))
    assert "needs 2D joints" in made.refused["m", "noise"] and ("m", "doubt") in made.curves


def written(path, sequences: list[SkeletonSequence]) -> SkeletonStore:
    with StoreWriter(path, layout=COCO17, classes=CLASSES) as writer:
        for sequence in sequences:
            writer.add(sequence)
        writer.set_split("test", [sequence.name for sequence in sequences])
    return SkeletonStore.open(path)


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """A store of two labelled clips with people, one without, one unlabelled; and one of the first alone."""
    folder = tmp_path_factory.mktemp("others")
    clips = [make_sequence(number % 3, seed=number, name=f"clip{number}") for number in range(3)]
    nobody = clips[2].replaced(confidence=np.zeros_like(clips[2].confidence))
    own = written(folder / "own", [*clips[:2], nobody, make_sequence(None, name="unlabelled")])
    return own, written(folder / "less", [clips[0]])


def test_clips_that_are_empty_before_any_corruption_are_named_and_unlabelled_ones_left_out(stores):
    own, _ = stores
    made = measure_robustness({"m": make_predictor()}, own, own.split("test"), find_corruptions(["drop_joint"]))
    curve = made.curves["m", "drop_joint"]
    assert made.empty == {"m": ("clip2",)} and curve.num_clips == 3
    assert curve.empty == (("clip2",),) * 5
    with pytest.raises(ValueError, match="none of the clips has a label"):
        measure_robustness({"m": make_predictor()}, own, own.split("test")[3:], find_corruptions(["drop_joint"]))


def test_the_grid_scores_each_model_on_each_source(stores):
    own, less = stores
    models = {"one": make_predictor(), "two": make_predictor(seed=3)}
    steps = []
    made = measure_robustness(
        models, own, own.split("test"), (), others=[PoseSource("less", less)], own_name="mine",
        progress=lambda *step: steps.append(step),
    )  # fmt: skip
    grid = made.grid
    assert grid is not None and grid.source_names == ("mine", "less") and len(steps) == 4
    assert grid.sources[1].missing == ("clip1", "clip2") and grid.is_shared.tolist() == [True, False, False]
    for name, predictor in models.items():
        right = score_store(predictor, less, np.array([0])).scores[0].argmax() == 0
        assert grid.is_correct[name, "less"].tolist() == [right, False, False]
        assert grid.top1(name, "mine") == pytest.approx(made.clean[name], abs=0.01)
    assert made.area("one") is None and made.as_dict()["poses"]["num_shared"] == 1


def test_a_series_scores_a_store_a_severity_and_counts_missing_clips_as_wrong(stores):
    own, less = stores
    sources = (PoseSource("bright", own), PoseSource("dim", less), PoseSource("night", None))
    series = PoseSeries("darkness", "it gets dark", "gamma", (1.0, 2.0, 4.0), sources=sources)
    made = measure_robustness({"m": make_predictor()}, own, own.split("test"), [series], seeds=(0, 1, 2))
    curve = made.curves["m", "darkness"]
    right = score_store(make_predictor(), less, np.array([0])).scores[0].argmax() == 0
    assert curve.top1.ravel().tolist() == [made.clean["m"], round(100 / 3, 2) if right else 0, 0]
    assert curve.empty == (("clip2",), ("clip1", "clip2"), ("clip0", "clip1", "clip2"))
    first, second, third = curve.mean
    assert curve.area == pytest.approx(((first + second) / 2 + (second + third) / 2 * 2) / 3)


def test_networks_that_look_at_frames_are_scored_with_the_videos_as_they_are(store):
    indices = store.split("test")[:2]
    model = make_predictor(spec=small_rgb_spec())
    series = PoseSeries("darkness", "", "", (1.0, 2.0), sources=(PoseSource("a", store), PoseSource("b", store)))
    made = measure_robustness(
        {"m": model}, store, indices, [*find_corruptions(["drop_joint"]), series], videos=Films(store)
    )
    assert made.clean["m"] == measure(score_store(model, store, indices, videos=Films(store))).top1
    assert ("m", "drop_joint") in made.curves and "video frames" in made.refused["m", "darkness"]


def test_some_clips_are_drawn_by_the_seed_and_stay_in_order():
    indices = np.arange(100, 200)
    some = some_clips(indices, 10)
    assert len(set(some)) == 10 and set(some) <= set(indices) and (np.diff(some) > 0).all()
    np.testing.assert_array_equal(some, some_clips(indices, 10))
    assert not np.array_equal(some, some_clips(indices, 10, seed=1))
    assert some_clips(indices, 100) is indices and some_clips(indices, 101) is indices
    with pytest.raises(ValueError, match="at least 1, got 0"):
        some_clips(indices, 0)


def test_two_runs_are_equal(store, result):
    again = measure_robustness(
        {"one": make_predictor()}, store, store.split("test"), find_corruptions(["noise"]), seeds=(0, 5)
    )
    np.testing.assert_array_equal(again.curves["one", "noise"].top1, result.curves["one", "noise"].top1)
