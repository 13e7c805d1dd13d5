"""NTU RGB+D: folders and archives of made files, splits, missing lists, and damage that costs one clip."""

import tarfile
import zipfile

import numpy as np
import pytest

from ntu_files import FIRST_ID, colour_of, recording_text, standing_body, write_clip
from posecube.cli import main
from posecube.datasets import import_dataset
from posecube.datasets.class_names import NTU60_CLASSES, NTU120_CLASSES
from posecube.datasets.ntu.protocol import ClipName, read_missing
from posecube.datasets.ntu.reader import read_ntu
from posecube.skeleton.layouts import NTU25
from posecube.store import SkeletonStore

NAMES = ("S001C001P001R001A001", "S001C002P001R002A013", "S017C003P003R001A060")


def read_one(folder, **options):
    (sequence,) = read_ntu(folder, **options).sequences
    return sequence


def test_one_clip_in_metres(tmp_path):
    body = standing_body(20, wide=0.4, motion_m=0.1)
    write_clip(tmp_path, "S001C002P003R002A013", bodies=[(FIRST_ID, 0, body)])
    sequence = read_one(tmp_path)
    assert (sequence.name, sequence.layout, sequence.size_hw, sequence.fps) == (
        "S001C002P003R002A013", NTU25, (0, 0), 30,
    )  # fmt: skip
    assert NTU60_CLASSES[sequence.label] == "tear up paper"
    np.testing.assert_allclose(sequence.keypoints[0], body, rtol=1e-6)
    assert (sequence.confidence == 1).all()


def test_one_clip_in_pixels(tmp_path):
    body = standing_body(20, wide=0.4)
    write_clip(tmp_path, bodies=[(FIRST_ID, 0, body)])
    sequence = read_one(tmp_path, axes=2)
    assert sequence.size_hw == (1080, 1920)
    np.testing.assert_allclose(sequence.keypoints[0], colour_of(body), rtol=1e-6)


def test_confidence_is_how_well_a_joint_is_tracked(tmp_path):
    tracking = np.full(25, 2)
    tracking[[3, 4]] = 1, 0
    write_clip(tmp_path, tracking=tracking)
    assert read_one(tmp_path).confidence[0, 0, 2:6].tolist() == [1, 0.5, 0, 1]
    assert read_one(tmp_path, inferred_confidence=0.25).confidence[0, 0, 3] == 0.25


def test_joints_without_numbers_are_missing(tmp_path):
    body = standing_body(20, wide=0.4)
    body[2, 5] = np.nan
    body[3, 6, 2] = np.inf
    body[4, 7] = 0, 0, 0  # in the camera's centre: its pixel is no number
    write_clip(tmp_path, bodies=[(FIRST_ID, 0, body)])
    for axes, missing in ((3, [[2, 5], [3, 6]]), (2, [[2, 5], [4, 7]])):
        sequence = read_one(tmp_path, axes=axes)
        absent = np.argwhere(sequence.confidence[0] == 0).tolist()
        assert [item for item in absent if item in missing] == missing
        assert np.isfinite(sequence.keypoints).all()


def test_people_and_the_frames_that_have_them(tmp_path):
    actor, partner = standing_body(20, wide=0.4, motion_m=0.3), standing_body(14, wide=0.4, x_m=1)
    again = standing_body(15, wide=0.4, motion_m=0.2, x_m=0.2)
    chair = standing_body(60, wide=2.0, motion_m=1)
    bodies = [(FIRST_ID, 0, chair), (FIRST_ID + 1, 12, partner), (FIRST_ID + 2, 5, actor), (FIRST_ID + 3, 30, again)]
    write_clip(tmp_path, num_frames=60, bodies=bodies)
    sequence = read_one(tmp_path)
    # Frames 5 to 44 of 60, the actor's two tracks in the first place.
    assert sequence.keypoints.shape == (2, 40, 25, 3)
    np.testing.assert_allclose(sequence.keypoints[0, :20], actor, rtol=1e-6)
    np.testing.assert_allclose(sequence.keypoints[0, 25:], again, rtol=1e-6)
    np.testing.assert_allclose(sequence.keypoints[1, 7:21], partner, rtol=1e-6)
    assert sequence.confidence.any(axis=-1).sum(axis=1).tolist() == [35, 14]
    assert read_one(tmp_path, max_people=1).num_people == 1
    # Without denoising the chair comes first: it moves most.
    assert read_one(tmp_path, denoise=False).keypoints.shape == (2, 60, 25, 3)


def folder_of(path):
    for name in NAMES:
        write_clip(path / "nturgb+d_skeletons" / name[:4], name)
    return path


def zip_of(path):
    with zipfile.ZipFile(path, "w") as archive:
        for name in reversed(NAMES):
            archive.write(write_clip(path.parent / "made", name), f"nturgb+d_skeletons/{name}.skeleton")
    return path


