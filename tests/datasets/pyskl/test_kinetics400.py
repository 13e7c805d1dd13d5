"""Kinetics-400 of pyskl: rows of people put into frames, and joints in files of their own."""

import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecube.datasets import import_dataset
from posecube.datasets.pyskl.kinetics400 import people_of_frames
from posecube.datasets.pyskl.reader import read_pyskl
from posecube.store import SkeletonStore


def rows_of(num_rows):
    """Each row's number is its coordinate."""
    rows = np.zeros((num_rows, 17, 3))
    rows[..., 0] = rows[..., 1] = np.arange(1, num_rows + 1)[:, None]
    rows[..., 2] = 0.9
    return rows


def numbers(frame_inds, box_score, **options):
    """The number of the row that stands in each place (M, T), 0 where there is none."""
    annotation = {"frame_inds": np.array(frame_inds), "box_score": np.array(box_score), "total_frames": 9}
    options = {"box_threshold": 0.5, "squeeze": True, "max_people": 10, **options}
    people = people_of_frames(annotation, rows_of(len(frame_inds)), **options)
    return None if people is None else people[..., 0, 0].astype(int).tolist()


@pytest.mark.parametrize(
    ("frame_inds", "box_score", "options", "expected"),
    [
        ([0, 1, 2], [1, 1, 1], {}, [[1, 2, 3]]),
        ([0, 0, 1], [1, 1, 1], {}, [[1, 3], [2, 0]]),
        ([0, 0, 1], [0.4, 0.5, 1], {}, [[2, 3]]),  # the threshold itself is kept
        ([5, 2, 5, 2], [1, 1, 1, 1], {}, [[2, 1], [4, 3]]),  # in any order; frames without people go
        ([1, 3], [1, 1], {"squeeze": False}, [[0, 1, 0, 2, 0, 0, 0, 0, 0]]),
        ([1, 12], [1, 1], {"squeeze": False}, [[0, 1, *[0] * 10, 2]]),  # more than total_frames says
        ([0, 0, 0], [0.6, 0.9, 0.8], {"max_people": 2}, [[2], [3]]),
        ([0, 0, 0], [0.9, 0.6, 0.9], {"max_people": 1}, [[1]]),
        ([0, 1], [0.1, 0.2], {}, None),
        ([0.0, 1.0], [1, 1], {}, [[1, 2]]),
        ([], [], {}, None),
    ],
)
def test_rows_in_their_places(frame_inds, box_score, options, expected):
    assert numbers(frame_inds, box_score, **options) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.floats(0, 1)), max_size=30), st.booleans(), st.integers(1, 4)
)  # fmt: skip
def test_against_a_plain_reference(rows, squeeze, max_people):
    frame_inds, box_score = [frame for frame, _ in rows], [score for _, score in rows]
    got = numbers(frame_inds, box_score, squeeze=squeeze, max_people=max_people)
    kept = [(frame, number) for number, (frame, score) in enumerate(rows, start=1) if score >= 0.5]
    places = sorted({frame for frame, _ in kept}) if squeeze else range(max([9, *(frame + 1 for frame, _ in kept)]))
    columns = []
    for place in places:
        here = [number for frame, number in kept if frame == place]
        best = sorted(here, key=lambda number: -box_score[number - 1])[:max_people]
        columns.append([number for number in here if number in best])
    height = max(map(len, columns), default=0)
    expected = [[column[row] if row < len(column) else 0 for column in columns] for row in range(height)]
    assert got == (expected or None)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"frame_inds": np.array([0, 1, 2])}, r"frame_inds must be 2 numbers like its joints, got \(3,\)"),
        ({"box_score": None}, "box_score must be 2 numbers like its joints, got none"),
        ({"frame_inds": np.array([-1, 0])}, "frame_inds must be frames, got -1 to 0"),
        ({"frame_inds": np.array([0, 10**9])}, "frame_inds must be frames, got 0 to 1000000000"),
        ({"box_score": np.array([np.nan, 1])}, "box_score has numbers that are not finite"),
    ],
)
def test_refuses(fields, message):
    annotation = {"frame_inds": np.array([0, 1]), "box_score": np.ones(2), **fields}
    with pytest.raises(ValueError, match=message):
        people_of_frames(annotation, rows_of(2), box_threshold=0.5, squeeze=True, max_people=10)


