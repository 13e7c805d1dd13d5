"""Prediction: batches change nothing, views are averaged, classes and joints are matched by name."""

import numpy as np
import pytest
import torch

from builders import CLASSES, Films, make_model, make_sequence, make_store, small_rgb_spec, small_spec
from posecube.evaluation import predict
from posecube.evaluation.predict import in_layout, probabilities
from posecube.sampling import view_clips
from posecube.sampling.rgb.frame_source import VideoFrameSource
from posecube.skeleton import SkeletonLayout
from posecube.skeleton.layouts import COCO17, PENN13
from posecube.store import SkeletonStore, StoreWriter


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> SkeletonStore:
    return make_store(tmp_path_factory.mktemp("stores") / "store")


@pytest.fixture(scope="module")
def model_and_card():
    return make_model(temperature=1.7)


def one_by_one(model, card, sequence, **views) -> np.ndarray:
    """The mean over views of the softmax, one forward pass a view."""
    rows = []
    for clip in view_clips(sequence, card.model.clip, **views):
        with torch.no_grad():
            joints = torch.from_numpy(clip.keypoints)[None], torch.from_numpy(clip.confidence)[None]
            logits = model(*joints, mirrored=clip.window.flipped)
        scaled = logits[0].double().numpy() / card.temperature
        rows.append(np.exp(scaled) / np.exp(scaled).sum())
    return np.mean(rows, axis=0)


@pytest.mark.parametrize("size", [1, 4, 5, 16, 1000])
@pytest.mark.parametrize(("num_views", "flips"), [(1, False), (1, True), (10, False), (10, True)])
def test_a_batch_gives_what_single_clips_give(num_views, flips, size, store, model_and_card):
    indices = store.split("test")
    table = predict(*model_and_card, store, indices, num_views=num_views, flips=flips, clips_per_step=size)
    expected = [one_by_one(*model_and_card, store[int(i)], num_views=num_views, flips=flips) for i in indices]
    np.testing.assert_allclose(table.scores, expected, atol=2e-6)
    assert table.names == tuple(store.names[int(i)] for i in indices) and table.classes == CLASSES
    np.testing.assert_array_equal(table.labels, store.labels[indices])


def test_views_differ_and_so_does_the_mirror(model_and_card):
    model, card = model_and_card
    clips = view_clips(make_sequence(0, frames=40), card.model.clip, num_views=3, flips=True)
    scores = probabilities(model, card, clips)
    assert len(np.unique(scores.round(4), axis=0)) == 6
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)


def test_clips_that_show_nobody_are_scored_and_named(store, model_and_card, caplog, tmp_path):
    with StoreWriter(tmp_path / "store", layout=COCO17, classes=CLASSES) as writer:
        for index in store.split("test")[:3]:
            writer.add(store[int(index)])
        gone = make_sequence(1, name="gone")
        writer.add(gone.replaced(confidence=0 * gone.confidence))
        writer.set_split("test", [*(store.names[int(index)] for index in store.split("test")[:3]), "gone"])
    opened = SkeletonStore.open(tmp_path / "store")
    table = predict(*model_and_card, opened, opened.split("test"))
    assert table.names[3] == "gone" and np.isfinite(table.scores).all()
    assert "1 of 4 clips show weights" in caplog.text and caplog.text.rstrip().endswith("nobody: gone")
    caplog.clear()
    predict(*model_and_card, store, store.split("test"))
    assert not caplog.text


def test_probabilities_of_no_clips(model_and_card):
    assert probabilities(*model_and_card, []).shape == (0, 3)


def test_the_order_of_clips_is_the_callers(store, model_and_card):
    indices = store.split("test")
    table = predict(*model_and_card, store, indices)
    backwards = predict(*model_and_card, store, indices[::-1])
    assert backwards.names == table.names[::-1]
    np.testing.assert_allclose(backwards.scores, table.scores[::-1], atol=1e-6)


