"""Volleyball: a made data set in both forms of poses, splits, broken files."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.datasets import import_dataset
from posecube.datasets.formats.volleyball import read_volleyball
from posecube.datasets.formats.volleyball_moments import CLASSES
from posecube.store import SkeletonStore

PLAYERS = " 100 200 50 90 standing 300 210 48 88 blocking"


def joints(people=12, seed=0, third=None):
    xy = np.random.default_rng(seed).uniform(1, 700, (people, 17, 2))
    third = np.broadcast_to(np.arange(17) if third is None else third, (people, 17))
    return np.concatenate([xy, third[..., None]], axis=-1).astype(np.float32)


def clip(frame=100, num_frames=20, **options):
    return {frame - 10 + index: joints(seed=index, **options) for index in range(num_frames)}


def write(folder, moments, annotations=None):
    """Moments: (video, frame) -> class and clip; the clip may be bytes, or None for none."""
    lines = {}
    for (video, frame), (activity, content) in moments.items():
        lines.setdefault(video, []).append(f"{frame}.jpg {activity}{PLAYERS}")
        if content is not None:
            (folder / f"joints/{video}").mkdir(parents=True, exist_ok=True)
            content = content if isinstance(content, bytes) else pickle.dumps(content)
            (folder / f"joints/{video}/{frame}.pickle").write_bytes(content)
    for video, text in (annotations or lines).items():
        (folder / f"videos/{video}").mkdir(parents=True, exist_ok=True)
        (folder / f"videos/{video}/annotations.txt").write_text("\n".join(text) + "\n")
    return folder


def read(folder, **options):
    return list(read_volleyball(folder, **options).sequences)


@pytest.mark.parametrize("num_frames", [20, 41])
def test_one_clip(tmp_path, num_frames):
    (sequence,) = read(write(tmp_path, {(7, 100): ("l_spike", clip(num_frames=num_frames))}))
    assert (sequence.name, CLASSES[sequence.label], sequence.layout.name) == ("7_100", "l-spike", "coco17")
    assert (sequence.size_hw, sequence.keypoints.shape) == ((720, 1280), (12, num_frames, 17, 2))
    np.testing.assert_array_equal(sequence.keypoints[:, 3], joints(seed=3)[..., :2])
    assert sequence.confidence.min() == 1


def test_splits_and_sizes(tmp_path):
    moments = {(video, 5): ("r_set", clip(5)) for video in (1, 2, 4, 47, 53)}
    report = import_dataset("volleyball", write(tmp_path / "set", moments), tmp_path / "store")
    assert report.split_sizes == {"train": 2, "val": 1, "test": 2, "trainval": 3}
    store = SkeletonStore.open(tmp_path / "store")
    assert store.names == ["1_5", "2_5", "4_5", "47_5", "53_5"]
    assert [clip.size_hw[0] for clip in store] == [720, 1080, 720, 720, 720]
    assert store.classes == CLASSES


def test_absent_players_and_frames(tmp_path):
    content = clip()
    content[95][3:, :, :2] = 0
    content[96][3:] = 0
    content[97] = joints(people=2)
    del content[98]
    confidence = read(write(tmp_path, {(7, 100): ("r_set", content)}))[0].confidence
    assert confidence.any(axis=-1).sum(axis=0).tolist() == [12] * 5 + [3, 3, 2, 0] + [12] * 11


def test_a_third_number_that_is_no_index_is_confidence(tmp_path):
    (sequence,) = read(write(tmp_path, {(7, 100): ("r_set", clip(third=0.25))}))
    assert set(sequence.confidence.ravel().tolist()) == {0.25}


def annotation(name, people=12, frames=41, **fields):
    rng = np.random.default_rng(0)
    return {
        "frame_dir": name, "label": 3, "img_shape": (720, 1280), "total_frames": frames,
        "keypoint": rng.uniform(1, 700, (people, frames, 17, 2)).astype(np.float16),
        "keypoint_score": np.full((people, frames, 17), 0.5, np.float16), **fields,
    }  # fmt: skip


def test_one_pickle_of_all_clips(tmp_path):
    write(tmp_path, {(7, 100): ("r_set", None), (2, 8): ("l-pass", None), (4, 9): ("r_set", None)})
    poses = [annotation("7_100"), annotation("2_8", people=10), annotation("99_1"), annotation("4_7", people=13)]
    (tmp_path / "volleyball.pkl").write_bytes(pickle.dumps(poses))
    contents = read_volleyball(tmp_path)
    first, second = contents.sequences
    assert [CLASSES[one.label] for one in (first, second)] == ["r_set", "l-pass"]
    assert (second.keypoints.shape, second.size_hw) == ((12, 41, 17, 2), (1080, 1920))
    assert second.confidence.any(axis=(1, 2)).tolist() == [True] * 10 + [False] * 2
    assert contents.splits == {"train": ["7_100"], "val": ["2_8"], "test": [], "trainval": ["7_100", "2_8"]}
    assert contents.skipped == {
        "99_1": "no annotations.txt lists it as <video>_<frame>",
        "4_7": "no annotations.txt lists it as <video>_<frame>",
        "4_9": "volleyball.pkl has no clip of that name",
    }
    with pytest.raises(FileNotFoundError, match="no poses at"):
        read_volleyball(tmp_path, poses=tmp_path / "none.pkl")


def test_a_crowd_is_no_volleyball(tmp_path):
    write(tmp_path, {(7, 100): ("r_set", None), (7, 200): ("r_set", None)})
    (tmp_path / "v.pkl").write_bytes(pickle.dumps([annotation("7_100", people=13), annotation("7_200")]))
    contents = read_volleyball(tmp_path)
    assert [one.name for one in contents.sequences] == ["7_200"]
    assert "at most 12 players" in contents.skipped["7_100"]


class Runs:
    def __reduce__(self):
        return print, ("run",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "there is no 7/100.pickle in joints"),
        (b"", "is no readable pickle"),
        (pickle.dumps({1: Runs()}), "holds plain arrays and containers only, this one names builtins.print"),
        ([], "7/100.pickle must hold a dict of frame numbers, got list"),
        ({}, "must hold a dict of frame numbers"),
        ({"a": joints()}, "must hold a dict of frame numbers"),
        ({5: 3}, "frame 5 must be an array, got 3"),
        ({5: np.array(["a"])}, "frame 5 must be an array"),
        ({5: joints(people=13)}, "frame 5 must be (12, 17, 3), got (13, 17, 3)"),
        ({5: joints()[:, :16]}, "frame 5 must be (12, 17, 3), got (12, 16, 3)"),
        ({5: joints(), 5000: joints()}, "frames from 5 to 5000, more than 100"),
        ({5: joints() * 0}, "it has no detections"),
        ({5: joints() * np.nan}, "it has no detections"),
    ],
)
def test_bad_clips_are_skipped_and_told(tmp_path, content, reason):
    moments = {(7, 100): ("r_set", content), (7, 200): ("r_set", clip(200)), (77, 1): ("r_set", clip(1))}
    contents = read_volleyball(write(tmp_path, moments))
    assert [one.name for one in contents.sequences] == ["7_200"]
    assert contents.skipped.pop("77_1") == "video 77 is none of the data set's 55"
    assert list(contents.skipped) == ["7_100"]
    assert reason in contents.skipped["7_100"]


def test_refuses(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        read_volleyball(tmp_path / "none")
    with pytest.raises(ValueError, match=r"holds no videos/<video>/annotations\.txt"):
        read_volleyball(tmp_path)
    write(tmp_path, {(7, 100): ("r_set", None)})
    with pytest.raises(ValueError, match="or one pyskl pickle, got none; give `poses`"):
        read_volleyball(tmp_path)
    for name in ("joints", "others"):
        (tmp_path / name / "7").mkdir(parents=True)
        (tmp_path / name / "7/100.pkl").write_bytes(pickle.dumps(clip()))
    with pytest.raises(ValueError, match="got joints, others; give `poses`"):
        read_volleyball(tmp_path)
    assert len(read(tmp_path, poses=str(tmp_path / "others"))) == 1


@settings(max_examples=30)
@given(
    value=hnp.arrays(
        st.sampled_from(["<f2", "<f4", "<f8", "<i4"]),
        st.tuples(st.integers(0, 13), st.sampled_from([16, 17]), st.sampled_from([2, 3])),
    ),
    frame=st.integers(-(10**20), 10**20),
)
def test_any_array(tmp_path_factory, value, frame):
    folder = write(tmp_path_factory.getbasetemp() / "volleyball", {(7, 100): ("r_set", {frame: value})})
    try:
        assert read(folder)[0].keypoints.shape == (12, 1, 17, 2)
    except ValueError as error:
        assert "\n" not in str(error)
