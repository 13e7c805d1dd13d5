"""The names that others build on are there, with the arguments that were promised."""

import inspect
from collections.abc import Callable
from importlib import import_module

import pytest

import posecube

# Public function -> its arguments; those after "*" are keyword-only, "..." ends what is promised.
SIGNATURES = {
    "representation.render_joint_volume": "keypoints_xy confidence * size_hw sigma_px=0.6 out=None ...",
    "representation.render_limb_volume": "keypoints_xy confidence * limbs size_hw sigma_px=0.6 out=None ...",
    "sampling.uniform_frames": "num_frames clip_len * num_clips=1 rng=None seed=255 stream='mmaction2'",
    "evaluation.fuse": "tables coefficients=None",
    "skeleton.convert.convert": "sequence layout",
    "datasets.import_dataset": "format source store ...",
    "pose.load_estimator": "name='blazepose' * threads=None ...",
    "training.train": "recipe * store run ...",
}
METHODS = {
    "Recognizer": {"load", "recognize", "predict"},
    "SkeletonLayout": {"index", "limbs", "joint_mirror", "limb_mirror", "left_right_pairs"},
    "SkeletonSequence": {"num_people", "num_frames", "replaced"},
    "SkeletonStore": {"open", "split", "splits", "labels", "names", "fingerprint", "__getitem__", "__len__"},
}
ARCHITECTURES = {"posec3d_slowonly", "posec3d_c3d", "posec3d_x3d"}
FORMATS = {"penn-action", "nucla", "sbu", "pyskl"}


def written(function: Callable[..., object]) -> list[str]:
    """A function's arguments as they are written in SIGNATURES."""
    words, starred = [], False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            words, starred = [*words, "*"], True
        default = "" if parameter.default is inspect.Parameter.empty else f"={parameter.default!r}"
        words.append(parameter.name + default)
    return words


@pytest.mark.parametrize("name", METHODS)
def test_the_package_offers_its_classes(name: str) -> None:
    offered = getattr(posecube, name)
    missing = [method for method in METHODS[name] if not hasattr(offered, method)]
    assert not missing, f"posecube.{name} lacks {missing}"


def test_the_package_lists_what_it_offers() -> None:
    assert set(METHODS) | {"__version__"} <= set(posecube.__all__)
    assert all(hasattr(posecube, name) for name in posecube.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="posecube"):
        posecube.Recogniser  # noqa: B018


@pytest.mark.parametrize("name", SIGNATURES)
def test_functions_take_what_was_promised(name: str) -> None:
    module, _, function = name.rpartition(".")
    promised = SIGNATURES[name].split()
    found = written(getattr(import_module(f"posecube.{module}"), function))
    if promised[-1] == "...":
        promised = promised[:-1]
        found = found[: len(promised)]
    assert found == promised


def test_architectures_and_formats_have_their_names() -> None:
    assert set(import_module("posecube.networks").NETWORKS) >= ARCHITECTURES
    assert set(import_module("posecube.datasets").READERS) >= FORMATS
