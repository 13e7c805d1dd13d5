"""import_dataset: whole or not at all."""

import io
import tarfile

import numpy as np
import pytest

from posecube.datasets import READERS, import_dataset
from posecube.skeleton.store import SkeletonStore


@pytest.fixture
def source(tmp_path):
    """An SBU tar of three clips."""
    path = tmp_path / "sbu.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for take in (1, 2, 3):
            numbers = np.random.default_rng(take).uniform(0.1, 1, (4, 90)).round(3)
            text = "\n".join(",".join(map(str, [row, *numbers[row].tolist()])) for row in range(4)).encode()
            member = tarfile.TarInfo(f"SBU/s05s02/01/{take:03d}/skeleton_pos.txt")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return path


def test_report_and_store(tmp_path, source):
    seen = []
    report = import_dataset("sbu", str(source), str(tmp_path / "a/b/store"), on_clip=seen.append)
    assert (report.num_clips, report.num_frames, report.num_classes, report.skipped) == (3, 12, 8, {})
    assert report.path == tmp_path / "a/b/store"
    assert report.split_sizes["fold1_test"] == 3
    assert report.split_sizes["fold1_train"] == 0
    assert [sequence.name for sequence in seen] == SkeletonStore.open(report.path).names
    assert [item.name for item in (tmp_path / "a/b").iterdir()] == ["store"]


def test_formats():
    assert list(READERS) == ["penn-action", "nucla", "sbu", "pyskl"]


@pytest.mark.parametrize(
    ("format_", "options", "message"),
    [
        ("sbuu", {}, "unknown format 'sbuu'; known formats: penn-action, nucla, sbu, pyskl"),
        ("sbu", {"axis": 2}, "format sbu has no option 'axis'; its options: axes"),
        ("nucla", {"axes": 2}, "format nucla has no option 'axes'; its options: none"),
    ],
)
def test_wrong_words(tmp_path, source, format_, options, message):
    with pytest.raises(ValueError, match=message):
        import_dataset(format_, source, tmp_path / "store", **options)


def test_no_source(tmp_path):
    with pytest.raises(FileNotFoundError, match="no sbu data at"):
        import_dataset("sbu", tmp_path / "none", tmp_path / "store")
    assert not list(tmp_path.iterdir())


def test_never_overwrites(tmp_path, source):
    (tmp_path / "store").mkdir()
    (tmp_path / "store/precious.txt").write_text("keep me")
    with pytest.raises(FileExistsError, match="store exists already: remove it, or give another path"):
        import_dataset("sbu", source, tmp_path / "store")
    assert (tmp_path / "store/precious.txt").read_text() == "keep me"


def test_an_error_midway_leaves_nothing(tmp_path, source):
    with pytest.raises(ValueError, match="holds no file like"):
        import_dataset("nucla", source, tmp_path / "deep/store")

    def fail_at_the_second(sequence):
        if sequence.name.endswith("002"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_dataset("sbu", source, tmp_path / "store", on_clip=fail_at_the_second)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["deep", "sbu.tar.gz"]
    assert not list((tmp_path / "deep").iterdir())


def test_an_empty_folder_is_welcome_as_target(tmp_path, source):
    (tmp_path / "store").mkdir()
    assert import_dataset("sbu", source, tmp_path / "store").num_clips == 3
    assert len(SkeletonStore.open(tmp_path / "store")) == 3
