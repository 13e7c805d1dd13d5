"""The picture of a score table is written whole, in the asked format, or refused."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from posecube.evaluation import ScoreTable
from posecube.evaluation.report import plot_classes


def make_table(num_classes=4, num_clips=40) -> ScoreTable:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, num_classes, num_clips)
    scores = rng.random((num_clips, num_classes)) + 1.2 * np.eye(num_classes)[labels]
    names = tuple(map(str, range(num_clips)))
    return ScoreTable(names, labels, scores.astype(np.float32), tuple(f"class_{n}" for n in range(num_classes)))


@pytest.mark.parametrize("name", ["plot.png", "plot.svg", "plot.pdf", "plot.PNG"])
def test_a_plot_is_written(name, tmp_path):
    plot_classes(make_table(), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).stat().st_size > 5000


def test_the_plot_has_ink_where_the_matrix_and_the_bars_are(tmp_path):
    plot_classes(make_table(num_classes=15, num_clips=300), tmp_path / "plot.png")
    with Image.open(tmp_path / "plot.png") as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    height, width = pixels.shape[:2]
    assert width > 1.5 * height
    is_blue = (pixels[..., 2] - pixels[..., 0]) > 60
    assert is_blue[:, : width // 2].mean() > 0.01 and is_blue[:, width // 2 :].mean() > 0.05


def test_a_class_without_clips_is_no_trouble(tmp_path):
    plot_classes(make_table(num_classes=12, num_clips=5), tmp_path / "plot.png")


def test_the_picture_of_many_classes_stays_small(tmp_path, monkeypatch):
    def saved(figure, path, **_options):
        path.touch()
        sizes.append(tuple(figure.get_size_inches()))

    sizes = []
    monkeypatch.setattr(Figure, "savefig", saved)
    for num_classes in (4, 15, 400):
        plot_classes(make_table(num_classes=num_classes), tmp_path / "plot.png")
    assert sizes == [(10.5, 5.0), pytest.approx((10.71, 5.1)), pytest.approx((50.4, 24.0))]


@pytest.mark.parametrize("name", ["plot", "plot.txt", "plot.mp4"])
def test_a_name_that_is_no_picture_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match=r"expected a name that ends in \.png, \.svg or \.pdf"):
        plot_classes(make_table(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_table_without_labels_is_refused_and_leaves_nothing(tmp_path):
    table = make_table()
    unlabelled = ScoreTable(table.names, np.full(40, -1), table.scores, table.classes)
    with pytest.raises(ValueError, match="none of the clips has a label"):
        plot_classes(unlabelled, tmp_path / "plot.png")
    assert not list(tmp_path.iterdir())
