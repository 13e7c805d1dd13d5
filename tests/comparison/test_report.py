"""The table says everything in 80 columns; the chart is written whole or not at all."""

import pytest
from made_result import MANY, ONE, make_result
from matplotlib.figure import Figure
from PIL import Image
from rich.console import Console

from posecube.comparison import QUESTIONS
from posecube.comparison.report import comparison_table, plot_comparison, questions_table


def printed(table, *, width=80):
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    with console.file:
        console.print(table)
        return console.export_text()


def test_the_table_has_every_figure():
    text = printed(comparison_table(make_result(own={"limb": ["epochs=9"]})))
    for part in ("Joints or limbs?", "top-1 in %", "store made, 400 clips of test", "mean and range of seeds 0, 1",
                 "posec3d", "0.055", "0.110", "0.250", "91.00", "90.0–92.0", "94.00", "12", "24", "10 views",
                 "limb had settings of its own: epochs=9", "one standard error of top-1 on 400 clips: 1.2 points",
                 "the paper: Both."):  # fmt: skip
        assert part in text, part


def test_a_single_seed_has_no_range():
    text = printed(comparison_table(make_result(num_seeds=1, views=(ONE,), figure="mean_class")))
    assert "mean of classes in %" in text and "seed 0" in text and "–" not in text and "range" not in text
    assert "89.00" in text and "10 views" not in text


def test_the_questions_are_listed_with_the_papers_answers():
    text = " ".join(printed(questions_table(QUESTIONS.values()), width=900).split())
    for question in QUESTIONS.values():
        assert question.name in text and question.asks in text and question.paper[:40] in text


@pytest.mark.parametrize(
    "options",
    [{}, {"num_seeds": 1, "views": (ONE,)}, {"views": (MANY,), "first": 3.0}, {"figure": "mean_class", "first": 97.0}],
    ids=["seeds and views", "one bar each", "low", "high"],
)
def test_the_chart_is_a_picture(options, tmp_path):
    plot_comparison(make_result(**options), tmp_path / "chart.png")
    with Image.open(tmp_path / "chart.png") as picture:
        assert picture.format == "PNG" and picture.width > 800
        assert len(picture.convert("RGB").getcolors(1_000_000)) > 10
    assert [path.name for path in tmp_path.iterdir()] == ["chart.png"]


def test_a_chart_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def full_disk(_figure, path, **_options):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full_disk)
    with pytest.raises(OSError, match="No space left"):
        plot_comparison(make_result(), tmp_path / "chart.png")
    assert not list(tmp_path.iterdir())