def tar_of(path):
    with tarfile.open(path, "w:gz") as archive:
        for name in NAMES:
            archive.add(write_clip(path.parent / "made", name), f"nturgb+d_skeletons/{name}.skeleton")
    return path


def folder_of_zips(path):
    path.mkdir()
    for number, name in enumerate(NAMES):
        with zipfile.ZipFile(path / f"{number}.zip", "w") as archive:
            archive.write(write_clip(path.parent / "made", name), f"{name}.skeleton")
    return path


@pytest.mark.parametrize("make", [folder_of, zip_of, tar_of, folder_of_zips])
def test_folders_and_archives(tmp_path, make):
    source = make(tmp_path / ("clips.zip" if make is zip_of else "clips"))
    seen = []
    report = import_dataset("ntu", source, tmp_path / "store", progress=lambda _stage, *counts: seen.append(counts))
    store = SkeletonStore.open(report.path)
    assert tuple(store.names) == NAMES
    assert report.split_sizes == {"xsub_train": 2, "xsub_val": 1, "xview_train": 2, "xview_val": 1}
    assert (report.num_classes, store.num_axes) == (60, 3)
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_several_processes_give_the_same_store(tmp_path):
    folder = folder_of(tmp_path / "clips")
    for take in range(1, 20):
        write_clip(folder, f"S002C001P001R{take:03d}A001")
    (folder / "S002C001P001R005A001.skeleton").write_text("damaged")
    one = import_dataset("ntu", folder, tmp_path / "one")
    two = import_dataset("ntu", folder, tmp_path / "two", workers=2)
    assert SkeletonStore.open(one.path).fingerprint == SkeletonStore.open(two.path).fingerprint
    assert one.skipped == two.skipped == {
        "S002C001P001R005A001": "line 1: expected the number of frames, got 'damaged'"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "dataset", "splits"),
    [
        ("S001C001P001R001A001", "ntu60", ("xsub_train", "xview_val")),
        ("S001C002P003R001A001", "ntu60", ("xsub_val", "xview_train")),
        ("S001C003P038R001A001", "ntu60", ("xsub_train", "xview_train")),
        ("S001C001P001R001A001", "ntu120", ("xsub_train", "xset_val")),
        ("S032C001P103R001A120", "ntu120", ("xsub_train", "xset_train")),
        ("S018C003P106R001A061", "ntu120", ("xsub_val", "xset_train")),
    ],
)
def test_splits(name, dataset, splits):
    assert ClipName.parse(name).splits(dataset) == splits


def test_which_of_the_two_sets(tmp_path):
    write_clip(tmp_path, "S001C001P001R001A001")
    write_clip(tmp_path, "S018C001P045R001A061")
    both = import_dataset("ntu", tmp_path, tmp_path / "both")
    assert (both.num_clips, both.num_classes) == (2, 120)
    assert both.split_sizes == {"xsub_train": 2, "xsub_val": 0, "xset_train": 1, "xset_val": 1}
    assert SkeletonStore.open(both.path).classes[60] == "put on headphone"
    first = import_dataset("ntu", tmp_path, tmp_path / "first", dataset="ntu60")
    assert (first.num_clips, first.num_classes) == (1, 60)
    (tmp_path / "S001C001P001R001A001.skeleton").unlink()
    with pytest.raises(ValueError, match="none of the clips is of ntu60"):
        read_ntu(tmp_path, dataset="ntu60")


def test_class_names(shared):
    published = (shared / "data/formats/label_map_ntu60.txt").read_text().splitlines()
    assert list(NTU60_CLASSES) == published[:60]
    assert len(set(NTU120_CLASSES)) == 120


def test_missing_lists(shared, tmp_path):
    assert len(read_missing(shared / "data/formats/NTU60_missing.txt")) == 302
    listed = shared / "data/formats/NTU120_missing.txt"
    assert len(read_missing(listed)) == 535
    write_clip(tmp_path, "S001C002P005R002A008")
    write_clip(tmp_path, "S001C002P005R002A009")
    report = import_dataset("ntu", tmp_path, tmp_path / "store", missing=str(listed))
    assert report.skipped == {"S001C002P005R002A008": "the list of missing skeletons names it"}
    assert (report.num_clips, sum(report.split_sizes.values())) == (1, 2)


