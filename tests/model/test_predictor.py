"""A predictor: views, layouts, devices, what it refuses and what it says of itself."""

import numpy as np
import pytest
import torch

from builders import make_model, make_predictor, make_sequence, small_spec
from posecube.model.device import DEVICES, choose_device
from posecube.model.predictor import Predictor, mean_probabilities
from posecube.sampling import view_clips
from posecube.skeleton.layouts import COCO17, PENN13


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return make_predictor(temperature=1.7)


def test_views_differ_and_so_does_the_mirror(predictor):
    clips = view_clips(make_sequence(0, frames=40), predictor.spec.clip, num_views=3, flips=True)
    scores = predictor.probabilities(clips)
    assert len(np.unique(scores.round(4), axis=0)) == 6
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)


def test_probabilities_of_no_clips(predictor):
    assert predictor.probabilities([]).shape == (0, 3)


def test_a_close_up_is_no_error():
    """Head and shoulders alone are in sight: the layout has every joint, the frame does not."""
    predictor = make_predictor(spec=small_spec(layout="penn13"))
    sequence = make_sequence(0)
    confidence = sequence.confidence.copy()
    confidence[..., COCO17.index("left_elbow") :] = 0
    converted = predictor.in_layout(sequence.replaced(confidence=confidence))
    assert converted.layout == PENN13
    seen = {PENN13.joints[joint] for joint in np.flatnonzero(converted.confidence.max(axis=(0, 1)))}
    assert seen == {"head", "left_shoulder", "right_shoulder"}


def test_nobody_in_sight_is_no_error(predictor):
    sequence = make_sequence(0)
    nobody = sequence.replaced(confidence=np.zeros_like(sequence.confidence))
    assert np.isfinite(predictor.probabilities(view_clips(nobody, predictor.spec.clip))).all()


def test_the_model_can_learn_after_it_has_predicted(predictor):
    """What is drawn for a prediction may be reused; what a gradient needs may not."""
    clips = view_clips(make_sequence(0), predictor.spec.clip)
    before = predictor.probabilities(clips)
    keypoints, confidence = (torch.from_numpy(array)[None] for array in (clips[0].keypoints, clips[0].confidence))
    model = predictor.model
    first = model(keypoints, confidence)
    model(keypoints + 3, confidence)
    first.sum().backward()
    assert all(torch.isfinite(parameter.grad).all() for parameter in model.parameters())
    model.zero_grad(set_to_none=True)
    np.testing.assert_array_equal(predictor.probabilities(clips), before)


def test_sequences_are_scored_by_the_mean_of_their_views(predictor):
    several = predictor.changed(num_views=3, flips=True)
    sequences = [make_sequence(number, frames=30 + number) for number in range(3)]
    expected = [predictor.probabilities(several.clips(sequence)).mean(axis=0) for sequence in sequences]
    np.testing.assert_allclose(several.predict(sequences), expected, atol=1e-6)
    assert several.views_per_sequence == 6 and predictor.views_per_sequence == 1


def test_a_mean_of_models_is_in_no_other_order_or_space():
    predictors = [make_predictor(seed=seed) for seed in range(3)]
    predictors.insert(1, make_predictor(seed=9, spec=small_spec(layout="penn13")))
    sequences = [make_sequence(0), make_sequence(1)]
    expected = np.mean([predictor.predict(sequences) for predictor in predictors], axis=0)
    np.testing.assert_allclose(mean_probabilities(predictors, sequences), expected, atol=1e-6)
    assert mean_probabilities(predictors, []).shape == (0, 3)


def test_loading_says_how_weights_are_used(tmp_path):
    model, card = make_model()
    model.save(tmp_path / "weights.safetensors", card)
    loaded = Predictor.load(tmp_path, device="cpu", num_views=2, flips=True, smooth=True, precision="bf16")
    assert (loaded.name, loaded.classes, loaded.num_views, loaded.flips) == (card.name, card.classes, 2, True)
    assert loaded.precision == "bf16" and loaded.device.type == "cpu" and not loaded.model.training
    plain = Predictor.load(tmp_path, device="cpu")
    assert plain.spec == card.model != loaded.spec, "smoothing is another way to read clips"
    assert repr(plain) == "Predictor('small', 3 classes, 1 views, cpu)"


def test_options_out_of_range_are_refused(predictor):
    with pytest.raises(ValueError, match="views must be at least 1, got 0"):
        predictor.changed(num_views=0)
    with pytest.raises(ValueError, match="have no head 'rgb', they have pose"):
        predictor.changed(head="rgb")


def test_devices_are_chosen_by_name(monkeypatch):
    assert choose_device("cpu") == torch.device("cpu")
    with pytest.raises(ValueError, match="unknown device 'tpu'; known: auto, cpu, cuda, mps"):
        choose_device("tpu")
    there = {"cuda": False, "mps": False}
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there["cuda"])
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: there["mps"])
    assert choose_device("auto").type == "cpu"
    for gpu in ("mps", "cuda"):
        with pytest.raises(ValueError, match=f"^device {gpu} is not there: .* take auto or cpu$"):
            choose_device(gpu)
        there[gpu] = True
        assert choose_device("auto").type == choose_device(gpu).type == gpu


def test_the_command_line_knows_the_same_devices():
    from posecube.commands.options import DEVICES as OFFERED

    assert OFFERED == DEVICES
