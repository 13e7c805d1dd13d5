"""SkeletonStore and StoreWriter: what goes in comes out, appending, and one clear line for each kind of damage."""

import json
import pickle
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.skeleton import SkeletonLayout, SkeletonSequence
from posecube.skeleton.layouts import COCO17, PENN13
from posecube.store import SkeletonStore, StoreWriter

CLASSES = ("walk", "run", "jump")
FINITE = st.floats(-1e6, 1e6, width=32)


def write(path, sequences, *, classes=CLASSES, layout=PENN13, splits=None, **options):
    with StoreWriter(path, layout=layout, classes=classes, **options) as writer:
        for sequence in sequences:
            writer.add(sequence)
        for name, clips in (splits or {}).items():
            writer.set_split(name, clips)
    return SkeletonStore.open(path)


def assert_same(got, expected):
    assert (got.name, got.label, got.fps, got.size_hw, got.layout) == (
        expected.name,
        expected.label,
        expected.fps,
        expected.size_hw,
        expected.layout,
    )
    np.testing.assert_array_equal(got.keypoints, expected.keypoints)
    np.testing.assert_array_equal(got.confidence, expected.confidence)


class TestReading:
    def test_every_clip_comes_back(self, store, sequences):
        assert len(store) == len(sequences) == 11
        for got, expected in zip(store, sequences, strict=True):
            assert_same(got, expected)
        assert_same(store[-1], sequences[-1])
        assert_same(store[np.int64(6)], sequences[6])

    def test_tables(self, store, sequences):
        assert store.classes == CLASSES
        assert (store.layout, store.num_axes) == (PENN13, 2)
        assert store.names == [sequence.name for sequence in sequences]
        assert store.labels.tolist() == [-1 if sequence.label is None else sequence.label for sequence in sequences]
        assert store.num_frames.tolist() == [sequence.num_frames for sequence in sequences]
        assert store.num_people.tolist() == [sequence.num_people for sequence in sequences]
        assert store.labels.dtype == np.int64
        assert store.index("clip007") == 7

    def test_splits_keep_their_order(self, store):
        assert list(store.splits) == ["train", "test"]
        assert store.split("train").tolist() == [9, 1, 5]
        assert store.split("test").tolist() == []

    def test_arrays_are_views_that_cannot_be_written(self, store):
        sequence = store[3]
        assert not sequence.keypoints.flags.owndata
        with pytest.raises(ValueError, match="read-only"):
            sequence.keypoints[0] = 0
        with pytest.raises(ValueError, match="read-only"):
            store.labels[0] = 2

    def test_pickles_as_its_path(self, store, sequences):
        content = pickle.dumps(store)
        assert len(content) < 500
        assert_same(pickle.loads(content)[5], sequences[5])

    def test_one_own_layout_is_in_the_store(self, tmp_path, make_sequence):
        mine = SkeletonLayout("mine", ("left_tip", "right_tip"), (("left_tip", "right_tip"),))
        store = write(tmp_path / "store", [make_sequence(layout=mine)], layout=mine)
        assert store.layout == mine

    def test_three_axes(self, tmp_path, make_sequence):
        expected = make_sequence(axes=3)
        store = write(tmp_path / "store", [expected])
        assert store.num_axes == 3
        assert_same(store[0], expected)

    @pytest.mark.parametrize(
        ("call", "error", "message"),
        [
            (lambda store: store.split("val"), ValueError, "has no split 'val'; its splits: test, train$"),
            (lambda store: store.index("clip99"), ValueError, "has no clip named 'clip99'"),
            (lambda store: store[11], IndexError, "has 11 clips, no clip 11"),
            (lambda store: store[-12], IndexError, "has 11 clips"),
        ],
    )
    def test_wrong_questions(self, store, call, error, message):
        with pytest.raises(error, match=message):
            call(store)

    def test_random_reads_are_quick(self, store):
        clips = np.random.default_rng(0).integers(0, len(store), 2000).tolist()
        list(store)  # every shard is open
        took = []
        for _ in range(5):
            start = time.perf_counter()
            for clip in clips:
                store[clip]
            took.append((time.perf_counter() - start) / len(clips))
        # 2 to 3 µs on a quiet core; the budget is 20.
        assert min(took) < 20e-6

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        keypoints=hnp.arrays(
            np.float32, st.tuples(st.integers(1, 3), st.integers(1, 6), st.just(13), st.just(2)), elements=FINITE
        ),
        size_hw=st.tuples(st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1)),
        fps=st.none() | st.fractions(min_value="1/1000", max_value=1000, max_denominator=2**31),
        label=st.none() | st.integers(0, 2),
        name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    )
    def test_any_clip_comes_back(self, tmp_path_factory, keypoints, size_hw, fps, label, name):
        expected = SkeletonSequence(
            keypoints=keypoints,
            confidence=np.ones(keypoints.shape[:3], np.float32),
            layout=PENN13,
            size_hw=size_hw,
            fps=fps,
            label=label,
            name=name,
        )
        store = write(tmp_path_factory.mktemp("any") / "store", [expected], splits={name: [name]})
        assert_same(store[0], expected)
        assert store.split(name).tolist() == [0]


