"""Folders of tiny painted videos to stores: labels, resuming, workers that die, inputs that cannot be used."""

import json
from fractions import Fraction
from pathlib import Path

import fake_people
import numpy as np
import pytest
from fake_people import SIZE_HW, PaintedPose, Walker, make_painted, walking, write_video

from posecube.pose.extraction.extract import extract
from posecube.pose.extraction.report import report_path
from posecube.pose.extraction.sequence_from_video import sequence_from_video
from posecube.skeleton import SkeletonSequence, find_layout
from posecube.store import SkeletonStore, StoreWriter
from posecube.video.enhance import Enhancement


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("extract") / "clips"
    for number in range(3):
        write_video(folder / f"jump/{number}.mp4", [Walker(0, walking(60, 10 * number))])
    write_video(folder / "run/two.mp4", [Walker(0, walking(60, 0)), Walker(1, walking(200, 0))])
    write_video(folder / "run/empty.mp4", [])
    (folder / "run/broken.mp4").write_bytes(b"no video at all")
    return folder


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store"


def test_a_folder_becomes_a_store_with_labels_a_split_and_a_report(folder, store):
    told: list[tuple] = []
    report = extract([folder], store=store, pose=make_painted, progress=lambda *progress: told.append(progress))
    clips = SkeletonStore.open(store)
    assert told == [("extracting", done, 6) for done in range(1, 7)]
    assert clips.names == ["clips/jump/0.mp4", "clips/jump/1.mp4", "clips/jump/2.mp4", "clips/run/two.mp4"]
    assert clips.classes == ("jump", "run") and clips.labels.tolist() == [0, 0, 0, 1]
    assert clips.layout.name == "coco17" and clips.num_people.tolist() == [1, 1, 1, 2]
    assert clips.split("clips").tolist() == [0, 1, 2, 3]
    assert (clips[0].size_hw, clips[0].fps, clips[0].num_frames) == (SIZE_HW, Fraction(30), 20)
    assert (report.num_clips, report.num_new, report.num_frames, report.people) == (4, 4, 80, {1: 3, 2: 1})
    assert report.no_detections == ["clips/run/empty.mp4"]
    assert list(report.failed) == ["clips/run/broken.mp4"] and "text file" in report.failed["clips/run/broken.mp4"]
    saved = json.loads(report_path(store).read_text())
    assert saved["no_detections"] == report.no_detections and saved["failed"] == report.failed
    text = str(report)
    assert (
        "4 clips" in text and "no detections in 1 videos: clips/run/empty.mp4" in text and "failed: clips/run/b" in text
    )


def test_running_again_does_nothing_twice(folder, store, monkeypatch):
    extract([folder], store=store, pose=make_painted)
    before = SkeletonStore.open(store).fingerprint
    tried = []
    read = fake_people.PaintedPose.find_people
    monkeypatch.setattr(PaintedPose, "find_people", lambda self, image, **options: tried.append(1) or read(self, image))
    report = extract([folder], store=store, pose=make_painted)
    assert not tried and SkeletonStore.open(store).fingerprint == before
    assert (report.num_new, report.num_clips, report.num_done_before) == (0, 4, 5)
    assert list(report.failed) == ["clips/run/broken.mp4"], "what failed is tried again"


def test_new_videos_and_classes_are_added(folder, store, tmp_path):
    extract([folder / "jump"], store=store, pose=make_painted)
    write_video(tmp_path / "more/bowl/x.mp4", [Walker(2, walking(100, 0))])
    extract([folder / "jump", tmp_path / "more"], store=store, pose=make_painted)
    clips = SkeletonStore.open(store)
    assert clips.classes == ("jump", "bowl") and clips.labels.tolist() == [0, 0, 0, 1]
    assert {name: len(split) for name, split in clips.splits.items()} == {"jump": 3, "more": 1}


def test_a_list_names_the_videos_and_the_split(folder, store, tmp_path):
    (tmp_path / "train.txt").write_text("0\t1\tjump/0.mp4\n1\t0\trun/two.mp4\n2\t0\trun/gone.mp4\n")
    (tmp_path / "mapping.txt").write_text("0\tRun\n1\tJump\n")
    report = extract([folder], store=store, pose=make_painted, labels=tmp_path / "train.txt")
    clips = SkeletonStore.open(store)
    assert clips.classes == ("Run", "Jump") and clips.labels.tolist() == [1, 0]
    assert clips.names == ["train/jump/0.mp4", "train/run/two.mp4"] and list(clips.splits) == ["train"]
    assert report.failed == {"train/run/gone.mp4": "the list names it, but there is no such file"}


