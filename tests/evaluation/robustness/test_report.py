"""The report's files and what the terminal shows: every figure, every name, nothing dropped silently."""

import json
from dataclasses import replace

import pytest
from made_robustness import NAMES, made_result

from posecube.evaluation.robustness.report import areas_table, grid_table, notes_of, write_report


def test_the_report_is_three_files(tmp_path):
    result = made_result()
    paths = write_report(result, tmp_path / "report", scored="split test of a store")
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "robustness.html", "robustness.json", "robustness.png",
    ]  # fmt: skip
    assert {path.name for path in paths} == {path.name for path in (tmp_path / "report").iterdir()}
    content = json.loads((tmp_path / "report" / "robustness.json").read_text())
    assert content == {"scored": "split test of a store", **json.loads(json.dumps(result.as_dict()))}


@pytest.fixture
def page(tmp_path) -> str:
    write_report(made_result(), tmp_path, scored="split test of a store")
    return (tmp_path / "robustness.html").read_text()


def test_the_page_shows_curves_areas_and_grid(page):
    assert "&lt;two&gt;" in page and "<two>" not in page, "names of models are escaped"
    assert page.count("<table>") == 2 + 3 and "data:image/png;base64," in page
    assert "every model has (noise, drop_joint)" in page.replace("\n", " ")
    assert "<th>1/8</th><th>1/4</th><th>1/2</th><th>1</th>" in page
    assert "<td>94.5<small>94.0 to 95.0</small></td>" in page, "a mean with the range of its seeds"
    assert "over the 6 of 8 clips that all sources have" in page.replace("\n", " ")
    # By hand: the mean step, each weighed by the severities that it stands for, is 6.19.
    assert "<tr><td>noise</td><td>35.7<small>32.1 to 39.3</small></td>" in page
    assert "<tr><td>clips that lack</td><td>0</td><td>2</td></tr>" in page


def test_nothing_is_dropped_silently(page):
    names = ", ".join(NAMES[:5])
    assert f"at 1 no joint of 7 of 8 clips ({names}, ...) reaches the network of one." in page
    notes = notes_of(made_result())
    assert notes == [
        "poses gamma 2: clip5 could not be read: cut short",
        "one, <two>: no joint of 1 clips (clip3) reaches it even without corruption",
        "poses <estimated>: no detections in 2 clips (clip6, clip7)",
        "one, tail: not scored: layout coco17 has no tail",
    ]
    for note in notes:
        assert note.replace("<", "&lt;").replace(">", "&gt;") in page


def test_a_report_may_be_curves_or_a_grid_alone(tmp_path):
    result = made_result()
    write_report(replace(result, grid=None), tmp_path, scored="")
    assert "Poses from elsewhere" not in (tmp_path / "robustness.html").read_text()
    write_report(replace(result, perturbations=(), curves={}, refused={}), tmp_path, scored="")
    page = (tmp_path / "robustness.html").read_text()
    assert "Areas under" not in page and page.count("<table>") == 1


def test_the_terminal_shows_the_areas():
    result = made_result()
    table = areas_table(result)
    assert [column.header for column in table.columns] == ["corruption", "one", "<two>"]
    assert list(table.columns[0].cells) == ["clean", "noise", "drop_joint", "tail", "mean"]
    first, second = (list(column.cells) for column in table.columns[1:])
    assert first[3] == "–", "no curve, no area"
    assert second[0] == "90.0" and second[3] == "52.5" and second[4] == f"{result.area('<two>'):.1f}"


def test_the_terminal_shows_the_grid():
    grid = made_result().grid
    assert grid is not None
    table = grid_table(grid)
    assert [column.header for column in table.columns] == ["model", "annotated", "<estimated>"]
    assert list(table.columns[2].cells) == ["50.0 (66.7)", "50.0 (66.7)", "2"]
