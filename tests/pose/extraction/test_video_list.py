"""Which videos are extracted, what they are called, how they are labelled; and what is said when that is unclear."""

from pathlib import Path

import pytest

from posecube.pose.extraction.video_list import list_videos


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    for name in (
        "jump/a.mp4",
        "jump/b.AVI",
        "run/a.mp4",
        "run/notes.txt",
        "run/.hidden.mp4",
        ".cache/c.mp4",
        "d e.mkv",
    ):
        path = tmp_path / "videos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "videos"


def rows(listed):
    return [(video.name, video.class_name, *video.splits) for video in listed.videos]


def test_folders_give_labels_names_and_a_split(videos):
    listed = list_videos([videos], labels="folders")
    assert rows(listed) == [
        ("videos/d e.mkv", "videos", "videos"),
        ("videos/jump/a.mp4", "jump", "videos"),
        ("videos/jump/b.AVI", "jump", "videos"),
        ("videos/run/a.mp4", "run", "videos"),
    ]
    assert listed.classes == ("jump", "run", "videos")


def test_single_files_and_no_labels(videos):
    listed = list_videos([videos / "jump/a.mp4", videos / "run"], labels=None)
    assert rows(listed) == [("a.mp4", None), ("run/a.mp4", None, "run")]
    assert listed.classes == ()
    assert rows(list_videos([videos / "jump/a.mp4"], labels="folders")) == [("a.mp4", "jump")]


def test_names_do_not_depend_on_where_the_command_runs(videos, monkeypatch):
    monkeypatch.chdir(videos / "jump")
    assert [video.name for video in list_videos(["."], labels="folders").videos] == ["jump/a.mp4", "jump/b.AVI"]


@pytest.mark.parametrize(
    "text",
    [
        "jump/a.mp4\tJump\nrun/a.mp4\tRun\nd e.mkv\tJump\n",
        "jump/a.mp4,Jump\nrun/a.mp4,Run\nd e.mkv,Jump\n",
        "\ufeff# path label\n\njump/a.mp4 Jump\nrun/a.mp4 Run\nd e.mkv Jump\n",
        "0\tJump\tjump/a.mp4\n1\tRun\trun/a.mp4\n2\tJump\td e.mkv\n",
        "0,Jump,jump/a.mp4\n1,Run,run/a.mp4\n2,Jump,d e.mkv\n",
        "0 Jump jump/a.mp4\n1 Run run/a.mp4\n2 Jump d e.mkv\n",
    ],
)
def test_list_files_of_every_form(videos, tmp_path, text):
    path = tmp_path / "train.txt"
    path.write_text(text, encoding="utf-8")
    listed = list_videos([videos], labels=path)
    assert rows(listed) == [
        ("train/jump/a.mp4", "Jump", "train"),
        ("train/run/a.mp4", "Run", "train"),
        ("train/d e.mkv", "Jump", "train"),
    ]
    assert listed.classes == ("Jump", "Run")


@pytest.fixture
def ntu_videos(tmp_path: Path) -> Path:
    folder = tmp_path / "ntu" / "nturgb+d_rgb"
    folder.mkdir(parents=True)
    for name in ("S001C001P001R001A001_rgb.avi", "S002C002P003R002A060_rgb.avi", "S001C003P002R001A002.mp4", "x.mp4"):
        (folder / name).write_bytes(b"x")
    return folder


def test_ntus_names_say_clip_label_and_splits(ntu_videos):
    listed = list_videos([ntu_videos], labels="ntu")
    assert rows(listed)[:3] == [
        ("S001C001P001R001A001", "drink water", "xsub_train", "xview_val"),
        ("S001C003P002R001A002", "eat meal/snack", "xsub_train", "xview_train"),
        ("S002C002P003R002A060", "walking apart from each other", "xsub_val", "xview_train"),
    ]
    assert len(listed.classes) == 60
    stranger = listed.videos[3]
    assert (stranger.name, stranger.class_name, stranger.splits) == ("nturgb+d_rgb/x.mp4", None, ())
    assert stranger.missing == "expected a name like S001C002P003R002A013"
    (ntu_videos / "S018C001P008R001A061_rgb.avi").write_bytes(b"x")
    listed = list_videos([ntu_videos.parent], labels="ntu")
    assert len(listed.classes) == 120
    assert ("S018C001P008R001A061", "put on headphone", "xsub_train", "xset_train") in rows(listed)


