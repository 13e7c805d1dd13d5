"""import_dataset: whole or not at all."""

import io
import tarfile
from collections import Counter

import numpy as np
import pytest

from posecube.cli import main
from posecube.datasets import READERS, DatasetContents, import_dataset, importing, parse_settings
from posecube.skeleton.layouts import SBU15
from posecube.skeleton.sequence import SkeletonSequence
from posecube.store import SkeletonStore


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
    report = import_dataset(
        "sbu", str(source), str(tmp_path / "a/b/store"), progress=lambda _stage, done, _total=None: seen.append(done)
    )
    assert (report.num_clips, report.num_frames, report.num_classes, report.skipped) == (3, 12, 8, {})
    assert report.path == tmp_path / "a/b/store"
    assert report.split_sizes["fold1_test"] == 3
    assert report.split_sizes["fold1_train"] == 0
    assert seen == [1, 2, 3] and len(SkeletonStore.open(report.path)) == 3
    assert [item.name for item in (tmp_path / "a/b").iterdir()] == ["store"]


def test_formats():
    assert list(READERS)[:5] == ["penn-action", "nucla", "sbu", "ntu", "pyskl"]
    assert {"kinetics", "openpose", "alphapose", "coco", "volleyball"} <= set(READERS)


@pytest.mark.parametrize(
    ("format_", "options", "message"),
    [
        ("sbuu", {}, "unknown format 'sbuu'; did you mean sbu?"),
        ("xyz", {}, "unknown format 'xyz'; known: alphapose, coco, kinetics"),
        ("sbu", {"axis": 2}, "format sbu has no option 'axis'; did you mean axes?"),
        ("nucla", {"axes": 2}, "format nucla has no option 'axes'; known: none"),
    ],
)
def test_wrong_words(tmp_path, source, format_, options, message):
    with pytest.raises(ValueError, match=message):
        import_dataset(format_, source, tmp_path / "store", **options)


def test_no_source(tmp_path):
    with pytest.raises(FileNotFoundError, match="no sbu data at"):
        import_dataset("sbu", tmp_path / "none", tmp_path / "store")
    assert not list(tmp_path.iterdir())


def test_two_imports_into_one_store(tmp_path, source):
    refused = []

    def import_too(_stage: str, _done: int, _total: int | None = None) -> None:
        with pytest.raises(BlockingIOError, match="/new is being written by this process: wait until") as error:
            import_dataset("sbu", source, tmp_path / "new")
        refused.append(str(error.value))

    import_dataset("sbu", source, tmp_path / "new", progress=import_too)
    assert len(refused) == 3 and len(SkeletonStore.open(tmp_path / "new")) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", source.name]


def test_never_overwrites(tmp_path, source):
    (tmp_path / "store").mkdir()
    (tmp_path / "store/precious.txt").write_text("keep me")
    with pytest.raises(FileExistsError, match="store exists already: remove it, or give another path"):
        import_dataset("sbu", source, tmp_path / "store")
    assert (tmp_path / "store/precious.txt").read_text() == "keep me"


def test_an_error_midway_leaves_nothing(tmp_path, source):
    with pytest.raises(ValueError, match="holds no file like"):
        import_dataset("nucla", source, tmp_path / "deep/store")

    def fail_at_the_second(_stage, done, _total=None):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_dataset("sbu", source, tmp_path / "store", progress=fail_at_the_second)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["deep", "sbu.tar.gz"]
    assert not list((tmp_path / "deep").iterdir())


def test_an_empty_folder_is_welcome_as_target(tmp_path, source):
    (tmp_path / "store").mkdir()
    assert import_dataset("sbu", source, tmp_path / "store").num_clips == 3
    assert len(SkeletonStore.open(tmp_path / "store")) == 3