def test_ntus_names_give_the_splits_of_both_protocols(store, tmp_path):
    for number, person in enumerate((1, 3)):
        name = f"S001C00{number + 1}P00{person}R001A002_rgb.mp4"
        write_video(tmp_path / "rgb" / name, [Walker(0, walking(60, 0))])
    (tmp_path / "classes.txt").write_text("wave\nbow\n")
    extract([tmp_path / "rgb"], store=store, pose=make_painted, labels="ntu")
    clips = SkeletonStore.open(store)
    assert clips.names == ["S001C001P001R001A002", "S001C002P003R001A002"] and clips.labels.tolist() == [1, 1]
    assert clips.classes == ("wave", "bow")
    assert {name: split.tolist() for name, split in clips.splits.items()} == {
        "xsub_train": [0], "xsub_val": [1], "xview_train": [1], "xview_val": [0],
    }  # fmt: skip


def test_boxes_choose_the_person(folder, store, tmp_path):
    boxes = tmp_path / "two.csv"
    boxes.write_text("\n".join(f"{frame},186,22,214,98" for frame in range(15)))
    extract([folder / "run/two.mp4"], store=store, pose=make_painted, boxes=boxes)
    clip = SkeletonStore.open(store)[0]
    assert clip.num_people == 1 and (clip.confidence[0, :, 0] > 0).sum() == 15
    assert 180 < clip.keypoints[0, 0, 11, 0] < 220


def test_two_lists_with_a_single_person_a_video(folder, store, tmp_path):
    """Train, then validate: splits of these names, one set of classes; a video without detections is named."""
    (tmp_path / "train.txt").write_text("0\t1\tjump/0.mp4\n1\t0\trun/two.mp4\n")
    (tmp_path / "validate.txt").write_text("0\t1\tjump/1.mp4\n1\t0\trun/empty.mp4\n")
    (tmp_path / "mapping_table.txt").write_text("0\tRun\n1\tJump\n")
    how = {"people": "single", "enhancement": Enhancement("clahe", average=1)}
    for split in ("train", "validate"):
        report = extract([folder], store=store, pose=make_painted, labels=tmp_path / f"{split}.txt", **how)
    clips = SkeletonStore.open(store)
    assert clips.classes == ("Run", "Jump") and clips.labels.tolist() == [1, 0, 1] and set(clips.num_people) == {1}
    assert {name: split.tolist() for name, split in clips.splits.items()} == {"train": [0, 1], "validate": [2]}
    assert report.no_detections == ["validate/run/empty.mp4"]
    saved = json.loads(report_path(store).read_text())
    assert (saved["enhancement"], saved["choice"]) == ("clahe 1, averaged over 3 frames", "single")


def test_a_gamma_alone_is_noted_as_it_always_was(folder, store):
    """A store of an earlier version, whose report knows neither enhancement nor choice, goes on."""
    extract([folder / "jump/0.mp4"], store=store, pose=make_painted, gamma=2.0)
    saved = json.loads(report_path(store).read_text())
    assert (saved["gamma"], saved["enhancement"], saved["choice"]) == (2.0, None, "tracked")
    del saved["enhancement"], saved["choice"]
    report_path(store).write_text(json.dumps(saved))
    made = Enhancement("gamma", 2.0)
    report = extract([folder / "jump"], store=store, pose=make_painted, enhancement=made)
    assert report.num_clips == 4


def test_a_report_of_version_02_is_continued(folder, store):
    """It called a video without detections "nobody", and the single person "surest"."""
    extract([folder / "run/two.mp4", folder / "run/empty.mp4"], store=store, pose=make_painted, people="single")
    saved = json.loads(report_path(store).read_text())
    saved["nobody"], saved["choice"] = saved.pop("no_detections"), "surest"
    report_path(store).write_text(json.dumps(saved))
    report = extract(
        [folder / "run/two.mp4", folder / "run/empty.mp4"], store=store, pose=make_painted, people="surest"
    )
    assert report.no_detections == ["empty.mp4"] and (report.num_new, report.num_done_before) == (0, 2)


