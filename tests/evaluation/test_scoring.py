"""Scores of a store: batches change nothing, views are averaged, classes and joints are matched by name."""

import numpy as np
import pytest
import torch

from builders import CLASSES, Films, make_predictor, make_sequence, make_store, small_rgb_spec, small_spec
from posecube.evaluation import score_store
from posecube.model.predictor import Predictor
from posecube.sampling import view_clips
from posecube.sampling.rgb.frame_source import VideoFrameSource
from posecube.skeleton import SkeletonLayout
from posecube.skeleton.layouts import COCO17
from posecube.store import SkeletonStore, StoreWriter


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> SkeletonStore:
    return make_store(tmp_path_factory.mktemp("stores") / "store")


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return make_predictor(temperature=1.7)


def one_by_one(predictor, sequence, **views) -> np.ndarray:
    """The mean over views of the softmax, one forward pass a view."""
    model, card, rows = predictor.model, predictor.card, []
    for clip in view_clips(sequence, predictor.spec.clip, **views):
        with torch.no_grad():
            joints = torch.from_numpy(clip.keypoints)[None], torch.from_numpy(clip.confidence)[None]
            logits = model(*joints, mirrored=clip.window.flipped)
        scaled = logits[0].double().numpy() / card.temperature
        rows.append(np.exp(scaled) / np.exp(scaled).sum())
    return np.mean(rows, axis=0)


@pytest.mark.parametrize("size", [1, 4, 5, 16, 1000])
@pytest.mark.parametrize(("num_views", "flips"), [(1, False), (1, True), (10, False), (10, True)])
def test_a_batch_gives_what_single_clips_give(num_views, flips, size, store, predictor):
    indices = store.split("test")
    predictor = predictor.changed(num_views=num_views, flips=flips)
    table = score_store(predictor, store, indices, clips_per_step=size)
    expected = [one_by_one(predictor, store[int(i)], num_views=num_views, flips=flips) for i in indices]
    np.testing.assert_allclose(table.scores, expected, atol=2e-6)
    assert table.names == tuple(store.names[int(i)] for i in indices) and table.classes == CLASSES
    np.testing.assert_array_equal(table.labels, store.labels[indices])


def test_clips_that_show_nobody_are_scored_and_named(store, predictor, caplog, tmp_path):
    with StoreWriter(tmp_path / "store", layout=COCO17, classes=CLASSES) as writer:
        for index in store.split("test")[:3]:
            writer.add(store[int(index)])
        gone = make_sequence(1, name="gone")
        writer.add(gone.replaced(confidence=0 * gone.confidence))
        writer.set_split("test", [*(store.names[int(index)] for index in store.split("test")[:3]), "gone"])
    opened = SkeletonStore.open(tmp_path / "store")
    table = score_store(predictor, opened, opened.split("test"))
    assert table.names[3] == "gone" and np.isfinite(table.scores).all()
    assert "1 of 4 clips have no detections for weights small: gone" in caplog.text
    caplog.clear()
    score_store(predictor, store, store.split("test"))
    assert not caplog.text


def test_the_order_of_clips_is_the_callers(store, predictor):
    indices = store.split("test")
    table = score_store(predictor, store, indices)
    backwards = score_store(predictor, store, indices[::-1])
    assert backwards.names == table.names[::-1]
    np.testing.assert_allclose(backwards.scores, table.scores[::-1], atol=1e-6)


def test_progress_counts_up_to_the_number_of_clips(store, predictor):
    seen = []
    score_store(
        predictor.changed(num_views=3), store, store.split("test"), clips_per_step=4,
        progress=lambda *step: seen.append(step),
    )  # fmt: skip
    assert seen == sorted(seen) and seen[-1] == ("evaluating", 6, 6)


def test_classes_are_matched_by_name(tmp_path, store):
    predictor = make_predictor(classes=("sway", "jump", "hop", "stand"))
    indices = store.split("test")
    table = score_store(predictor, store, indices)
    assert table.classes == predictor.classes
    assert [table.classes[label] for label in table.labels] == [store.classes[label] for label in store.labels[indices]]


def test_a_clip_without_a_label_keeps_none(tmp_path, predictor):
    with StoreWriter(tmp_path / "store", layout=COCO17, classes=CLASSES) as writer:
        for name, label in {"a": 2, "b": None}.items():
            writer.add(make_sequence(label, name=name))
    store = SkeletonStore.open(tmp_path / "store")
    assert score_store(predictor, store, np.arange(2)).labels.tolist() == [2, -1]


