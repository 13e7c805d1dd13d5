"""The whole way for one video, with painted people, an estimator that reads the paint, and an untrained network."""

import json
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from builders import CLASSES, make_model, make_predictor, make_sequence, small_rgb_spec, small_spec
from pose.fake_people import SIZE_HW, PaintedPose, Walker, frames_of, walking, write_video
from posecube import recognizer as recognizer_module
from posecube.model import ActionModel, ModelSpec
from posecube.model.open_set import OpenSet
from posecube.model.predictor import Predictor
from posecube.recognition.windows import WindowSettings
from posecube.recognizer import Recognizer
from posecube.video.drawing.title import title_height
from posecube.video.reader import Video, open_video, read_frames
from posecube.video.writer import VideoWriter

KEYS = ["video", "fps", "num_frames", "size_hw", "people", "label", "score", "top5", "pose", "weights", "seconds"]
SETTINGS = WindowSettings(lengths_s=(1.0,), step=0.5)


def make_recognizer(threshold: float = 0.0, **options) -> Recognizer:
    return Recognizer([make_predictor(rejection_threshold=threshold, **options)])


@pytest.fixture(scope="module")
def video(tmp_path_factory) -> Path:
    """Two people for 2 s, of whom one leaves after 1.2 s."""
    folder = tmp_path_factory.mktemp("videos")
    walkers = [
        Walker(0, walking(60, 20)),
        Walker(1, walking(220, -10), is_there=lambda time_s: time_s < 1.2),
    ]
    return write_video(folder / "two.mp4", walkers, 60)


@pytest.fixture(scope="module")
def empty_video(tmp_path_factory) -> Path:
    return write_video(tmp_path_factory.mktemp("videos") / "empty.mp4", [], 20)


def test_people_segments_and_label_of_a_video(video, tmp_path):
    result = make_recognizer().recognize(video, pose=PaintedPose(), windows=SETTINGS)
    assert (result.num_frames, result.size_hw, float(result.fps)) == (60, SIZE_HW, 30.0)
    assert [person.id for person in result.people] == [1, 2]
    first, second = (person.segments for person in result.people)
    assert (first[0].start_s, first[-1].end_s) == (0.0, pytest.approx(2.0, abs=0.04))
    assert second[-1].end_s <= 1.5 + 1e-6, "who left is judged no longer"
    assert result.label in CLASSES and result.score == result.top5[0][1]
    result.save_json(tmp_path / "result.json")
    content = json.loads((tmp_path / "result.json").read_text())
    assert list(content) == KEYS
    assert content["video"] == str(video) and content["pose"] == "painted" and content["weights"] == ["small"]
    assert set(content["seconds"]) == {"loading", "pose", "recognition"}
    for person in content["people"]:
        assert list(person) == ["id", "segments"]
        for segment in person["segments"]:
            assert list(segment) == ["start_s", "end_s", "label", "score", "top5", "repetitions"]
            assert segment["label"] == segment["top5"][0][0] and len(segment["top5"]) == 3
            assert all(0 <= score <= 1 for _, score in segment["top5"]) and segment["repetitions"] is None


def test_below_the_threshold_nothing_has_a_label(video):
    result = make_recognizer(threshold=1.0).recognize(video, pose=PaintedPose(), windows=SETTINGS)
    assert result.label is None and len(result.top5) == 3 and result.score > 0
    assert {segment.prediction.label for person in result.people for segment in person.segments} == {None}


def test_a_video_without_detections(empty_video, tmp_path):
    result = make_recognizer().recognize(empty_video, pose=PaintedPose(), annotated=tmp_path / "out.mp4")
    content = result.as_dict()
    assert (content["people"], content["label"], content["score"], content["top5"]) == ([], None, 0.0, [])
    assert content["num_frames"] == 20
    assert len(list(read_frames(tmp_path / "out.mp4"))) == 20


@pytest.mark.parametrize("num_frames", [1, 2, 5])
def test_a_very_short_video(num_frames, tmp_path):
    video = write_video(tmp_path / "short.mp4", [Walker(0, walking(100, 0))], num_frames)
    result = make_recognizer().recognize(video, pose=PaintedPose(), annotated=tmp_path / "out.mp4")
    assert result.num_frames == num_frames and result.fps > 0
    assert len(list(read_frames(tmp_path / "out.mp4"))) == num_frames
    assert len(result.people) <= 1