def test_progress_counts_up_to_the_number_of_clips(store, model_and_card):
    seen = []
    predict(*model_and_card, store, store.split("test"), num_views=3, clips_per_step=4, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 6


def test_classes_are_matched_by_name(tmp_path, store):
    model, card = make_model(classes=("sway", "jump", "hop", "stand"))
    indices = store.split("test")
    table = predict(model, card, store, indices)
    assert table.classes == card.classes
    assert [table.classes[label] for label in table.labels] == [store.classes[label] for label in store.labels[indices]]


def test_a_clip_without_a_label_keeps_none(tmp_path, model_and_card):
    with StoreWriter(tmp_path / "store", layout=COCO17, classes=CLASSES) as writer:
        for name, label in {"a": 2, "b": None}.items():
            writer.add(make_sequence(label, name=name))
    store = SkeletonStore.open(tmp_path / "store")
    assert predict(*model_and_card, store, np.arange(2)).labels.tolist() == [2, -1]


def test_a_class_the_model_does_not_know_is_refused(tmp_path, model_and_card):
    store = make_store(tmp_path / "store", {"test": 4}, classes=("hop", "crawl"))
    with pytest.raises(ValueError, match=r"know 3 classes; of the store's 2 they do not know 1, such as 'crawl'"):
        predict(*model_and_card, store, store.split("test"))


def test_joints_are_matched_by_name(tmp_path):
    store = make_store(tmp_path / "store", {"test": 3})
    model, card = make_model(spec=small_spec(layout="penn13"))
    table = predict(model, card, store, store.split("test"))
    np.testing.assert_allclose(table.scores[0], one_by_one(model, card, in_layout(store[0], card)), atol=2e-6)


HAND = SkeletonLayout("hand3", ("wrist", "thumb", "little_finger"), ())


def test_a_layout_without_the_models_joints_is_refused_in_one_line(tmp_path, model_and_card):
    store = make_store(tmp_path / "store", {"test": 3}, layout=HAND)
    with pytest.raises(ValueError, match="read layout coco17; 17 of its 17 joints cannot be derived from hand3"):
        predict(*model_and_card, store, store.split("test"))


def test_a_close_up_is_no_error():
    """Head and shoulders alone are in sight: the layout has every joint, the frame does not."""
    _, card = make_model(spec=small_spec(layout="penn13"))
    sequence = make_sequence(0)
    confidence = sequence.confidence.copy()
    confidence[..., COCO17.index("left_elbow") :] = 0
    converted = in_layout(sequence.replaced(confidence=confidence), card)
    assert converted.layout == PENN13
    seen = {PENN13.joints[joint] for joint in np.flatnonzero(converted.confidence.max(axis=(0, 1)))}
    assert seen == {"head", "left_shoulder", "right_shoulder"}


def test_nobody_in_sight_is_no_error(model_and_card):
    model, card = model_and_card
    sequence = make_sequence(0)
    nobody = sequence.replaced(confidence=np.zeros_like(sequence.confidence))
    assert np.isfinite(probabilities(model, card, view_clips(nobody, card.model.clip))).all()


def test_the_model_can_learn_after_it_has_predicted(model_and_card):
    """What is drawn for a prediction may be reused; what a gradient needs may not."""
    model, card = model_and_card
    clips = view_clips(make_sequence(0), card.model.clip)
    before = probabilities(model, card, clips)
    keypoints, confidence = (torch.from_numpy(array)[None] for array in (clips[0].keypoints, clips[0].confidence))
    first = model(keypoints, confidence)
    model(keypoints + 3, confidence)
    first.sum().backward()
    assert all(torch.isfinite(parameter.grad).all() for parameter in model.parameters())
    model.zero_grad(set_to_none=True)
    np.testing.assert_array_equal(probabilities(model, card, clips), before)


@pytest.mark.parametrize("architecture", ["slowonly_rgb", "rgbpose_conv3d"])
@pytest.mark.parametrize(("num_views", "flips", "size"), [(1, False, None), (2, True, 3)])
def test_video_frames_are_looked_at_in_every_view(architecture, num_views, flips, size, store):
    model, card = make_model(spec=small_rgb_spec(architecture), temperature=0.7)
    indices, views = store.split("test"), {"num_views": num_views, "flips": flips}
    table = predict(model, card, store, indices, videos=Films(store), clips_per_step=size, **views)
    source = VideoFrameSource(Films(store), card.model.rgb)
    for row, index in enumerate(indices):
        sequence = store[int(index)]
        clips = source.with_frames(view_clips(sequence, card.model.clip, **views), sequence, flips=flips)
        expected = []
        for clip in clips:
            inputs = [torch.from_numpy(getattr(clip, name))[None] for name in INPUTS]
            with torch.no_grad():
                logits = model(*inputs, mirrored=clip.window.flipped)
            expected.append(torch.softmax(logits[0] / card.temperature, dim=0).numpy())
        expected = np.mean(expected, axis=0)
        np.testing.assert_allclose(table.scores[row], expected, atol=2e-6)


INPUTS = ("keypoints", "confidence", "frames_rgb")


def test_one_head_can_score_alone(store):
    model, card = make_model(spec=small_rgb_spec())
    rgb, pose, both = (
        predict(model, card, store, store.split("test"), videos=Films(store), head=head).scores
        for head in ("rgb", "pose", None)
    )
    assert np.abs(rgb - pose).max() > 0.01
    np.testing.assert_allclose(both, (rgb + pose) / 2, atol=1e-6)


def test_what_a_model_of_frames_cannot_be_scored_on(tmp_path, store, model_and_card):
    model, card = make_model(spec=small_rgb_spec(), name="fusion")
    indices = store.split("test")
    with pytest.raises(ValueError, match=r"weights fusion read video frames: give --videos DIR"):
        predict(model, card, store, indices)
    with pytest.raises(ValueError, match=r"weights small read no video frames: leave --videos out"):
        predict(*model_and_card, store, indices, videos=Films(store))
    with pytest.raises(ValueError, match=r"weights small have no head 'rgb', they have pose"):
        predict(*model_and_card, store, indices, head="rgb")
    other = make_store(tmp_path / "other", {"test": 5})
    with pytest.raises(FileNotFoundError, match="clip 'test005' has no video"):
        predict(model, card, store, indices, videos=Films(other))


def test_bf16_gives_nearly_the_same(store, model_and_card):
    indices = store.split("test")
    exact, fast = (predict(*model_and_card, store, indices, in_bf16=in_bf16) for in_bf16 in (False, True))
    assert 0 < np.abs(fast.scores - exact.scores).max() < 0.02


def test_clips_of_which_nothing_reaches_the_network_are_named_and_scored(store, model_and_card):
    indices = store.split("test")
    gone = store.names[indices[1]]

    def emptied(sequence):
        return sequence.replaced(confidence=sequence.confidence * (sequence.name != gone))

    empty = []
    table = predict(*model_and_card, store, indices, num_views=2, change=emptied, on_empty=empty.append)
    assert empty == [gone] and np.isfinite(table.scores).all()