def test_a_list_that_is_none(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("2 clips\nplease\n\nS001C002P005R002A008\nS001C002P005\n")
    with pytest.raises(ValueError, match=r"list.txt, line 5: expected a clip's name like .*, got 'S001C002P005'"):
        read_missing(path)
    path.write_text("nothing\n")
    with pytest.raises(ValueError, match="lists no clips"):
        read_missing(path)
    with pytest.raises(FileNotFoundError, match="no list of missing clips at"):
        read_missing(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2\n0\n0\n", "it has no bodies"),
        ("0\n", "it has no bodies"),
        ("hello\n", "line 1: expected the number of frames, got 'hello'"),
        (recording_text(3, [(FIRST_ID, 0, standing_body(3))])[:900], "line 16: the file ends in frame 1 of 3"),
        (recording_text(3, [(FIRST_ID, 0, np.full((3, 25, 3), np.nan))]), "none of its joints is tracked"),
    ],
)
def test_a_damaged_file_costs_one_clip(tmp_path, text, reason):
    bad, good = NAMES[:2]
    write_clip(tmp_path / "clips", good)
    path = tmp_path / "clips" / f"{bad}.skeleton"
    path.write_text(text)
    report = import_dataset("ntu", tmp_path / "clips", tmp_path / "store")
    assert report.num_clips == 1
    assert list(report.skipped) == [bad]
    assert report.skipped[bad].startswith(reason)
    with pytest.raises(ValueError, match=f"{bad}.skeleton: {reason}"):
        import_dataset("ntu", path, tmp_path / "one")
    (tmp_path / "clips" / f"{good}.skeleton").write_text(text)
    with pytest.raises(ValueError, match=f"no clip could be imported; 2 were skipped, the first, {bad}: {reason}"):
        import_dataset("ntu", tmp_path / "clips", tmp_path / "none")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["clips", "store"]


def test_the_command_says_it_in_one_line(tmp_path, capsys):
    path = tmp_path / f"{NAMES[0]}.skeleton"
    path.write_text("2\n0\n")
    assert main(["import", "ntu", str(path), "--store", str(tmp_path / "store")]) == 2
    assert capsys.readouterr().err == (
        f"posecube: error: {path}: line 3: expected the number of bodies in frame 2 of 2, "
        "the file ends; it is cut short\n"
    )
    assert list(tmp_path.iterdir()) == [path]


def test_other_names(tmp_path):
    write_clip(tmp_path / "clips", NAMES[0])
    write_clip(tmp_path / "clips", "wave")
    write_clip(tmp_path / "clips", "S001C001P001R001A121")
    report = import_dataset("ntu", tmp_path / "clips", tmp_path / "store")
    assert report.skipped == {
        "wave": "expected a name like S001C002P003R002A013",
        "S001C001P001R001A121": "expected a name with setups 1 to 32 and actions 1 to 120",
    }
    write_clip(tmp_path / "other", "wave")
    with pytest.raises(ValueError, match=r"no file has a name like .*, the first is wave"):
        read_ntu(tmp_path / "other")
    write_clip(tmp_path / "clips/deeper", NAMES[0])
    with pytest.raises(ValueError, match=f"clip {NAMES[0]} is there twice, the second time as deeper/"):
        read_ntu(tmp_path / "clips")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"axes": 4}, "axes must be 2 or 3, got 4"),
        ({"dataset": "ntu61"}, "dataset must be ntu60, ntu120 or auto, got 'ntu61'"),
        ({"max_people": 0}, "max_people must be 1 or more"),
        ({"inferred_confidence": 2}, r"inferred_confidence in \[0, 1\]"),
        ({"fps": 0}, "fps too, .* got 2, 0 and 0.5"),
        ({"workers": 0}, "workers must be 1 or more, got 0"),
    ],
)
def test_options(tmp_path, options, message):
    write_clip(tmp_path)
    with pytest.raises(ValueError, match=message):
        list(read_ntu(tmp_path, **options).sequences)


@pytest.mark.parametrize("place", ["clips/classes.txt", "classes.txt"])
def test_classes_of_their_own(tmp_path, place):
    for name in NAMES[:2]:
        write_clip(tmp_path / "clips", name)
    (tmp_path / place).write_text("\n".join(f"act {number}" for number in range(13)))
    report = import_dataset("ntu", tmp_path / "clips", tmp_path / "store", fps=20)
    store = SkeletonStore.open(report.path)
    assert [store.classes[clip.label] for clip in (store[0], store[1])] == ["act 0", "act 12"]
    assert len(store.classes) == 13 and store[0].fps == 20
    assert report.remarks == {f"classes named by {tmp_path / place}": 13}
    one_file = read_ntu(tmp_path / "clips" / f"{NAMES[0]}.skeleton")
    assert one_file.classes == store.classes


@pytest.mark.parametrize(
    ("num_classes", "message"),
    [
        (12, rf"names 12 classes, but clip {NAMES[1]} is of action 13; move the file away"),
        (61, "names 61 classes, clips of ntu60 have at most 60; move it away"),
        (0, "names no classes"),
    ],
)
def test_classes_that_do_not_fit(tmp_path, num_classes, message):
    for name in NAMES[:2]:
        write_clip(tmp_path, name)
    (tmp_path / "classes.txt").write_text("\n".join(f"act {number}" for number in range(num_classes)))
    with pytest.raises(ValueError, match=message):
        read_ntu(tmp_path)


def test_no_source(tmp_path):
    with pytest.raises(FileNotFoundError, match="no data set at"):
        read_ntu(tmp_path / "none")
    with pytest.raises(ValueError, match=r"holds no file like \*.skeleton"):
        read_ntu(tmp_path)