def test_the_annotated_video_has_the_frames_and_times_of_the_input(video, tmp_path):
    seen = []
    make_recognizer().recognize(
        video, pose=PaintedPose(), annotated=tmp_path / "out.mp4", progress=lambda *step: seen.append(step)
    )
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]
    before, after = list(read_frames(video)), list(read_frames(tmp_path / "out.mp4"))
    assert [frame.time_s for frame in after] == pytest.approx([frame.time_s for frame in before], abs=2e-3)
    height, width = open_video(tmp_path / "out.mp4").size_hw
    assert height > SIZE_HW[0] and width == SIZE_HW[1]
    title = title_height(SIZE_HW)
    pictures = [frame.image_rgb[title : title + SIZE_HW[0]] for frame in after]
    changed = [np.abs(b.image_rgb.astype(int) - a).max() for b, a in zip(before, pictures, strict=True)]
    assert min(changed) > 50, "something is drawn on every frame"
    stages = [stage for stage, _, _ in seen]
    assert stages == ["recognizing"] * 60 + ["writing"] * 60
    assert [done for _, done, _ in seen] == [*range(1, 61), *range(1, 61)]


def test_a_variable_frame_rate_keeps_its_times(tmp_path):
    times = [*np.arange(30) / 30, *(1 + np.arange(10) / 5)]
    frames = list(frames_of([Walker(0, walking(100, 0))], len(times)))
    with VideoWriter(tmp_path / "vfr.mp4", size_hw=SIZE_HW, fps=30, crf=10) as writer:
        for frame, time_s in zip(frames, times, strict=True):
            writer.write(frame.image_rgb, float(time_s))
    result = make_recognizer().recognize(
        tmp_path / "vfr.mp4", pose=PaintedPose(), windows=SETTINGS, annotated=tmp_path / "out.mp4"
    )
    assert result.people[0].segments[-1].end_s == pytest.approx(3.0, abs=0.05)
    assert float(result.fps) == pytest.approx(39 / 2.8, rel=0.01)
    written = [frame.time_s for frame in read_frames(tmp_path / "out.mp4")]
    assert written == pytest.approx(times, abs=2e-3)


class Stops(PaintedPose):
    """An estimator during which the user presses Ctrl+C."""

    def estimate(self, image_rgb, regions):
        if self.num_estimates > 10:
            raise KeyboardInterrupt
        return super().estimate(image_rgb, regions)


def test_an_interrupt_leaves_nothing(video, tmp_path, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        make_recognizer().recognize(video, pose=Stops(), annotated=tmp_path / "out.mp4")
    assert not list(tmp_path.iterdir())

    def interrupted(stage, done, total):
        if stage == "writing" and done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_recognizer().recognize(video, pose=PaintedPose(), annotated=tmp_path / "out.mp4", progress=interrupted)
    assert not list(tmp_path.iterdir())


class CloseUp(PaintedPose):
    """Sees head and shoulders alone."""

    def estimate(self, image_rgb, regions):
        poses = super().estimate(image_rgb, regions)
        poses.confidence[:, 7:] = 0
        return poses


def test_a_close_up_is_not_judged(video):
    result = make_recognizer(spec=small_spec(layout="penn13")).recognize(video, pose=CloseUp())
    assert (result.people, result.label) == ((), None)


def test_the_class_that_stands_for_none_names_nothing(video):
    recognizer = make_recognizer(open_set=OpenSet(none=CLASSES[0]))
    assert recognizer.classes == CLASSES[1:]
    scores = recognizer.scores([make_sequence(0)])
    whole = make_predictor().predict([make_sequence(0)])
    np.testing.assert_allclose(scores, whole[:, 1:], atol=1e-6)
    result = recognizer.recognize(video, pose=PaintedPose(), windows=SETTINGS)
    assert {name for person in result.people for it in person.segments for name, _ in it.prediction.top5} == set(
        CLASSES[1:]
    )


@pytest.fixture(scope="module")
def pair_video(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("videos")
    return write_video(folder / "pair.mp4", [Walker(0, walking(90, 5)), Walker(1, walking(150, 5))], 45)


def spec_of_people(max_people: int) -> ModelSpec:
    spec = small_spec()
    return small_spec(clip=spec.clip.model_copy(update={"max_people": max_people}))


def judged_sizes(recognizer: Recognizer, video: Path, monkeypatch) -> list[int]:
    """How many people each scored sequence shows."""
    sizes = []
    really_score = Recognizer.scores
    monkeypatch.setattr(
        Recognizer,
        "scores",
        lambda self, sequences, **options: (
            sizes.extend(it.num_people for it in sequences) or really_score(self, sequences, **options)
        ),
    )
    recognizer.recognize(video, pose=PaintedPose(), windows=SETTINGS)
    return sizes


def test_a_model_of_one_person_sees_everybody_alone(pair_video, monkeypatch):
    recognizer = make_recognizer(spec=spec_of_people(1))
    assert set(judged_sizes(recognizer, pair_video, monkeypatch)) == {1}


def test_a_model_of_two_sees_who_is_near_together_and_not_alone(pair_video, monkeypatch):
    recognizer = make_recognizer(spec=spec_of_people(2))
    assert set(judged_sizes(recognizer, pair_video, monkeypatch)) == {2}


def test_classes_that_take_two_are_seen_in_pairs_alone(pair_video, monkeypatch):
    recognizer = make_recognizer(spec=spec_of_people(2), open_set=OpenSet(together=(CLASSES[1],)))
    assert set(judged_sizes(recognizer, pair_video, monkeypatch)) == {1, 2}
    result = recognizer.recognize(pair_video, pose=PaintedPose(), windows=SETTINGS)
    assert len(result.people) == 2


def test_given_boxes_are_followed(video, tmp_path):
    boxes = tmp_path / "boxes.csv"
    boxes.write_text("".join(f"{frame},{45 + frame // 2},20,{85 + frame // 2},100\n" for frame in range(60)))
    result = make_recognizer().recognize(video, pose=PaintedPose(), boxes=boxes)
    assert [person.id for person in result.people] == [1]


def test_at_most_so_many_people(video):
    assert len(make_recognizer().recognize(video, pose=PaintedPose(), max_people=1).people) == 1


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"num_views": 0}, ValueError, "number of views must be at least 1, got 0"),
        ({"annotated": "out.avi"}, ValueError, r"written as \.mp4"),
        ({"annotated": "missing/out.mp4"}, FileNotFoundError, "there is no folder missing"),
        ({"max_people": 0}, ValueError, "max_people must be at least 1"),
        ({"boxes": "missing.csv"}, FileNotFoundError, "missing.csv"),
        ({"pose": "dance"}, ValueError, "dance"),
    ],
)
def test_options_out_of_range_are_refused_before_work(options, error, message, video, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=message) as refused:
        make_recognizer().recognize(video, **{"pose": PaintedPose(), **options})
    assert "\n" not in str(refused.value) and not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"This is a letter.\n" * 50], ids=["empty", "text"])
