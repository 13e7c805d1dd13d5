"""From stores to batches: every clip once an epoch, outliers among them, the same whoever draws them."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from builders import CLASSES, make_store, small_recipe, small_spec
from posecube.sampling import ClipSpec, MapSpace, Preprocess
from posecube.skeleton.layouts import NTU25, PENN13
from posecube.training import Outliers
from posecube.training.data import OUTLIER_LABEL, ClipData, EpochSampler, labelled_clips


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("stores") / "generated")


@given(st.lists(st.integers(1, 20), min_size=1, max_size=4), st.integers(0, 15), st.integers(0, 5), st.integers(0, 100))
def test_an_epoch_has_every_clip_once_and_the_asked_number_of_outliers(sizes, num_outliers, epoch, seed):
    sampler = EpochSampler(sizes, num_outliers=num_outliers, seed=seed)
    sampler.set_epoch(epoch)
    addresses = list(sampler)
    assert len(addresses) == len(sampler)
    assert addresses == list(sampler), "asking twice changes nothing"
    assert sorted(position for _, source, position in addresses if source == 0) == list(range(sizes[0]))
    assert all(0 <= position < sizes[source] and of_epoch == epoch for of_epoch, source, position in addresses)
    assert len(addresses) - sizes[0] == (num_outliers if len(sizes) > 1 else 0)


def test_the_order_is_another_in_each_epoch_and_for_each_seed():
    orders = set()
    for seed in range(3):
        sampler = EpochSampler([30, 9], num_outliers=5, seed=seed)
        for epoch in range(3):
            sampler.set_epoch(epoch)
            orders.add(tuple((source, position) for _, source, position in sampler))
    assert len(orders) == 9


def test_clips_without_detections_are_named(store, caplog):
    ClipData(small_recipe(), store)
    assert not caplog.text
    strict = small_recipe().model.clip.model_copy(update={"preprocess": Preprocess(skeleton_threshold=0.99)})
    ClipData(small_recipe(model=small_spec().model_copy(update={"clip": strict})), store)
    assert "split 'train': 12 clips have no detections: train000, train001" in caplog.text
    assert "split 'test': 6 clips have no detections: test000" in caplog.text


def test_a_batch_has_outliers_that_bear_no_label(tmp_path, store):
    strangers = make_store(tmp_path / "strangers", {"all": 5}, axes=3, layout=NTU25, people=2)
    outliers = Outliers(stores=(str(strangers.path),), fraction=1.0, exclude=("hop",), frozen=True)
    data = ClipData(small_recipe(batch_size=24, outliers=outliers), store)
    batch = next(iter(data.train_dataloader()))
    assert batch.keypoints.shape == (24, 1, 4, 17, 2) and batch.confidence.shape == (24, 1, 4, 17)
    assert batch.keypoints.dtype == batch.confidence.dtype == torch.float32 and batch.labels.dtype == torch.int64
    labels, counts = np.unique(batch.labels, return_counts=True)
    assert dict(zip(labels.tolist(), counts.tolist(), strict=True)) == {OUTLIER_LABEL: 12, 0: 4, 1: 4, 2: 4}
    assert torch.isfinite(batch.keypoints).all()
    assert [len(source.indices) for source in data.outlier_sources] == [3, 12], "without the two that hop; all frozen"


def test_a_frozen_clip_holds_still(store):
    outliers = Outliers(fraction=1.0, frozen=True)
    recipe = small_recipe(batch_size=24, outliers=outliers, augmentation={})
    batch = next(iter(ClipData(recipe, store).train_dataloader()))
    is_still = (batch.keypoints == batch.keypoints[:, :, :1]).all(dim=(1, 2, 3, 4))
    assert torch.equal(is_still, batch.labels == OUTLIER_LABEL)


def test_outliers_of_3d_joints_are_seen_from_many_sides(tmp_path, store):
    strangers = make_store(tmp_path / "strangers", {"all": 5}, axes=3, layout=NTU25)
    (source,) = ClipData(
        small_recipe(outliers=Outliers(stores=(str(strangers.path),), yaw_deg=30)), store
    ).outlier_sources
    assert (source.spec.space.yaw_deg, source.spec.space.pitch_deg) == (30, 5)


def test_a_sample_is_a_function_of_seed_epoch_and_address(store):
    def sample(seed, address):
        data = ClipData(small_recipe(seed=seed), store)
        return data.train_dataloader().dataset[address].clip.keypoints

    first = sample(0, (0, 0, 3))
    assert np.array_equal(first, sample(0, (0, 0, 3)))
    for other in (sample(1, (0, 0, 3)), sample(0, (1, 0, 3)), sample(0, (0, 0, 4))):
        assert not np.array_equal(first, other)


def test_test_clips_are_the_first_view_and_keep_their_order(store):
    data = ClipData(small_recipe(batch_size=4), store)
    batches = list(data.val_dataloader())
    assert torch.cat([batch.labels for batch in batches]).tolist() == store.labels[store.split("test")].tolist()
    again = torch.cat([batch.keypoints for batch in data.val_dataloader()])
    assert torch.equal(again, torch.cat([batch.keypoints for batch in batches]))


def test_clips_are_converted_to_the_models_layout(store):
    spec = small_spec(layout="penn13", clip=ClipSpec(clip_len=4, max_people=2, space=MapSpace(size_hw=(16, 16))))
    batch = next(iter(ClipData(small_recipe(model=spec), store).train_dataloader()))
    assert batch.keypoints.shape == (4, 2, 4, PENN13.num_joints, 2)
    assert (batch.confidence[:, 1] == 0).all(), "the second person is not there"


@pytest.mark.parametrize(("batch_size", "num_batches"), [(5, 2), (12, 1), (13, 1), (100, 1), (1, 12)])
def test_a_last_batch_that_is_not_full_is_left_out_unless_it_is_the_only_one(batch_size, num_batches, store):
    data = ClipData(small_recipe(batch_size=batch_size), store)
    assert len(list(data.train_dataloader())) == num_batches == len(data.train_dataloader())


def test_excluding_every_outlier_is_refused(tmp_path, store):
    strangers = make_store(tmp_path / "strangers", {"all": 5})
    recipe = small_recipe(outliers=Outliers(stores=(str(strangers.path),), exclude=CLASSES))
    with pytest.raises(ValueError, match=r"outliers\.exclude leaves none of the clips of store .*strangers"):
        ClipData(recipe, store)


def test_unlabelled_outliers_are_never_excluded(tmp_path, store):
    strangers = make_store(tmp_path / "strangers", {"all": 5}, labelled=False)
    recipe = small_recipe(outliers=Outliers(stores=(str(strangers.path),), exclude=CLASSES))
    assert len(ClipData(recipe, store).outlier_sources[0].indices) == 5


def test_a_split_without_labels_is_refused(tmp_path):
    unlabelled = make_store(tmp_path / "store", labelled=False)
    with pytest.raises(ValueError, match=r"split 'train' of store .* has no labelled clips"):
        labelled_clips(unlabelled, "train")


def test_an_epoch_shows_classes_as_often_as_asked(store):
    recipe = small_recipe(class_passes=(1, 3, 2), batch_size=24, augmentation={})
    data = ClipData(recipe, store)
    batch = next(iter(data.train_dataloader()))
    assert batch.labels.bincount().tolist() == [4, 12, 8]
    swaying = batch.keypoints[batch.labels == 1]
    assert len(swaying.flatten(1).unique(dim=0)) > 4, "the same clip is another random view each time"
    assert len(data.test_source.indices) == 6, "the test split is what it is"


def test_class_passes_are_one_a_class(store):
    with pytest.raises(
        ValueError, match=r"class_passes has 2 numbers, store .* has 3 classes: give one number a class"
    ):
        ClipData(small_recipe(class_passes=(1, 2)), store)


def test_frozen_outliers_do_not_depend_on_class_passes(store):
    recipe = small_recipe(class_passes=(1, 3, 2), outliers=Outliers(fraction=0.5, frozen=True))
    data = ClipData(recipe, store)
    assert len(data.train_source.indices) == 24 and len(data.outlier_sources[0].indices) == 12