def write_data_set(folder, num_clips=3):
    """An index and a file of joints for each clip."""
    clips = []
    (folder / "kpfiles").mkdir(parents=True)
    for clip in range(num_clips):
        clips.append(
            {
                "frame_dir": f"clip{clip}",
                "total_frames": 300,
                "img_shape": (256, 340),
                "label": clip,
                "raw_file": f"/data/somewhere/k400/kpfiles/clip{clip}.pkl",
                "frame_inds": np.array([0, 0, 3]),
                "box_score": np.array([0.9, 0.3, 0.8], dtype=np.float16),
                "valid": {0.5: 2},
            }
        )
        (folder / f"kpfiles/clip{clip}.pkl").write_bytes(pickle.dumps(rows_of(3).astype(np.float16)))
    index = {"split": {"train": ["clip0", "clip1"], "val": ["clip2"]}, "annotations": clips}
    (folder / "k400_hrnet.pkl").write_bytes(pickle.dumps(index))
    return folder / "k400_hrnet.pkl"


def test_the_data_set(tmp_path):
    report = import_dataset("pyskl", write_data_set(tmp_path / "k400"), tmp_path / "store")
    assert (report.num_clips, report.split_sizes, report.skipped) == (3, {"train": 2, "val": 1}, {})
    sequence = SkeletonStore.open(report.path)[2]
    assert (sequence.layout.name, sequence.size_hw, sequence.label) == ("coco17", (256, 340), 2)
    assert sequence.keypoints[0, :, 0].tolist() == [[1, 1], [3, 3]]
    assert sequence.confidence[0, 1, 4] == pytest.approx(0.9, abs=1e-3)
    loose = import_dataset(
        "pyskl", tmp_path / "k400/k400_hrnet.pkl", tmp_path / "loose", box_threshold=0.2, squeeze=False
    )
    assert SkeletonStore.open(loose.path)[0].keypoints.shape == (2, 300, 17, 2)


@pytest.mark.parametrize("is_beside", [True, False])
def test_joints_in_a_zip(tmp_path, is_beside):
    index = write_data_set(tmp_path / "k400")
    archive = (tmp_path / "k400" if is_beside else tmp_path) / "k400_kpfiles_2d.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in (tmp_path / "k400/kpfiles").iterdir():
            zipped.write(path, f"kpfiles/{path.name}")
            path.unlink()
    (tmp_path / "k400/kpfiles").rmdir()
    options = {} if is_beside else {"kpfiles": str(archive)}
    assert import_dataset("pyskl", index, tmp_path / "store", **options).num_clips == 3


class Runs:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "clip1.pkl is missing"),
        (b"nothing", "clip1.pkl is no readable pickle"),
        (pickle.dumps({"keypoint": np.zeros((3, 17, 2))}), r"clip1.pkl: expected an array N x V x 3, got \(3, 17, 2\)"),
        (pickle.dumps([1]), "clip1.pkl: expected an array N x V x 3, got list"),
        (pickle.dumps(rows_of(4)), r"frame_inds must be 4 numbers like its joints, got \(3,\)"),
        (pickle.dumps(rows_of(3) * 0), "it has no detections"),
        (pickle.dumps(Runs("ran")), "clip1.pkl was not loaded: .* names io.open"),
    ],
)
def test_one_bad_file_costs_one_clip(tmp_path, content, reason):
    index = write_data_set(tmp_path / "k400")
    path = tmp_path / "k400/kpfiles/clip1.pkl"
    path.unlink() if content is None else path.write_bytes(content)
    report = import_dataset("pyskl", index, tmp_path / "store")
    assert (report.num_clips, report.split_sizes) == (2, {"train": 1, "val": 1})
    assert list(report.skipped) == ["clip1"]
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(report.skipped["clip1"])


def test_no_joints_at_all(tmp_path):
    index = write_data_set(tmp_path / "k400")
    for path in (tmp_path / "k400/kpfiles").iterdir():
        path.unlink()
    with pytest.raises(ValueError, match=r"kpfiles has no joints of the first 3 clips: no joints in .*clip0.pkl"):
        read_pyskl(index)
    (tmp_path / "k400/kpfiles").rmdir()
    with pytest.raises(FileNotFoundError, match="give their folder or zip as `kpfiles`"):
        read_pyskl(index)
    with pytest.raises(FileNotFoundError, match="no folder or zip of joints at"):
        read_pyskl(index, kpfiles=tmp_path / "none")
    with pytest.raises(ValueError, match="is no folder or zip of joints"):
        read_pyskl(index, kpfiles=index)


def test_a_path_that_climbs_out(tmp_path):
    index = write_data_set(tmp_path / "k400")
    (tmp_path / "secret.pkl").write_bytes(pickle.dumps(rows_of(3)))
    content = pickle.loads(index.read_bytes())
    content["annotations"][1]["raw_file"] = "../../secret.pkl"
    index.write_bytes(pickle.dumps(content))
    assert "secret.pkl is missing" in import_dataset("pyskl", index, tmp_path / "store").skipped["clip1"]