def test_what_is_no_video_is_refused_before_an_estimator_is_loaded(content, tmp_path, monkeypatch):
    monkeypatch.setattr(recognizer_module, "load_estimator", lambda name: pytest.fail("loaded for nothing"))
    (tmp_path / "bad.mp4").write_bytes(content)
    with pytest.raises(ValueError, match=r"bad\.mp4"):
        make_recognizer().recognize(tmp_path / "bad.mp4", annotated=tmp_path / "out.mp4")
    with pytest.raises(FileNotFoundError, match=r"missing\.mp4"):
        make_recognizer().recognize(tmp_path / "missing.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.mp4"]


def test_predict_names_the_best_class_of_a_sequence():
    recognizer = make_recognizer()
    sequence = make_sequence(0, frames=40)
    (scores,) = recognizer.scores([sequence], num_views=3)
    prediction = recognizer.predict(sequence, num_views=3)
    assert prediction.label == CLASSES[int(scores.argmax())]
    assert prediction.score == pytest.approx(float(scores.max()), abs=1e-4)
    assert scores.sum() == pytest.approx(1, abs=1e-5)


def test_scores_of_many_are_scores_of_each():
    recognizer = make_recognizer()
    sequences = [make_sequence(number % 3, seed=number, frames=5 + number) for number in range(20)]
    each = np.concatenate([recognizer.scores([sequence], num_views=2) for sequence in sequences])
    np.testing.assert_allclose(recognizer.scores(sequences, num_views=2), each, atol=2e-6)
    assert recognizer.scores([]).shape == (0, 3)


def test_several_models_are_averaged():
    models = [make_predictor(seed=seed, rejection_threshold=seed / 10, name=f"model{seed}") for seed in (1, 2, 6)]
    together = Recognizer(models)
    sequences = [make_sequence(0), make_sequence(1)]
    each = [Recognizer([model]).scores(sequences) for model in models]
    np.testing.assert_allclose(together.scores(sequences), np.mean(each, axis=0), atol=1e-6)
    assert together.threshold == pytest.approx(0.3)
    assert together.weights == ("model1", "model2", "model6")