def test_classes_of_ntus_names_come_from_a_file(ntu_videos, tmp_path):
    (ntu_videos.parent / "classes.txt").write_text("\n".join(f"act {number}" for number in range(60)))
    for paths in ([ntu_videos], [ntu_videos.parent], [ntu_videos / "S001C001P001R001A001_rgb.avi"]):
        listed = list_videos(paths, labels="ntu")
        assert listed.videos[0].class_name == "act 0" and listed.classes[59] == "act 59"
    (tmp_path / "names.txt").write_text("\n".join(f"deed {number}" for number in range(60)))
    assert list_videos([ntu_videos], labels="ntu", classes=tmp_path / "names.txt").classes[0] == "deed 0"
    (ntu_videos / "classes.txt").write_text("one\ntwo\n")
    with pytest.raises(ValueError, match=r"names 2 classes, but clip S002C002P003R002A060 is of action 60"):
        list_videos([ntu_videos], labels="ntu")


def test_videos_without_ntus_names(videos, ntu_videos):
    with pytest.raises(ValueError, match=r"no video has a name like S001C002P003R002A013_rgb.avi, the first is .*d e"):
        list_videos([videos], labels="ntu")
    (ntu_videos / "S001C001P001R001A001_rgb.mp4").write_bytes(b"x")
    with pytest.raises(ValueError, match=r"two videos would be called 'S001C001P001R001A001'"):
        list_videos([ntu_videos], labels="ntu")


def test_numbers_are_named_by_a_mapping_file(videos, tmp_path):
    path = tmp_path / "train.txt"
    path.write_text("0\t1\tjump/a.mp4\n1\t2\trun/a.mp4\n")
    assert list_videos([videos], labels=path).classes == ("0", "1", "2")
    (tmp_path / "mapping_table.txt").write_text("0\tDrink\n1\tJump\n2\tRun fast\n")
    listed = list_videos([videos], labels=path)
    assert listed.classes == ("Drink", "Jump", "Run fast")
    assert [video.class_name for video in listed.videos] == ["Jump", "Run fast"]


def test_a_video_that_is_not_there_is_known_beforehand(videos, tmp_path):
    path = tmp_path / "train.txt"
    path.write_text("jump/a.mp4 Jump\njump/z.mp4 Jump\n")
    assert [bool(video.missing) for video in list_videos([videos], labels=path).videos] == [False, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "got no line"),
        ("jump/a.mp4\n", "train.txt line 1: expected `name label`"),
        ("jump/a.mp4\tJump\nrun/a.mp4\t\n", "train.txt line 2: expected `name label`"),
        ("a\tb\tc\td\n", "expected `name label`, `name label split` or `index label path`"),
        ("nowhere.mp4 Jump\n", "none of its 1 videos is in"),
    ],
)
def test_lists_that_cannot_be_used(videos, tmp_path, text, message):
    path = tmp_path / "train.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as error:
        list_videos([videos], labels=path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("label", "message"), [("7", "there is no class '7'; known: Jump, Run"), ("Jum", "did you mean Jump")]
)
def test_a_label_that_is_none_of_the_classes(videos, tmp_path, label, message):
    (tmp_path / "train.txt").write_text(f"jump/a.mp4 {label}\n")
    (tmp_path / "names.txt").write_text("Jump\nRun\n")
    with pytest.raises(ValueError, match=message):
        list_videos([videos], labels=tmp_path / "train.txt", classes=tmp_path / "names.txt")


def test_other_mistakes_with_paths(videos, tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file or folder"):
        list_videos([tmp_path / "nowhere"], labels="folders")
    with pytest.raises(FileNotFoundError, match="no such file; expected a list of names and labels"):
        list_videos([videos], labels=tmp_path / "nowhere.txt")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=r"no video found in .*empty; expected files such as"):
        list_videos([tmp_path / "empty"], labels="folders")
    with pytest.raises(ValueError, match=r"two videos would be called 'jump/a\.mp4'"):
        list_videos([videos / "jump", videos / "jump"], labels="folders")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(ValueError, match="expected a text file"):
        list_videos([videos], labels=tmp_path / "binary.txt")


