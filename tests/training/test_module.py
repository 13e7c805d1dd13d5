"""The Lightning module: one batch is learned by heart, and weight decay acts on kernels alone."""

import pytest
import torch

from builders import make_store, small_recipe, small_spec
from posecube.networks.posec3d import PoseC3DSpec
from posecube.training.data import ClipData
from posecube.training.module import ActionTraining, _optimizer, rate_factor
from posecube.training.objectives import CrossEntropy


def test_one_batch_is_learned_by_heart(tmp_path):
    store = make_store(tmp_path / "store")
    recipe = small_recipe(batch_size=12, model=small_spec(network=PoseC3DSpec(base_channels=4, dropout=0.0)))
    torch.manual_seed(0)
    module = ActionTraining(recipe, num_classes=3)
    batch = next(iter(ClipData(recipe, store).train_dataloader()))
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    for _ in range(60):
        step = CrossEntropy().build()(module.model, batch)
        optimizer.zero_grad()
        step.loss.backward()
        optimizer.step()
    assert step.loss.item() < 0.05
    assert (step.logits.argmax(dim=1) == batch.labels).all()


@pytest.mark.parametrize("name", ["sgd", "adamw"])
@pytest.mark.parametrize("decayed", ["kernels", "all"])
def test_weight_decay_acts_on_kernels_alone_unless_the_recipe_says_all(name, decayed):
    recipe = small_recipe(optimizer=name, weight_decay=0.25, decayed=decayed, batch_size=8, learning_rate=0.1)
    model = ActionTraining(recipe, num_classes=3).model
    optimizer = _optimizer(model, recipe)
    decay = {id(parameter): group["weight_decay"] for group in optimizer.param_groups for parameter in group["params"]}
    assert len(decay) == len(list(model.parameters()))
    for parameter in model.parameters():
        assert decay[id(parameter)] == (0.25 if parameter.ndim > 1 or decayed == "all" else 0.0)
    assert {group["lr"] for group in optimizer.param_groups} == {recipe.scaled_learning_rate}


def test_momentum_of_zero_is_allowed():
    _optimizer(ActionTraining(small_recipe(), num_classes=3).model, small_recipe(momentum=0.0))


@pytest.mark.parametrize(
    ("momentum", "nesterov", "expected"), [(0.9, True, True), (0.9, False, False), (0, True, False)]
)
def test_nesterov_is_the_recipes_choice(momentum, nesterov, expected):
    recipe = small_recipe(momentum=momentum, nesterov=nesterov)
    optimizer = _optimizer(ActionTraining(recipe, num_classes=3).model, recipe)
    assert all(group["nesterov"] is expected for group in optimizer.param_groups)


def test_the_cosine_falls_from_one_to_its_floor():
    recipe = small_recipe(warmup_steps=0, rate_floor=0.1)
    factors = [rate_factor(recipe, step, num_steps=100) for step in range(101)]
    assert factors[0] == 1 and factors[50] == pytest.approx(0.55) and factors[100] == pytest.approx(0.1)
    assert factors == sorted(factors, reverse=True)


@pytest.mark.parametrize("steps_an_epoch", [1, 3, 7, 1253])
def test_steps_fall_to_a_tenth_at_the_first_step_after_each_milestone(steps_an_epoch):
    recipe = small_recipe(epochs=12, warmup_steps=0, schedule="steps", milestones=(9, 11, 20))
    num_steps = 12 * steps_an_epoch

    def factor(step):
        return rate_factor(recipe, step, num_steps=num_steps)

    assert factor(0) == factor(9 * steps_an_epoch - 1) == 1
    assert factor(9 * steps_an_epoch) == factor(11 * steps_an_epoch - 1) == pytest.approx(0.1)
    assert factor(11 * steps_an_epoch) == factor(num_steps - 1) == pytest.approx(0.01)


def test_both_figures_are_those_of_the_confusion_matrix(monkeypatch):
    module = ActionTraining(small_recipe(), num_classes=4)
    logged = {}
    monkeypatch.setattr(module, "log", lambda name, value: logged.update({name: float(value)}))
    truth = torch.tensor([0, 0, 0, 0, 1, 2, 2])  # nobody is of class 3, which is guessed twice
    guess = torch.tensor([0, 0, 0, 3, 1, 2, 3])
    module.test_confusion.update(torch.eye(4)[guess], truth)
    module.on_validation_epoch_end()
    assert logged == {"test_top1": pytest.approx(5 / 7), "test_mean_class": pytest.approx((3 / 4 + 1 + 1 / 2) / 3)}
    assert module.test_confusion.confmat.sum() == 0, "the next epoch counts anew"


def test_an_exponential_rate_falls_epoch_by_epoch():
    recipe = small_recipe(epochs=10, warmup_steps=0, schedule="exponential", epoch_decay=0.9)
    factors = [rate_factor(recipe, step, num_steps=30) for step in range(30)]
    assert factors == pytest.approx([0.9 ** (step // 3) for step in range(30)])


@pytest.mark.parametrize("factor", [1.0, 10.0])
def test_the_head_may_learn_faster(factor):
    recipe = small_recipe(optimizer="adamw", learning_rate=0.01, batch_size=16, head_factor=factor, weight_decay=0.25)
    model = ActionTraining(recipe, num_classes=3).model
    optimizer = _optimizer(model, recipe)
    settings = {
        id(it): (group["lr"], group["weight_decay"]) for group in optimizer.param_groups for it in group["params"]
    }
    assert len(settings) == len(list(model.parameters()))
    for name, parameter in model.named_parameters():
        rate = 0.01 * factor if name.startswith("network.head.") else 0.01
        assert settings[id(parameter)] == (pytest.approx(rate), 0.25 if parameter.ndim > 1 else 0.0)
    assert len(optimizer.param_groups) == (2 if factor == 1 else 4)
