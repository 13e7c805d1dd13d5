"""Figures of a score table against ten lines of numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CLASSES
from posecube.evaluation import Metrics, ScoreTable, measure
from posecube.evaluation.metrics import class_accuracy, confusion_matrix


def table_of(scores, labels, classes=None) -> ScoreTable:
    scores = np.asarray(scores, dtype=np.float32)
    classes = classes or tuple(f"class{number}" for number in range(scores.shape[1]))
    return ScoreTable(tuple(map(str, range(len(scores)))), np.asarray(labels, dtype=np.int64), scores, classes)


def random_table(num_clips, num_classes, seed) -> ScoreTable:
    """Scores without ties, whose order is not the labels' order; some labels unknown, some classes without clips."""
    rng = np.random.default_rng(seed)
    scores = rng.permutation(num_clips * num_classes).reshape(num_clips, num_classes) + 1.0
    labels = rng.integers(-1, max(1, num_classes - 1), num_clips)
    labels[0] = 0
    return table_of(scores / scores.sum(axis=1, keepdims=True), labels)


def reference(table: ScoreTable) -> Metrics:
    known = table.labels >= 0
    scores, labels = table.scores[known], table.labels[known]
    ranks = (scores > scores[np.arange(len(labels)), labels][:, None]).sum(axis=1)
    by_class = [np.mean(ranks[labels == label] == 0) for label in np.unique(labels)]
    figures = (np.mean(ranks < 1), np.mean(ranks < 5), np.mean(by_class))
    return Metrics(*(round(100 * float(figure), 2) for figure in figures), num_clips=len(labels))


@given(st.integers(1, 40), st.integers(2, 12), st.integers(0, 10_000))
def test_figures_are_those_of_the_reference(num_clips, num_classes, seed):
    table = random_table(num_clips, num_classes, seed)
    got, expected = measure(table), reference(table)
    assert got.num_clips == expected.num_clips
    for figure in ("top1", "top5", "mean_class"):
        assert getattr(got, figure) == pytest.approx(getattr(expected, figure), abs=0.011), figure


@given(st.integers(1, 40), st.integers(2, 8), st.integers(0, 10_000))
def test_the_confusion_matrix_counts_every_labelled_clip_once(num_clips, num_classes, seed):
    table = random_table(num_clips, num_classes, seed)
    expected = np.zeros((num_classes, num_classes), dtype=int)
    for row, label in zip(table.scores, table.labels, strict=True):
        if label >= 0:
            expected[label, row.argmax()] += 1
    np.testing.assert_array_equal(confusion_matrix(table), expected)


def test_mean_class_is_over_the_classes_that_have_clips():
    table = table_of([[1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0]], [0, 0, 0, 1, 1], CLASSES)
    assert measure(table) == Metrics(top1=80.0, top5=100.0, mean_class=75.0, num_clips=5)
    np.testing.assert_array_equal(class_accuracy(table), [100, 50, np.nan])


@pytest.mark.parametrize("num_classes", [2, 3, 4, 5])
def test_with_five_classes_or_fewer_top5_is_everything(num_classes):
    table = table_of(np.eye(num_classes)[:1], [num_classes - 1])
    assert measure(table).top5 == 100.0 and measure(table).top1 == 0.0


def test_clips_without_a_label_do_not_count():
    table = table_of([[1, 0], [1, 0]], [0, -1])
    assert measure(table) == Metrics(top1=100.0, top5=100.0, mean_class=100.0, num_clips=1)
    assert measure(table).as_dict() == {"top1": 100.0, "top5": 100.0, "mean_class": 100.0, "num_clips": 1}


@pytest.mark.parametrize("labels", [[-1, -1], []])
def test_nothing_to_measure_is_refused(labels):
    with pytest.raises(ValueError, match="none of the clips has a label"):
        measure(table_of(np.zeros((len(labels), 2)), labels))