@pytest.mark.parametrize(("text", "message"), [("0 A\n0 B\n", "second time"), ("1 A\n2 B\n", "numbered 0 to 1")])
def test_class_files_that_contradict_themselves(videos, tmp_path, text, message):
    (tmp_path / "classes.txt").write_text(text)
    (tmp_path / "list.txt").write_text("run/a.mp4 0\n")
    with pytest.raises(ValueError, match=message):
        list_videos([videos], labels=tmp_path / "list.txt")


class TestDarkVideos:
    """Lists of ARID, as its editions have them, on files made here."""

    @pytest.fixture
    def raw(self, tmp_path: Path) -> Path:
        for name in ("data/Drink/Drink_1_1.avi", "data/Jump/Jump_11_2.avi"):
            (tmp_path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "raw" / name).write_bytes(b"x")
        (tmp_path / "raw/list_cvt").mkdir()
        (tmp_path / "raw/list_cvt/mapping_table.txt").write_text("0\tDrink\n1\tJump\n2\tWave\n")
        return tmp_path / "raw"

    def test_a_split_of_the_full_set(self, raw):
        path = raw / "list_cvt/ARID_split1_train.txt"
        path.write_text("0\t0\tDrink/Drink_1_1.avi\n7\t1\tJump/Jump_11_2.avi\n9\t2\tWave/Wave_1_1.avi\n")
        listed = list_videos([raw / "data"], labels=path)
        assert rows(listed) == [
            ("ARID_split1_train/Drink/Drink_1_1.avi", "Drink", "ARID_split1_train"),
            ("ARID_split1_train/Jump/Jump_11_2.avi", "Jump", "ARID_split1_train"),
            ("ARID_split1_train/Wave/Wave_1_1.avi", "Wave", "ARID_split1_train"),
        ]
        assert listed.classes == ("Drink", "Jump", "Wave")
        assert [bool(video.missing) for video in listed.videos] == [False, False, True]

    @pytest.mark.parametrize("folder", ["", "Jump/"])
    def test_the_table_of_the_challenge(self, raw, folder):
        path = raw / "train.csv"
        path.write_text(f"VideoID,Video,ClassID\n0,{folder}Jump_11_2.avi,1\n")
        (raw / "mapping_table.txt").write_text("0 Drink\n1 Jump\n")
        listed = list_videos([raw / "data"], labels=path)
        assert rows(listed) == [(f"train/{folder}Jump_11_2.avi", "Jump", "train")]
        assert listed.videos[0].path == raw / "data/Jump/Jump_11_2.avi" and not listed.videos[0].missing

    def test_a_row_of_the_table_without_a_class(self, raw):
        (raw / "train.csv").write_text("VideoID,Video,ClassID\n0,Jump_11_2.avi\n")
        with pytest.raises(ValueError, match=r"train.csv line 2: expected VideoID,Video,ClassID as the first line"):
            list_videos([raw / "data"], labels=raw / "train.csv")

    @pytest.mark.parametrize("line", ["Jump/Jump_11_2 64 1", "Jump/Jump_11_2\t64\t1"])
    def test_folders_of_frames_are_refused(self, raw, line):
        (raw / "train.txt").write_text(line + "\n")
        with pytest.raises(ValueError, match=r"train.txt line 1: .* names a folder of frames and how many it holds"):
            list_videos([raw / "data"], labels=raw / "train.txt")

    def test_names_that_are_numbers(self, raw):
        (raw / "validate").mkdir()
        (raw / "validate/24.mp4").write_bytes(b"x")
        (raw / "validate.txt").write_text("0\t1\t24.mp4\n")
        listed = list_videos(
            [raw / "validate"], labels=raw / "validate.txt", classes=raw / "list_cvt/mapping_table.txt"
        )
        assert rows(listed) == [("validate/24.mp4", "Jump", "validate")]


def test_the_published_list_of_dark_videos(shared):
    folder = shared / "data" / "dark"
    validate = list_videos([folder / "validate"], labels=folder / "validate.txt")
    assert len(validate.videos) == 96 and not any(video.missing for video in validate.videos)
    train = list_videos([folder / "train"], labels=folder / "train.txt")
    assert len(train.videos) == 150 and not any(video.missing for video in train.videos)
    assert train.classes == ("Jump", "Run", "Sit", "Stand", "Turn", "Walk")
    assert all(video.class_name == video.path.parent.name for video in train.videos)
