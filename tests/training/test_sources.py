"""Several stores in one label space: names, splits, cameras, outliers that are a class."""

import numpy as np
import pytest

from builders import make_store, small_recipe
from posecube.model.open_set import OpenSet
from posecube.sampling.augment.camera import Camera
from posecube.skeleton.layouts import NTU25
from posecube.training import Outliers
from posecube.training.data import ClipData, EpochSampler
from posecube.training.run import train
from posecube.training.sources import LabelledStore

CLASSES = ("hop", "sway", "stand", "greet", "none")
OPEN = OpenSet(none="none")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("stores") / "own")


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """3D joints of two people; of its classes one is called otherwise, one is unknown, one is left out."""
    path = tmp_path_factory.mktemp("stores") / "others"
    return make_store(path, {"a": 6, "b": 3}, classes=("wave", "hop", "trip"), axes=3, layout=NTU25, people=2)


def source(store, **fields) -> LabelledStore:
    return LabelledStore(
        **{"store": str(store.path), "labels": {"wave": "greet", "trip": ""}, "per_epoch": 5, **fields}
    )


def data_of(own, *sources: LabelledStore, **fields) -> ClipData:
    return ClipData(small_recipe(classes=CLASSES, open_set=OPEN, sources=sources, batch_size=64, **fields), own)


def labels_of(data: ClipData) -> list[int]:
    return next(iter(data.train_dataloader())).labels.tolist()


def test_clips_of_all_stores_bear_the_recipes_numbers(own, others):
    labels = labels_of(data_of(own, source(others)))
    assert len(labels) == 12 + 5 and set(labels) == {0, 1, 2, 3}
    assert sum(label == 3 for label in labels) >= 2, "of six clips two are waves and two are hops"


def test_a_split_can_be_named(own, others):
    (of_b,) = data_of(own, source(others, split="b")).drawn_sources
    assert [others.names[index] for index in of_b.indices] == ["b000", "b001"]


def test_outliers_are_taught_as_the_class_for_none(own, others):
    outliers = Outliers(fraction=0.5, frozen=True, mixed=True)
    labels = labels_of(data_of(own, source(others), outliers=outliers))
    assert labels.count(CLASSES.index("none")) == 6


def test_an_epoch_draws_from_each_source_without_repeating_itself():
    sampler = EpochSampler([3], num_outliers=0, seed=0, drawn=[(4, 3), (2, 5)])
    addresses = list(sampler)
    assert len(addresses) == len(sampler) == 11
    of_source = {number: [position for _, source, position in addresses if source == number] for number in (1, 2)}
    assert len(set(of_source[1])) == 3
    assert sorted(of_source[2].count(position) for position in (0, 1)) == [2, 3]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"labels": {"wave": "greet"}}, "class 'trip' of store .* is none of the recipe's 5 classes"),
        ({"labels": {"wavv": "greet", "wave": "greet", "trip": ""}}, "no class 'wavv'; did you mean wave?"),
        ({"labels": {"wave": "", "hop": "", "trip": ""}}, "no clip of store .* trains"),
        ({"split": "c"}, "'c'"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(fields, message, own, others):
    with pytest.raises(ValueError, match=message) as refused:
        data_of(own, source(others, **fields))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sources": [{"store": "x", "per_epoch": 1}]}, "sources need a common label space"),
        ({"classes": ("hop",), "open_set": {"none": "nothing"}}, "open_set names 'nothing'"),
    ],
)
def test_recipes_check_their_label_space(fields, message):
    with pytest.raises(ValueError, match=message):
        small_recipe(**fields)


def test_a_run_leaves_a_card_with_all_classes_and_what_they_are(own, others, tmp_path):
    recipe = small_recipe(classes=CLASSES, open_set=OPEN, sources=(source(others),), epochs=1)
    weights = train(recipe, store=own.path, run=tmp_path / "run")
    from posecube.model import read_card

    card = read_card(weights)
    assert card.classes == CLASSES and card.open_set == OPEN
    assert card.open_set.named(card.classes) == CLASSES[:-1]


def test_a_camera_sees_everything_upright_and_from_all_sides(others):
    sequence = others[0]
    rng = np.random.default_rng(0)
    views = [Camera(pitch_deg=(0, 0)).view(sequence, rng) for _ in range(40)]
    assert {view.num_axes for view in views} == {2} and {view.num_frames for view in views} == {sequence.num_frames}
    left, right = sequence.layout.index("left_shoulder"), sequence.layout.index("right_shoulder")
    is_left_first = [view.keypoints[0, 0, left, 0] < view.keypoints[0, 0, right, 0] for view in views]
    assert 5 < sum(is_left_first) < 35, "from the front as well as from behind"


def test_axes_of_the_other_hand_are_mirrored(others):
    sequence = others[0]
    fixed = {"yaw_deg": 0, "pitch_deg": (0, 0), "distance": (3, 3)}
    plain = Camera(**fixed).view(sequence, np.random.default_rng(0))
    mirrored = Camera(**fixed, x_to_left=True).view(sequence, np.random.default_rng(0))
    middle = (plain.keypoints[..., 0] + mirrored.keypoints[..., 0]) / 2
    assert np.ptp(middle) < 1e-2 and not np.allclose(plain.keypoints, mirrored.keypoints)
