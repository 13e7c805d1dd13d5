"""Estimators found by name."""

import pytest

from posecube.pose import load_estimator
from posecube.pose.estimators import loading
from posecube.pose.estimators.loading import ESTIMATORS


def test_an_unknown_estimator_is_refused_with_the_known_names():
    with pytest.raises(ValueError, match="unknown pose estimator 'openpose'; known: blazepose") as caught:
        load_estimator("openpose")
    assert all(name in str(caught.value) for name in ESTIMATORS)


def test_a_missing_model_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"model file .*mine\.onnx does not exist"):
        load_estimator(tmp_path / "mine.onnx")


def test_an_unknown_device_is_refused():
    with pytest.raises(ValueError, match="unknown device 'gpu'; did you mean cpu"):
        load_estimator("rtmpose", device="gpu")


def test_what_runs_on_the_processor_only_says_so(monkeypatch, caplog):
    monkeypatch.setattr(loading._Parts, "blazepose", lambda parts, yolox: parts.device)
    assert load_estimator("blazepose", device="cuda") == "cpu"
    assert "blazepose computes on the processor: its networks do not run on cuda" in caplog.text


def test_the_package_has_no_other_names():
    import posecube.pose

    with pytest.raises(AttributeError, match="no attribute 'nonesuch'"):
        posecube.pose.nonesuch  # noqa: B018