@pytest.mark.parametrize(
    ("format_", "settings", "options"),
    [
        ("sbu", ["axes=3"], {"axes": 3}),
        ("ntu", ["denoise=FALSE", "missing=a=b.txt"], {"denoise": False, "missing": "a=b.txt"}),
        ("pyskl", ["box_threshold=0.25", "classes=17", "squeeze=true"],
         {"box_threshold": 0.25, "classes": "17", "squeeze": True}),
        ("nucla", [], {}),
    ],
)  # fmt: skip
def test_settings_of_a_command_line(format_, settings, options):
    assert parse_settings(format_, settings) == options


@pytest.mark.parametrize(
    ("format_", "setting", "message"),
    [
        ("sbu", "axes", "--set expects key=value, got 'axes'"),
        ("sbu", "axis=2", "format sbu has no option 'axis'; did you mean axes"),
        ("sbu", "axes=two", "format sbu: option axes takes a whole number, got 'two'"),
        ("ntu", "denoise=1", "format ntu: option denoise takes true or false, got '1'"),
        ("pyskl", "box_threshold=half", "format pyskl: option box_threshold takes a number, got 'half'"),
        ("dance", "a=b", "unknown format 'dance'"),
    ],
)
def test_wrong_settings(format_, setting, message):
    with pytest.raises(ValueError, match=message):
        parse_settings(format_, [setting])


def test_the_command(tmp_path, source, capsys):
    arguments = ["import", "sbu", str(source), "--store", str(tmp_path / "store"), "--set", "axes=3"]
    assert main([*arguments, "--quiet"]) == 0
    assert "3 clips, 12 frames, 8 classes" in " ".join(capsys.readouterr().out.split())
    assert SkeletonStore.open(tmp_path / "store").num_axes == 3
    assert main(["import", "sbu", str(source), "--store", str(tmp_path / "other"), "--set", "axes=5"]) == 2
    assert capsys.readouterr().err == "posecube: error: axes must be 2 or 3, got 5\n"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["sbu.tar.gz", "store"]


def made_up(count, skipped=(), **fields):
    """A reader of clips of one frame."""

    def sequences():
        contents.skipped.update(dict.fromkeys(skipped, "for a reason"))
        for clip in range(count):
            yield SkeletonSequence(np.ones((1, 1, 15, 3)), np.ones((1, 1, 15)), SBU15, (0, 0), name=f"clip{clip:02d}")

    contents = DatasetContents(layout=SBU15, classes=(), sequences=sequences(), **fields)
    return lambda _source: contents


def test_clips_do_not_pile_up_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "_SHARD_BYTES", 3 * 15 * 4 * 4 - 1)
    monkeypatch.setitem(READERS, "made-up", made_up(10, num_clips=10))
    seen = []
    import_dataset("made-up", tmp_path, tmp_path / "store", progress=lambda *counts: seen.append(counts))
    assert seen == [("importing", count, 10) for count in range(1, 11)]
    assert len(list((tmp_path / "store").glob("clips-*.arrow"))) == 4
    assert len(SkeletonStore.open(tmp_path / "store")) == 10


def test_what_is_skipped_or_remarkable_is_told(tmp_path, monkeypatch, capsys):
    skipped = [f"bad{clip}" for clip in range(30)]
    monkeypatch.setitem(READERS, "made-up", made_up(2, skipped, remarks=Counter({"its frames lie": 5})))
    assert main(["import", "made-up", str(tmp_path), "--store", str(tmp_path / "store")]) == 0
    out = capsys.readouterr().out
    assert "its frames lie: 5\n" in out
    assert "skipped bad19: for a reason\n" in out
    assert "bad20" not in out
    assert "skipped 30 clips in all\n" in out


def test_nothing_but_skips(tmp_path, monkeypatch):
    monkeypatch.setitem(READERS, "made-up", made_up(0, ["bad1", "bad2"]))
    with pytest.raises(ValueError, match="no clip could be imported; 2 were skipped, the first, bad1: for a reason"):
        import_dataset("made-up", tmp_path, tmp_path / "store")
