"""Score tables: what they check, what they read, how they are fused."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posecube.evaluation import ScoreTable, fuse

CLASSES = ("hop", "sway")


def make_table(names=("a", "b", "c"), seed=0, labels=(0, 1, -1), classes=CLASSES) -> ScoreTable:
    scores = np.random.default_rng(seed).random((len(names), len(classes)), dtype=np.float32)
    return ScoreTable(tuple(names), np.array(labels, dtype=np.int64), scores, tuple(classes))


def assert_same(one: ScoreTable, other: ScoreTable) -> None:
    assert (one.names, one.classes) == (other.names, other.classes)
    np.testing.assert_array_equal(one.labels, other.labels)
    np.testing.assert_array_equal(one.scores, other.scores)


@pytest.mark.parametrize("name", ["scores.npz", "scores", "scores.v1.npz"])
def test_a_table_survives_the_file(name, tmp_path):
    table = make_table(names=("clip one", "clip/twö", "c"), classes=("größe", "x"))
    table.save(tmp_path / name)
    assert_same(ScoreTable.load(tmp_path / name), table)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_empty_table_survives_the_file(tmp_path):
    table = make_table(names=(), labels=())
    table.save(tmp_path / "scores.npz")
    assert ScoreTable.load(tmp_path / "scores.npz").scores.shape == (0, 2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"names": ("a", "b")}, r"2 names and 2 classes needs scores \(2, 2\) and labels \(2,\), got \(3, 2\)"),
        ({"classes": ("hop",)}, r"1 classes needs scores \(3, 1\)"),
        ({"labels": np.zeros((3, 1), np.int64)}, r"got \(3, 2\) and \(3, 1\)"),
        ({"names": ("a", "a", "b")}, "names must differ"),
        ({"scores": np.array([[1, np.nan], [0, 0], [0, 0]], np.float32)}, "must be finite"),
        ({"labels": np.array([0, 1, 2])}, "labels must lie between -1 and 1, got 0 to 2"),
        ({"labels": np.array([0, 1, -2])}, "labels must lie between -1 and 1, got -2 to 1"),
    ],
)
def test_a_table_checks_itself(changes, message):
    fields = {**vars(make_table()), **changes}
    with pytest.raises(ValueError, match=message):
        ScoreTable(**fields)


def write_arrays(path: Path, **changes) -> None:
    arrays = {"names": np.array(["a"]), "labels": np.array([0]), "scores": np.eye(2)[:1], "classes": np.array(CLASSES)}
    arrays |= changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


class Evil:
    def __reduce__(self):
        return Path.touch, (Path("touched"),)


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("names,labels,scores\n"),
        lambda path: np.save(path.with_suffix(".npy"), np.eye(2)) or path.with_suffix(".npy").rename(path),
        lambda path: path.write_bytes(pickle.dumps(Evil())),
        lambda path: write_arrays(path, names=np.array([Evil()], dtype=object)),
        lambda path: write_arrays(path, scores=None),
        lambda path: write_arrays(path, scores=np.eye(3)),
        lambda path: write_arrays(path, scores=np.array([["x", "y"]])),
        lambda path: write_arrays(path, labels=np.array([7])),
        lambda path: write_arrays(path, names=np.array("a")),
    ],
    ids=[
        "empty",
        "text",
        "a lone array",
        "a pickle",
        "pickled names",
        "no scores",
        "sizes",
        "words",
        "label",
        "scalar",
    ],
)
def test_what_is_no_table_is_refused_in_one_line(write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "bad.npz")
    with pytest.raises(ValueError, match=r"bad\.npz is not a score table \(") as refused:
        ScoreTable.load(tmp_path / "bad.npz")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "touched").exists(), "nothing is unpickled"


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no score file .* write one with `posecube evaluate"):
        ScoreTable.load(tmp_path / "missing.npz")
    with pytest.raises(FileNotFoundError):
        ScoreTable.load(tmp_path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_is_read_right_or_refused(data, tmp_path):
    make_table().save(tmp_path / "scores.npz")
    content = bytearray((tmp_path / "scores.npz").read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    for _ in range(data.draw(st.integers(0, 4))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "damaged.npz").write_bytes(content)
    try:
        table = ScoreTable.load(tmp_path / "damaged.npz")
    except ValueError as error:
        assert "damaged.npz is not a score table" in str(error)
    else:
        assert table.scores.shape == (len(table.names), len(table.classes))


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    def full_disk(file, **_arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    table = make_table()
    table.save(tmp_path / "scores.npz")
    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(OSError, match="No space left"):
        make_table(seed=1).save(tmp_path / "scores.npz")
    assert_same(ScoreTable.load(tmp_path / "scores.npz"), table)
    assert len(list(tmp_path.iterdir())) == 1


def test_fusion_matches_clips_by_name():
    one = make_table()
    other = make_table(names=("c", "a", "b"), labels=(-1, 0, 1), seed=1)
    fused = fuse([one, other])
    assert fused.names == one.names
    np.testing.assert_allclose(fused.scores, (one.scores + other.scores[[1, 2, 0]]) / 2, rtol=1e-6)
    np.testing.assert_array_equal(fused.labels, one.labels)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=4))
def test_coefficients_weigh_the_mean(coefficients):
    tables = [make_table(seed=seed) for seed in range(len(coefficients))]
    expected = np.average([table.scores for table in tables], axis=0, weights=coefficients)
    np.testing.assert_allclose(fuse(tables, coefficients).scores, expected, rtol=1e-5, atol=1e-7)


def test_fusing_a_table_with_itself_changes_nothing():
    table = make_table()
    np.testing.assert_allclose(fuse([table, table]).scores, table.scores, rtol=1e-6)
    np.testing.assert_allclose(fuse([table, make_table(seed=1)], [1, 0]).scores, table.scores, rtol=1e-6)


@pytest.mark.parametrize("coefficients", [[1], [1, 1, 1], [], [0, 0], [-1, 2], [np.nan, 1], [np.inf, 1]])
def test_coefficients_that_do_not_fit_are_refused(coefficients):
    with pytest.raises(ValueError, match="expected 2 coefficients, none below 0 and not all 0, got"):
        fuse([make_table(), make_table(seed=1)], coefficients)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (make_table(classes=("sway", "hop")), "only if their classes are equal"),
        (make_table(names=("a", "b", "d")), "the same clips; 2 are in one alone, such as 'c'"),
        (make_table(names=("a", "b"), labels=(0, 1)), "the same clips; 1 are in one alone, such as 'c'"),
        (make_table(labels=(0, 0, -1)), "only if their labels agree"),
    ],
)
def test_tables_that_do_not_belong_together_are_refused(other, message):
    with pytest.raises(ValueError, match=message):
        fuse([make_table(), other])


def test_fusing_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one score table"):
        fuse([])