class TestRefusals:
    """Whatever cannot work is said in one line before anything is written."""

    def refused(self, error, message, paths, store, **options):
        options = {"pose": make_painted, **options}
        with pytest.raises(error, match=message) as raised:
            extract(paths, store=store, **options)
        assert "\n" not in str(raised.value)

    def test_options(self, folder, store):
        self.refused(ValueError, "workers must be at least 1", [folder], store, workers=0)
        self.refused(ValueError, "gamma must be above 0", [folder], store, gamma=-1.0)
        self.refused(ValueError, "max_people must be at least 1", [folder], store, max_people=0)
        self.refused(ValueError, "unknown choice of people 'most'", [folder], store, people="most")
        both = {"gamma": 2.0, "enhancement": Enhancement("clahe")}
        self.refused(ValueError, "give gamma 2 or an enhancement .clahe 1., not both", [folder], store, **both)
        self.refused(ValueError, "unknown pose estimator 'nonesuch'", [folder], store, pose="nonesuch")
        assert not store.exists()

    def test_paths(self, folder, store, tmp_path):
        self.refused(FileNotFoundError, "no such file or folder", [tmp_path / "nowhere"], store)
        self.refused(FileNotFoundError, "no such file", [folder], store, labels=tmp_path / "nowhere.txt")
        self.refused(FileNotFoundError, "no such file", [folder / "jump/0.mp4"], store, boxes=tmp_path / "b.csv")
        (tmp_path / "b.csv").write_text("0,1,1,5,5\n")
        self.refused(ValueError, "serves one video, got 3", [folder / "jump"], store, boxes=tmp_path / "b.csv")
        self.refused(FileNotFoundError, "every video needs its boxes", [folder / "jump"], store, boxes=tmp_path)
        assert not store.exists()

    def test_stores(self, folder, store, tmp_path):
        penn = find_layout("penn13")
        with StoreWriter(store, layout=penn, classes=[]) as writer:
            writer.add(SkeletonSequence(np.zeros((1, 1, 13, 2)), np.ones((1, 1, 13)), penn, (9, 9), name="a"))
        self.refused(ValueError, "layout penn13, extracted skeletons have coco17", [folder], store)
        (tmp_path / "file").write_text("x")
        self.refused(ValueError, "expected a folder for the store", [folder], tmp_path / "file")
        self.refused(ValueError, "inside a file", [folder], tmp_path / "file/store")
        (tmp_path / "other").mkdir()
        (tmp_path / "other/letter.txt").write_text("x")
        self.refused((ValueError, FileNotFoundError), "other", [folder], tmp_path / "other")

    def test_a_store_that_is_being_written(self, folder, store):
        with StoreWriter(store, layout=find_layout("coco17"), classes=[]):
            self.refused(BlockingIOError, "store is being written by this process", [folder], store)
        extract([folder / "jump"], store=store, pose=make_painted)
        assert len(SkeletonStore.open(store)) == 3

    def test_a_store_extracted_otherwise(self, folder, store):
        extract([folder / "jump"], store=store, pose=make_painted)
        self.refused(ValueError, "extracted with pose make_painted, gamma None, now", [folder], store, gamma=2.0)
        adaptive = {"enhancement": Enhancement("adaptive")}
        self.refused(ValueError, "now asked for is .*, enhancement adaptive to 0.25;", [folder], store, **adaptive)
        self.refused(ValueError, "asked for is .*, people single; give", [folder], store, people="surest")

    def test_nothing_came_of_it(self, folder, store):
        self.refused(
            ValueError,
            "no clip was extracted: no detections in 1 videos, 0 failed",
            [folder / "run/empty.mp4"],
            store,
        )
        self.refused(ValueError, "1 failed .the first: .*text file", [folder / "run/broken.mp4"], store)
        assert not store.exists()


class TestSequenceFromVideo:
    def test_the_longest_in_view_comes_first_and_gaps_have_confidence_0(self, tmp_path):
        walkers = [
            Walker(0, walking(60, 0), is_there=lambda time_s: 0.5 < time_s < 2.0),
            Walker(1, walking(200, 0), is_there=lambda time_s: not 1.0 <= time_s < 1.3),
        ]
        path = write_video(tmp_path / "a.mp4", walkers, 90)
        sequence = sequence_from_video(path, estimator=PaintedPose(), label=3)
        assert sequence is not None and sequence.keypoints.shape == (2, 90, 17, 2)
        assert (sequence.name, sequence.label, sequence.size_hw) == ("a.mp4", 3, SIZE_HW)
        seen = sequence.confidence[..., 0] > 0
        assert seen.sum(axis=1)[0] >= 75 > seen.sum(axis=1)[1] >= 30
        assert not seen[0, 32:38].any() and seen[0, 45:].all() and not seen[1, :10].any()
        assert abs(sequence.keypoints[0, 10, [11, 12], 0].mean() - 200) < 4
        one = sequence_from_video(path, estimator=PaintedPose(), max_people=1)
        assert one is not None and one.num_people == 1

    def test_no_detections_are_none(self, tmp_path):
        assert sequence_from_video(write_video(tmp_path / "a.mp4", []), estimator=PaintedPose()) is None

    def test_gamma_reaches_the_estimator(self, tmp_path):
        seen = []

        class Watches(PaintedPose):
            def find_people(self, image_rgb, *, thorough=True):
                seen.append(image_rgb.mean())
                return []

        path = write_video(tmp_path / "a.mp4", [])
        sequence_from_video(path, estimator=Watches())
        sequence_from_video(path, estimator=Watches(), gamma=3.0)
        assert seen[-1] > seen[0] + 30

    def test_no_video(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            sequence_from_video(tmp_path / "a.mp4", estimator=PaintedPose())