class TestWriting:
    @pytest.mark.parametrize("clips_per_shard", [1, 3, 100])
    def test_sharding_does_not_show(self, tmp_path, sequences, store, clips_per_shard):
        other = write(
            tmp_path / "other",
            sequences,
            clips_per_shard=clips_per_shard,
            splits={"test": [], "train": ["clip009", "clip001", "clip005"]},
        )
        assert other.fingerprint == store.fingerprint
        assert len(list(other.path.glob("clips-*.arrow"))) == -(-11 // clips_per_shard)
        other.verify()

    def test_fingerprint_sees_every_part(self, tmp_path, make_sequence):
        changes = {
            "same": {},
            "keypoint": {"keypoints": make_sequence(1).keypoints + np.float32(1e-4)},
            "confidence": {"confidence": make_sequence(1).confidence * np.float32(0.999)},
            "label": {"label": 2},
            "name": {"name": "other"},
            "fps": {"fps": None},
            "size": {"size_hw": (100, 122)},
        }
        prints = {name: write(tmp_path / name, [make_sequence(1, **new)]).fingerprint for name, new in changes.items()}
        prints["again"] = write(tmp_path / "again", [make_sequence(1)]).fingerprint
        prints["classes"] = write(tmp_path / "classes", [make_sequence(1)], classes=("a", "b", "c")).fingerprint
        prints["split"] = write(tmp_path / "split", [make_sequence(1)], splits={"all": ["clip001"]}).fingerprint
        assert prints["again"] == prints["same"]
        assert len(set(prints.values())) == len(prints) - 1

    def test_appending_equals_writing_at_once(self, tmp_path, sequences, store):
        path = tmp_path / "grown"
        write(path, sequences[:5], splits={"train": ["clip001"]})
        with StoreWriter.append(path) as writer:
            assert len(writer) == 5
            assert "clip003" in writer
            assert "clip005" not in writer
            for sequence in sequences[5:]:
                writer.add(sequence)
            writer.set_split("train", ["clip009", "clip001", "clip005"])
            writer.set_split("test", [])
        grown = SkeletonStore.open(path)
        assert grown.fingerprint == store.fingerprint
        assert grown.split("train").tolist() == [9, 1, 5]
        assert len(list(path.glob("splits-*.arrow"))) == 1

    def test_appending_keeps_splits_and_adds_classes(self, tmp_path, store, make_sequence):
        with StoreWriter.append(store.path, classes=(*CLASSES, "crawl")) as writer:
            writer.add(make_sequence(20, label=3))
        grown = SkeletonStore.open(store.path)
        assert (len(grown), grown.classes[3], grown.labels[11]) == (12, "crawl", 3)
        assert grown.split("train").tolist() == [9, 1, 5]

    def test_appending_refuses_other_classes(self, store):
        with pytest.raises(
            ValueError, match=r"new classes must come after the 3 that it has \(walk, run, jump\), got run"
        ):
            StoreWriter.append(store.path, classes=("run", "walk", "jump"))

    def test_appending_to_nothing(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="no skeleton store at"):
            StoreWriter.append(tmp_path / "none")

    def test_a_killed_writer_leaves_whole_shards(self, tmp_path, sequences):
        path = tmp_path / "store"
        writer = StoreWriter(path, layout=PENN13, classes=CLASSES, clips_per_shard=4)
        for sequence in sequences[:6]:
            writer.add(sequence)
        (path / ".clips-00001.arrow.999.part").write_bytes(b"half")  # killed while writing the next shard
        del writer
        assert SkeletonStore.open(path).names == [f"clip{number:03d}" for number in range(4)]
        with StoreWriter.append(path) as writer:
            for sequence in sequences:
                if sequence.name not in writer:
                    writer.add(sequence)
        store = SkeletonStore.open(path)
        store.verify()
        assert len(store) == 11
        assert not list(path.glob(".*"))

    def test_an_error_inside_leaves_the_shards_before(self, tmp_path, sequences):
        path = tmp_path / "store"
        with pytest.raises(RuntimeError), StoreWriter(path, layout=PENN13, classes=CLASSES) as writer:
            writer.add(sequences[0])
            writer.flush()
            writer.add(sequences[1])
            raise RuntimeError
        assert SkeletonStore.open(path).names == ["clip000"]

    def test_a_missing_joint_without_coordinates_becomes_zero(self, tmp_path, make_sequence):
        keypoints, confidence = make_sequence().keypoints, make_sequence().confidence
        keypoints[0, 2, 4], confidence[0, 2, 4] = np.nan, 0
        store = write(tmp_path / "store", [make_sequence(keypoints=keypoints, confidence=confidence)])
        np.testing.assert_array_equal(store[0].keypoints[0, 2, 4], 0)
        store.verify()

    def test_refuses_nan(self, tmp_path, make_sequence):
        sequence = make_sequence()
        sequence.keypoints[0, 0, 0] = np.nan  # after its own check
        writer = StoreWriter(tmp_path / "store", layout=PENN13, classes=CLASSES)
        with pytest.raises(ValueError, match="clip 'clip000' has keypoints that are not finite"):
            writer.add(sequence)

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"name": ""}, "every clip needs a name of its own"),
            ({"name": "clip001"}, "clip 'clip001' is in the store already"),
            ({"label": 3}, "has label 3, the store has 3 classes"),
            ({"axes": 3}, "has 3 axes, the clips before have 2"),
            ({"layout": COCO17}, "has layout coco17, the store has penn13; convert it"),
        ],
    )
    def test_refuses_what_does_not_fit(self, tmp_path, make_sequence, fields, message):
        writer = StoreWriter(tmp_path / "store", layout=PENN13, classes=CLASSES)
        writer.add(make_sequence(1))
        with pytest.raises(ValueError, match=message):
            writer.add(make_sequence(2, **fields))

    @pytest.mark.parametrize(
        ("clips", "message"),
        [
            (["clip001", "clip7", "clip8"], "split 'val' names 2 clips that are not in it, first 'clip7'"),
            (["clip001", "clip001"], "split 'val' lists a clip twice"),
        ],
    )
    def test_refuses_a_wrong_split(self, tmp_path, make_sequence, clips, message):
        writer = StoreWriter(tmp_path / "store", layout=PENN13, classes=CLASSES)
        writer.add(make_sequence(1))
        with pytest.raises(ValueError, match=message):
            writer.set_split("val", clips)

    def test_refuses_to_overwrite(self, store):
        with pytest.raises(FileExistsError, match="exists already: remove it, or give another path"):
            StoreWriter(store.path, layout=PENN13, classes=CLASSES)

    def test_refuses_repeated_classes_and_empty_shards(self, tmp_path):
        with pytest.raises(ValueError, match="class names must differ, these repeat: walk"):
            StoreWriter(tmp_path / "a", layout=PENN13, classes=("walk", "walk"))
        with pytest.raises(ValueError, match="clips_per_shard must be at least 1, got 0"):
            StoreWriter(tmp_path / "b", layout=PENN13, classes=CLASSES, clips_per_shard=0)

    def test_finished_is_finished(self, tmp_path, make_sequence):
        with StoreWriter(tmp_path / "store", layout=PENN13, classes=CLASSES) as writer:
            writer.add(make_sequence())
        with pytest.raises(ValueError, match="the writer has finished"):
            writer.add(make_sequence(1))


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"more")


