"""The Lightning module: one batch is learned by heart, and weight decay acts on kernels alone."""

import pytest
import torch

from builders import make_store, small_recipe, small_spec
from posecube.training.data import ClipData
from posecube.training.module import ActionTraining, _optimizer
from posecube.training.objectives import Supervised


def test_one_batch_is_learned_by_heart(tmp_path):
    store = make_store(tmp_path / "store")
    recipe = small_recipe(batch_size=12, model=small_spec(arguments={"base_channels": 4, "dropout": 0.0}))
    torch.manual_seed(0)
    module = ActionTraining(recipe, num_classes=3)
    batch = next(iter(ClipData(recipe, store).train_dataloader()))
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    for _ in range(60):
        step = Supervised()(module.model, batch)
        optimizer.zero_grad()
        step.loss.backward()
        optimizer.step()
    assert step.loss.item() < 0.05
    assert (step.logits.argmax(dim=1) == batch.labels).all()


@pytest.mark.parametrize("name", ["sgd", "adamw"])
def test_weight_decay_acts_on_kernels_alone(name):
    recipe = small_recipe(optimizer=name, weight_decay=0.25, batch_size=8, learning_rate=0.1)
    model = ActionTraining(recipe, num_classes=3).model
    optimizer = _optimizer(model, recipe)
    decay = {id(parameter): group["weight_decay"] for group in optimizer.param_groups for parameter in group["params"]}
    assert len(decay) == len(list(model.parameters()))
    for parameter in model.parameters():
        assert decay[id(parameter)] == (0.25 if parameter.ndim > 1 else 0.0)
    assert {group["lr"] for group in optimizer.param_groups} == {recipe.scaled_learning_rate}


def test_momentum_of_zero_is_allowed():
    _optimizer(ActionTraining(small_recipe(), num_classes=3).model, small_recipe(momentum=0.0))
