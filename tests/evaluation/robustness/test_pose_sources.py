"""Other poses of the same clips: how they are matched, what is refused, what counts as wrong."""

import numpy as np
import pytest

from builders import make_predictor, make_sequence, make_store, small_spec
from posecube.evaluation.robustness.pose_sources import (
    NAMES_GIVEN,
    PoseGrid,
    PoseSeries,
    PoseSource,
    counted,
    match_poses,
    own_poses,
)
from posecube.sampling import UprightSpace
from posecube.skeleton import SkeletonLayout
from posecube.skeleton.layouts import KINECT20
from posecube.store import SkeletonStore, StoreWriter


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> SkeletonStore:
    return make_store(tmp_path_factory.mktemp("stores") / "store", {"train": 2, "test": 6})


def other_store(path, names, *, classes=("stand", "hop", "sway"), labels=(1, 2, 0), **options) -> SkeletonStore:
    """Clips of the same classes, whose indices are others."""
    with StoreWriter(path, layout=options.get("layout", make_sequence().layout), classes=classes) as writer:
        for number, name in enumerate(names):
            writer.add(make_sequence(None, name=name, **options).replaced(label=labels[number % 3]))
    return SkeletonStore.open(path)


def test_clips_are_matched_by_name_whatever_their_order(store, tmp_path) -> None:
    other = other_store(tmp_path / "other", ["test003", "stranger", "test005", "test000"], labels=(1, None, 0))
    matched = match_poses(PoseSource("b", other), store, store.split("test"))
    assert matched.names == tuple(f"test{number:03d}" for number in range(6))
    assert [matched.names[row] for row in matched.rows] == ["test000", "test003", "test005"]
    assert [other.names[index] for index in matched.indices] == ["test000", "test003", "test005"]
    assert matched.is_found.tolist() == [True, False, False, True, False, True]
    assert matched.missing == ("test001", "test002", "test004")


def test_a_source_without_any_clip_lacks_all(store) -> None:
    matched = match_poses(PoseSource("dark", None), store, store.split("test"))
    assert len(matched.missing) == 6 and not matched.is_found.any() and not len(matched.rows)
    matched.try_out(make_predictor())  # there is nothing that could not be read


def test_stores_of_other_clips_or_classes_are_refused(store, tmp_path) -> None:
    strangers = PoseSource("b", other_store(tmp_path / "strangers", ["a", "b"]))
    with pytest.raises(
        ValueError, match=r"poses b: store .*strangers has none of the 6 clips .*'test000', its first is 'a'"
    ):
        match_poses(strangers, store, store.split("test"))
    wrong = PoseSource("c", other_store(tmp_path / "wrong", ["test000", "test001"], labels=(1, 0, 0)))
    with pytest.raises(ValueError, match=r"poses c: clip 'test001' is 'stand' in store .*wrong and 'sway' in store"):
        match_poses(wrong, store, store.split("test"))


def test_what_a_model_cannot_read_is_refused_with_the_sources_name(store, tmp_path) -> None:
    hand = SkeletonLayout("hand3", ("wrist", "thumb", "little_finger"), ())
    matched = match_poses(
        PoseSource("hands", other_store(tmp_path / "hand", ["test000"], layout=hand)), store, store.split("test")
    )
    with pytest.raises(ValueError, match=r"poses hands: weights small read layout coco17; .* derived from hand3"):
        matched.try_out(make_predictor())
    predictor, flat = make_predictor(), own_poses("flat", store, store.split("test"))
    spec = small_spec(layout="kinect20")
    upright = spec.model_copy(
        update={"clip": spec.clip.model_copy(update={"space": UprightSpace()}), "layout": "coco17"}
    )
    with pytest.raises(ValueError, match=r"poses flat: space 'upright' needs 3D joints"):
        flat.try_out(predictor.changed(card=predictor.card.updated(model=upright)))
    assert KINECT20.name == spec.layout


def test_the_grid_counts_missing_clips_as_wrong_in_one_figure_and_leaves_them_out_of_the_other(store, tmp_path) -> None:
    indices = store.split("test")
    own = own_poses("a", store, indices)
    names = [f"test{number:03d}" for number in range(4)]
    less = match_poses(PoseSource("b", other_store(tmp_path / "b", names)), store, indices)
    is_correct = {("m", "a"): np.array([1, 1, 0, 1, 1, 0], bool), ("m", "b"): np.array([1, 0, 0, 1, 0, 0], bool)}
    grid = PoseGrid(("m",), (own, less), is_correct)
    assert grid.top1("m", "a") == pytest.approx(400 / 6) and grid.top1("m", "b") == pytest.approx(200 / 6)
    assert grid.shared_top1("m", "a") == 75 and grid.shared_top1("m", "b") == 50
    content = grid.as_dict()
    assert (content["num_clips"], content["num_shared"]) == (6, 4)
    assert content["sources"]["b"]["missing"] == {"count": 2, "names": ["test004", "test005"]}
    assert content["models"]["m"]["b"] == {"top1": 33.33, "top1_shared": 50.0}
    nothing = PoseGrid(("m",), (own, match_poses(PoseSource("b", None), store, indices)), is_correct)
    assert nothing.shared_top1("m", "a") is None and nothing.as_dict()["models"]["m"]["a"]["top1_shared"] is None


def test_names_are_given_up_to_a_number() -> None:
    assert counted(["a", "b"]) == {"count": 2, "names": ["a", "b"]}
    many = counted([str(number) for number in range(NAMES_GIVEN + 5)])
    assert many["count"] == NAMES_GIVEN + 5 and len(many["names"]) == NAMES_GIVEN


def test_a_series_has_a_source_for_each_severity() -> None:
    sources = (PoseSource("1", None), PoseSource("2", None))
    assert PoseSeries("dark", "", "gamma", (1.0, 2.0), sources=sources).severity_texts == ["1", "2"]
    with pytest.raises(ValueError, match="dark has 3 severities and 2 sources"):
        PoseSeries("dark", "", "gamma", (1.0, 2.0, 3.0), sources=sources)
    with pytest.raises(ValueError, match="severities of dark must be two or more and rise"):
        PoseSeries("dark", "", "gamma", (2.0, 1.0), sources=sources)
