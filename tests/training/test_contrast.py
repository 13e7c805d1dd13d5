"""Contrastive losses against their formulas, and clips that are seen twice."""

import math

import numpy as np
import pytest
import torch

from builders import make_store, small_recipe
from posecube.recipes import load_recipe
from posecube.training.batch import OUTLIER_LABEL, Batch
from posecube.training.contrast import Noise, common_means, view_contrast
from posecube.training.data import ClipData
from posecube.training.module import ActionTraining
from posecube.training.objectives import Contrastive, ContrastiveLoss, CrossEntropy, SupervisedLoss

BOTH = Contrastive(instance_weight=1, group_weight=1)


def probabilities(num_clips: int, num_classes: int = 5, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.softmax(torch.randn(num_clips, num_classes, generator=generator), dim=1)


def cosine(a: torch.Tensor, b: torch.Tensor) -> float:
    return float(a @ b / (a.norm() * b.norm()))


def as_coded(first: torch.Tensor, second: torch.Tensor, temperature: float) -> float:
    """NT-Xent over the 2N vectors, one anchor after the other."""
    views = [*first, *second]
    losses = []
    for anchor in range(len(views)):
        partner = (anchor + len(first)) % len(views)
        others = [math.exp(cosine(views[anchor], views[k]) / temperature) for k in range(len(views)) if k != anchor]
        losses.append(-math.log(math.exp(cosine(views[anchor], views[partner]) / temperature) / sum(others)))
    return sum(losses) / len(losses)


def as_written(first: torch.Tensor, second: torch.Tensor) -> float:
    """The report's formula: clean anchors, the exponential of the cosine."""
    losses = []
    for i in range(len(first)):
        noisy = [math.exp(cosine(first[i], other)) for other in second]
        clean = [math.exp(cosine(first[i], other)) for k, other in enumerate(first) if k != i]
        losses.append(-math.log(noisy[i] / (sum(noisy) + sum(clean))))
    return sum(losses) / len(losses)


@pytest.mark.parametrize("num_clips", [2, 3, 8])
def test_contrast_is_the_formula(num_clips: int) -> None:
    first, second = probabilities(num_clips, seed=1).double(), probabilities(num_clips, seed=2).double()
    assert float(view_contrast(first, second)) == pytest.approx(as_coded(first, second, 0.5), rel=1e-9)
    written = view_contrast(first, second, temperature=1.0, symmetric=False)
    assert float(written) == pytest.approx(as_written(first, second), rel=1e-9)


def test_one_pair_or_none_costs_nothing_and_has_a_gradient() -> None:
    for num_pairs in (0, 1):
        second = probabilities(num_pairs).requires_grad_()
        loss = view_contrast(probabilities(num_pairs, seed=3), second)
        loss.backward()
        assert loss.item() == 0 and torch.equal(second.grad, torch.zeros_like(second))


def test_partners_that_are_alike_cost_less() -> None:
    first = torch.eye(4)
    assert view_contrast(first, first) < view_contrast(first, first.roll(1, dims=0))


def test_means_are_taken_over_groups_of_both_views() -> None:
    first, second = probabilities(5, seed=4), probabilities(5, seed=5)
    one, other = common_means(first, torch.tensor([0, 2, 2, 3, 0]), second, torch.tensor([2, 0, 1, 2, 2]))
    torch.testing.assert_close(one, torch.stack([first[[0, 4]].mean(0), first[[1, 2]].mean(0)]))
    torch.testing.assert_close(other, torch.stack([second[1], second[[0, 3, 4]].mean(0)]))
    none, also_none = common_means(first, torch.zeros(5, dtype=torch.long), second, torch.ones(5, dtype=torch.long))
    assert none.shape == also_none.shape == (0, 5)


@pytest.mark.parametrize("group_by", ["predicted", "label"])
def test_the_loss_adds_both_weighed(group_by: str) -> None:
    contrast = Contrastive(instance_weight=5, group_weight=2, group_by=group_by)
    generator = torch.Generator().manual_seed(0)
    clean, noisy = (torch.randn(12, 3, generator=generator) for _ in range(2))
    labels = torch.arange(12) % 3
    first, second = clean.softmax(dim=1), noisy.softmax(dim=1)
    groups = (labels, labels) if group_by == "label" else (first.argmax(dim=1), second.argmax(dim=1))
    means = common_means(first, groups[0], second, groups[1])
    expected = 5 * view_contrast(first, second) + 2 * view_contrast(*means)
    torch.testing.assert_close(ContrastiveLoss(contrast).contrast(clean, noisy, labels), expected)


def test_the_gradient_flows_through_the_noisy_view_alone() -> None:
    clean, noisy = torch.randn(6, 4).requires_grad_(), torch.randn(6, 4).requires_grad_()
    ContrastiveLoss(BOTH).contrast(clean, noisy, torch.arange(6)).backward()
    assert clean.grad is None and noisy.grad.abs().sum() > 0


@pytest.mark.parametrize("labels", [[0, 1], [0, 0], [0]])
def test_classes_that_do_not_meet_are_no_nan(labels: list[int]) -> None:
    """Every clean clip is said to be of class 0, every noisy one of class 1."""
    clean = torch.tensor([[30.0, -30.0]]).repeat(len(labels), 1)
    noisy = -clean.clone().requires_grad_()
    loss = ContrastiveLoss(BOTH).contrast(clean, noisy, torch.tensor(labels))
    loss.backward()
    assert torch.isfinite(loss)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    return make_store(tmp_path_factory.mktemp("stores") / "clips", {"train": 8, "test": 4})


SETTINGS = {"instance_weight": 1.0, "group_weight": 0.5, "noise": Noise(alpha=0.05)}


def test_a_batch_has_noisy_views_once_contrast_begins(store) -> None:
    data = ClipData(small_recipe(objective=Contrastive(start_epoch=1, **SETTINGS)), store)
    loader = data.train_dataloader()
    assert next(iter(loader)).noisy is None
    loader.sampler.set_epoch(1)
    batch = next(iter(loader))
    assert batch.noisy is not None and batch.noisy.keypoints.shape == batch.keypoints.shape
    assert torch.equal(batch.noisy.labels, batch.labels)
    assert not torch.equal(batch.noisy.keypoints, batch.keypoints)
    assert batch.noisy.noisy is None and batch.to(torch.device("cpu")).noisy is not None


def test_clean_views_are_those_of_training_without_contrast(store) -> None:
    plain = next(iter(ClipData(small_recipe(), store).train_dataloader()))
    contrasted = next(iter(ClipData(small_recipe(objective=Contrastive(**SETTINGS)), store).train_dataloader()))
    assert torch.equal(plain.keypoints, contrasted.keypoints) and torch.equal(plain.labels, contrasted.labels)


def test_noise_has_the_asked_size_and_may_vary(store) -> None:
    clip = store[0]
    strengths = []
    for seed in range(30):
        noise = Noise(alpha=0.1, unit="height", up_to=True).applied(clip, np.random.default_rng(seed)).keypoints
        strengths.append(float((noise - clip.keypoints)[clip.confidence > 0].std()))
    assert max(strengths) > 4 * min(strengths)


def test_outliers_are_left_out_of_contrast(store) -> None:
    module = ActionTraining(small_recipe(objective=Contrastive(**SETTINGS)), num_classes=3).eval()
    assert isinstance(module.loss, ContrastiveLoss)
    data = ClipData(small_recipe(objective=Contrastive(**SETTINGS)), store)
    batch = next(iter(data.train_dataloader()))
    nobody = Batch(batch.keypoints, batch.confidence, torch.full_like(batch.labels, OUTLIER_LABEL), None, batch.noisy)
    supervised = CrossEntropy(outlier_weight=module.recipe.objective.outlier_weight).build()
    torch.testing.assert_close(module.loss(module.model, nobody).loss, supervised(module.model, nobody).loss)
    assert module.loss(module.model, batch).loss > supervised(module.model, batch).loss


def test_a_recipe_without_contrast_trains_as_before() -> None:
    assert isinstance(ActionTraining(small_recipe(), num_classes=3).loss, SupervisedLoss)


def test_noise_of_joints_does_not_go_with_video_frames() -> None:

    with pytest.raises(ValueError, match="noise of joints leaves video frames as they are"):
        load_recipe("rgbpose_ntu60_joint").changed(objective=Contrastive(**SETTINGS))


def test_contrast_without_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="set instance_weight or group_weight above 0, or kind cross_entropy"):
        Contrastive(instance_weight=0)


def test_what_a_batch_needs_is_the_objectives_to_say(store) -> None:
    """Nothing is drawn before contrast begins, so that clips stay those of training without it."""
    contrast, rng = Contrastive(start_epoch=2), np.random.default_rng(0)
    assert (
        contrast.noisy_view(store[0], rng, epoch=1) is None
        and CrossEntropy().noisy_view(store[0], rng, epoch=9) is None
    )
    assert rng.integers(10**6) == np.random.default_rng(0).integers(10**6)
    assert contrast.noisy_view(store[0], rng, epoch=2) is not None