def overwrite_end(path):
    path.write_bytes(path.read_bytes()[:-6] + b"abcdef")


def edit(path, **fields):
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


class TestDamage:
    @pytest.mark.parametrize(
        ("file", "damage", "error", "message"),
        [
            ("clips-00001.arrow", lambda path: path.unlink(), FileNotFoundError, "clips-00001.arrow is missing"),
            (
                "clips-00002.arrow",
                cut,
                ValueError,
                r"clips-00002.arrow is cut short: [\d,]+ bytes expected, [\d,]+ found",
            ),
            ("clips-00000.arrow", lengthen, ValueError, "clips-00000.arrow is longer than it should be"),
            ("clips-00000.arrow", overwrite_end, ValueError, "clips-00000.arrow is no Arrow file"),
            ("splits-00000.arrow", cut, ValueError, "splits-00000.arrow is cut short"),
            ("manifest.json", lambda path: path.unlink(), FileNotFoundError, "is not a skeleton store"),
            ("manifest.json", cut, ValueError, "manifest.json is not readable JSON"),
            ("manifest.json", lambda path: path.write_bytes(b""), ValueError, "manifest.json is not readable JSON"),
            ("manifest.json", lambda path: path.write_bytes(b"\xff\xfe\x00"), ValueError, "is not readable JSON"),
            ("manifest.json", lambda path: path.write_text("[]"), ValueError, "is not a skeleton store: its manifest"),
            (
                "manifest.json",
                lambda path: edit(path, format="x"),
                ValueError,
                "does not say format 'posecube-skeletons'",
            ),
            (
                "manifest.json",
                lambda path: edit(path, version=2),
                ValueError,
                "has format version 2, this posecube reads",
            ),
            ("manifest.json", lambda path: edit(path, shards="x"), ValueError, "manifest.json is damaged at 'shards'"),
            ("manifest.json", lambda path: edit(path, extra=1), ValueError, "manifest.json is damaged at 'extra'"),
            (
                "manifest.json",
                lambda path: edit(path, shards=[{"file": "../x.arrow", "num_rows": 1, "num_bytes": 1}]),
                ValueError,
                "manifest.json is damaged at 'shards.0.file'",
            ),
            (
                "manifest.json",
                lambda path: edit(path, layout={"name": "coco17", "joints": ["nose"], "limbs": []}),
                ValueError,
                "its layout coco17 has other joints than this posecube's coco17: nose",
            ),
        ],
    )
    def test_opening_says_what_is_wrong(self, store, file, damage, error, message):
        damage(store.path / file)
        with pytest.raises(error, match=message) as caught:
            SkeletonStore.open(store.path)
        assert "\n" not in str(caught.value)
        assert str(store.path) in str(caught.value)

    def test_no_folder_and_no_store(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"no skeleton store at .*: make one with `posecube import`"):
            SkeletonStore.open(tmp_path / "none")
        with pytest.raises(FileNotFoundError, match="is not a skeleton store"):
            SkeletonStore.open(tmp_path)

    def test_an_empty_store(self, tmp_path):
        with StoreWriter(tmp_path / "store", layout=PENN13, classes=()):
            pass
        with pytest.raises(ValueError, match=r"store .* is empty: it holds no clips"):
            SkeletonStore.open(tmp_path / "store")

    def test_damage_inside_is_found_at_reading_or_by_verify(self, store):
        path = store.path / "clips-00002.arrow"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)
        with pytest.raises(ValueError, match="is damaged"):
            SkeletonStore.open(store.path).verify()

    def test_swapped_shards_are_found(self, store):
        first, last = store.path / "clips-00000.arrow", store.path / "clips-00002.arrow"
        content = json.loads((store.path / "manifest.json").read_text())
        content["shards"][0]["num_bytes"] = last.stat().st_size
        first.write_bytes(last.read_bytes())
        (store.path / "manifest.json").write_text(json.dumps(content))
        with pytest.raises(ValueError, match="4 clips expected, 3 found"):
            SkeletonStore.open(store.path)[0]


def test_opening_reads_no_clips(tmp_path, make_sequence, monkeypatch):
    path = tmp_path / "store"
    write(path, [make_sequence(number) for number in range(8)], clips_per_shard=2)
    opened = []
    monkeypatch.setattr("posecube.store.shard.pa.memory_map", lambda name: opened.append(name))
    assert len(SkeletonStore.open(path)) == 8
    assert opened == []


def test_create_is_a_writer(tmp_path, make_sequence):
    with SkeletonStore.create(tmp_path / "new", layout=PENN13, classes=("walk", "run", "jump")) as writer:
        writer.add(make_sequence())
        assert repr(writer).endswith("/new': 1 clips, 3 classes, penn13)")
    assert len(SkeletonStore.open(tmp_path / "new")) == 1