def test_models_of_other_classes_do_not_mix():
    with pytest.raises(ValueError, match="the same classes in the same order"):
        Recognizer([make_predictor(), make_predictor(classes=CLASSES[::-1])])
    with pytest.raises(ValueError, match="at least one model"):
        Recognizer([])


def test_models_of_video_frames_are_refused_before_anything_is_read(tmp_path):
    model, card = make_model(spec=small_rgb_spec(), name="fusion")
    model.save(tmp_path / "fusion.safetensors", card)
    with pytest.raises(ValueError, match=r"^weights fusion read video frames, .* `posecube evaluate --videos DIR`"):
        Recognizer.load(tmp_path / "fusion.safetensors")


def test_loading_takes_files_and_run_folders(tmp_path, monkeypatch):
    model, card = make_model()
    model.save(tmp_path / "weights.safetensors", card)
    sequence = make_sequence(0)
    expected = Recognizer([Predictor(model, card)]).predict(sequence)
    for names in ([tmp_path], [str(tmp_path / "weights.safetensors")], [tmp_path, tmp_path / "weights.safetensors"]):
        assert Recognizer.load(*names).predict(sequence) == expected
    asked = []
    monkeypatch.setattr(ActionModel, "load", lambda name: asked.append(name) or (model, card))
    Recognizer.load()
    assert asked == ["everyday-joint", "everyday-graph"]


def test_the_front_door_is_on_the_package():
    import posecube

    assert posecube.Recognizer is Recognizer


def opened_files(monkeypatch) -> list[str]:
    """What ``av.open`` is asked for from here on."""
    opened, really_open = [], av.open
    monkeypatch.setattr(
        av, "open", lambda file, *rest, **options: opened.append(file) or really_open(file, *rest, **options)
    )
    return opened


def test_a_video_is_opened_once_and_once_more_to_draw_on(video, tmp_path, monkeypatch):
    opened = opened_files(monkeypatch)
    make_recognizer().recognize(video, pose=PaintedPose())
    assert opened == [f"file:{video}"]
    make_recognizer().recognize(video, pose=PaintedPose(), annotated=tmp_path / "out.mp4")
    assert opened[1:].count(f"file:{video}") == 2 and len(opened[1:]) == 3, "the third is the video that is written"


def test_a_video_that_is_open_is_taken_as_it_is(video, monkeypatch):
    expected = make_recognizer().recognize(video, pose=PaintedPose(), windows=SETTINGS).as_dict()
    with Video.open(video) as opened:
        files = opened_files(monkeypatch)
        found = make_recognizer().recognize(opened, pose=PaintedPose(), windows=SETTINGS).as_dict()
    assert not files and found["people"] == expected["people"] and found["video"] == expected["video"]


def test_arrays_from_elsewhere_are_named_as_a_sequence_is():
    recognizer, sequence = make_recognizer(), make_sequence(0, frames=30)
    expected = recognizer.predict(sequence)
    arrays = sequence.keypoints, sequence.confidence
    assert recognizer.predict_arrays(*arrays, layout="coco17", size_hw=sequence.size_hw) == expected
    one = [array[0] for array in arrays]
    assert recognizer.predict_arrays(*one, layout=sequence.layout, size_hw=sequence.size_hw) == expected
    assert recognizer.predict_arrays(*one, layout="coco17").label in CLASSES
    with pytest.raises(ValueError, match="layout penn13 has 13 joints, got 17"):
        recognizer.predict_arrays(*arrays, layout="penn13")


def test_models_that_read_the_same_clips_share_them(monkeypatch):
    drawn = []
    really_clips = Predictor.clips
    monkeypatch.setattr(
        Predictor, "clips", lambda self, sequence: drawn.append(self.name) or really_clips(self, sequence)
    )
    same = [make_predictor(seed=1, name="a"), make_predictor(seed=2, name="b")]
    other = make_predictor(spec=small_spec(layout="penn13"), name="c")
    Recognizer([same[0], other, same[1]]).scores([make_sequence(0), make_sequence(1)])
    assert drawn == ["a", "a", "c", "c"]


NOT_NEEDED = {
    "torchmetrics", "scipy.signal", "scipy.stats", "matplotlib", "lightning", "pyarrow", "openvino", "onnxruntime",
    "numba", "pandas", "rich",
}  # fmt: skip


def test_recognizing_waits_for_no_module_that_it_does_not_need():
    code = "import sys, posecube.recognizer; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not NOT_NEEDED & set(done.stdout.split())


def test_records_are_short():
    assert repr(make_recognizer()) == "Recognizer(small: 3 classes)"
    assert repr(make_predictor()) == "Predictor('small', 3 classes, 1 views, cpu)"
