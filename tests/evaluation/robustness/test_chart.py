"""The chart is a picture, whole or not at all, whatever it has to show."""

from dataclasses import replace

import pytest
from made_robustness import made_result

from posecube.evaluation.robustness.chart import plot_curves


@pytest.mark.parametrize("what", ["all", "curves", "grid"])
def test_the_chart_is_written_whole_or_not_at_all(what, tmp_path):
    result = made_result()
    if what != "all":
        result = replace(result, grid=None) if what == "curves" else replace(result, perturbations=())
    plot_curves(result, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(OSError):
        plot_curves(result, tmp_path / "none" / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