def test_a_class_the_model_does_not_know_is_refused(tmp_path, predictor):
    store = make_store(tmp_path / "store", {"test": 4}, classes=("hop", "crawl"))
    with pytest.raises(ValueError, match=r"know 3 classes; of the store's 2 they do not know 1, such as 'crawl'"):
        score_store(predictor, store, store.split("test"))


def test_joints_are_matched_by_name(tmp_path):
    store = make_store(tmp_path / "store", {"test": 3})
    predictor = make_predictor(spec=small_spec(layout="penn13"))
    table = score_store(predictor, store, store.split("test"))
    np.testing.assert_allclose(table.scores[0], one_by_one(predictor, predictor.in_layout(store[0])), atol=2e-6)


HAND = SkeletonLayout("hand3", ("wrist", "thumb", "little_finger"), ())


def test_a_layout_without_the_models_joints_is_refused_in_one_line(tmp_path, predictor):
    store = make_store(tmp_path / "store", {"test": 3}, layout=HAND)
    with pytest.raises(ValueError, match="read layout coco17; 17 of its 17 joints cannot be derived from hand3"):
        score_store(predictor, store, store.split("test"))


@pytest.mark.parametrize("architecture", ["slowonly_rgb", "rgbpose_conv3d"])
@pytest.mark.parametrize(("num_views", "flips", "size"), [(1, False, None), (2, True, 3)])
def test_video_frames_are_looked_at_in_every_view(architecture, num_views, flips, size, store):
    predictor = make_predictor(spec=small_rgb_spec(architecture), temperature=0.7).changed(
        num_views=num_views, flips=flips
    )
    indices, views = store.split("test"), {"num_views": num_views, "flips": flips}
    table = score_store(predictor, store, indices, videos=Films(store), clips_per_step=size)
    source = VideoFrameSource(Films(store), predictor.spec.rgb)
    for row, index in enumerate(indices):
        sequence = store[int(index)]
        clips = source.with_frames(view_clips(sequence, predictor.spec.clip, **views), sequence, flips=flips)
        expected = []
        for clip in clips:
            inputs = [torch.from_numpy(getattr(clip, name))[None] for name in INPUTS]
            with torch.no_grad():
                logits = predictor.model(*inputs, mirrored=clip.window.flipped)
            expected.append(torch.softmax(logits[0] / predictor.card.temperature, dim=0).numpy())
        expected = np.mean(expected, axis=0)
        np.testing.assert_allclose(table.scores[row], expected, atol=2e-6)


INPUTS = ("keypoints", "confidence", "frames_rgb")


def test_one_head_can_score_alone(store):
    predictor = make_predictor(spec=small_rgb_spec())
    rgb, pose, both = (
        score_store(predictor.changed(head=head), store, store.split("test"), videos=Films(store)).scores
        for head in ("rgb", "pose", None)
    )
    assert np.abs(rgb - pose).max() > 0.01
    np.testing.assert_allclose(both, (rgb + pose) / 2, atol=1e-6)


def test_what_a_model_of_frames_cannot_be_scored_on(tmp_path, store, predictor):
    predictor = make_predictor(spec=small_rgb_spec(), name="fusion")
    indices = store.split("test")
    with pytest.raises(ValueError, match=r"weights fusion read video frames: give --videos DIR"):
        score_store(predictor, store, indices)
    with pytest.raises(ValueError, match=r"weights small read no video frames: leave --videos out"):
        score_store(make_predictor(), store, indices, videos=Films(store))
    with pytest.raises(ValueError, match=r"weights small have no head 'rgb', they have pose"):
        make_predictor().changed(head="rgb")
    other = make_store(tmp_path / "other", {"test": 5})
    with pytest.raises(FileNotFoundError, match="clip 'test005' has no video"):
        score_store(predictor, store, indices, videos=Films(other))


def test_bf16_gives_nearly_the_same(store, predictor):
    indices = store.split("test")
    exact, fast = (
        score_store(predictor.changed(precision=precision), store, indices) for precision in ("float32", "bf16")
    )
    assert 0 < np.abs(fast.scores - exact.scores).max() < 0.02


def test_clips_of_which_nothing_reaches_the_network_are_named_and_scored(store, predictor):
    indices = store.split("test")
    gone = store.names[indices[1]]

    def emptied(sequence):
        return sequence.replaced(confidence=sequence.confidence * (sequence.name != gone))

    empty = []
    table = score_store(predictor.changed(num_views=2), store, indices, change=emptied, on_empty=empty.append)
    assert empty == [gone] and np.isfinite(table.scores).all()
