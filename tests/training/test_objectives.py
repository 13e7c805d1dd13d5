"""What training minimises, against formulas written down once more."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from posecube.training.batch import OUTLIER_LABEL, Batch
from posecube.training.objectives import CrossEntropy


class Echo(nn.Module):
    """Gives the logits it was made with, one head's or several, whatever it is shown."""

    def __init__(self, *logits) -> None:
        super().__init__()
        self.logits = nn.ParameterList(torch.tensor(one, dtype=torch.float32) for one in logits)

    def heads(self, _keypoints, _confidence, _frames_rgb):
        return {str(number): logits for number, logits in enumerate(self.logits)}


def loss_of(logits, labels, **options):
    batch = Batch(torch.zeros(len(labels), 1, 1, 1, 2), torch.zeros(len(labels), 1, 1, 1), torch.tensor(labels))
    return CrossEntropy(**options).build()(Echo(logits), batch).loss


def reference(logits, labels, smoothing, weight):
    """Sum over clips of target times negative log-probability, a labelled clip's share."""
    total = 0.0
    for row, label in zip(np.asarray(logits, dtype=np.float64), labels, strict=True):
        log_probability = row - np.log(np.exp(row).sum())
        equal = np.full(len(row), 1 / len(row))
        if label == OUTLIER_LABEL:
            total -= weight * (equal @ log_probability)
        else:
            total -= ((1 - smoothing) * np.eye(len(row))[label] + smoothing * equal) @ log_probability
    return total / max(1, sum(label != OUTLIER_LABEL for label in labels))


LOGITS = [[2.0, -1.0, 0.5], [0.0, 0.0, 3.0], [1.0, 1.5, -2.0]]


@pytest.mark.parametrize("labels", [[0, 2, 1], [0, -1, 1], [-1, -1, 2], [-1, -1, -1]])
@pytest.mark.parametrize(("smoothing", "weight"), [(0.0, 0.5), (0.1, 0.5), (0.2, 0.0), (0.0, 1.0)])
def test_the_loss_is_the_formula(labels, smoothing, weight):
    loss = loss_of(LOGITS, labels, label_smoothing=smoothing, outlier_weight=weight)
    assert loss.item() == pytest.approx(reference(LOGITS, labels, smoothing, weight), rel=1e-5)


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3))
def test_an_outlier_costs_least_at_equal_scores(logits):
    equal = loss_of([[0.7, 0.7, 0.7]], [OUTLIER_LABEL]).item()
    assert equal == pytest.approx(0.5 * np.log(3), rel=1e-5)
    assert loss_of([logits], [OUTLIER_LABEL]).item() >= equal - 1e-5


def test_equal_scores_of_an_outlier_have_no_gradient():
    model = Echo([[0.3, 0.3, 0.3]])
    batch = Batch(torch.zeros(1, 1, 1, 1, 2), torch.zeros(1, 1, 1, 1), torch.tensor([OUTLIER_LABEL]))
    CrossEntropy().build()(model, batch).loss.backward()
    torch.testing.assert_close(model.logits[0].grad, torch.zeros(1, 3))


def test_outliers_do_not_dilute_the_labelled_clips():
    alone = loss_of(LOGITS[:1], [0], outlier_weight=0.0)
    among = loss_of(LOGITS, [0, -1, -1], outlier_weight=0.0)
    torch.testing.assert_close(alone, among)


@pytest.mark.parametrize("labels", [[0, 2, 1], [0, -1, 1]])
def test_heads_have_a_loss_each_and_their_probabilities_are_averaged(labels):
    other = [[-1.0, 0.5, 0.0], [4.0, 0.0, -3.0], [0.1, 0.2, 0.3]]
    batch = Batch(torch.zeros(3, 1, 1, 1, 2), torch.zeros(3, 1, 1, 1), torch.tensor(labels))
    step = CrossEntropy(label_smoothing=0.1).build()(Echo(LOGITS, other), batch)
    expected = sum(reference(logits, labels, 0.1, 0.5) for logits in (LOGITS, other))
    assert step.loss.item() == pytest.approx(expected, rel=1e-5)
    probabilities = [torch.softmax(torch.tensor(logits), dim=1) for logits in (LOGITS, other)]
    torch.testing.assert_close(torch.softmax(step.logits, dim=1), sum(probabilities) / 2)
