"""Means, ranges and areas; what models are compared by; the JSON's content."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_robustness import curve_of, made_result

from posecube.evaluation.robustness.corruptions import Corruption
from posecube.evaluation.robustness.curves import Curve, Robustness


def corruption(*severities: float) -> Corruption:
    return Corruption("made", "", "share", severities, lambda sequence, *_: sequence)


def test_the_area_is_the_mean_height_over_the_severities():
    curve = curve_of("m", corruption(0.0, 0.1, 1.0), (100, 100), (80, 60), (0, 20))
    assert curve.mean.tolist() == [100, 70, 10] and curve.spread.tolist() == [0, 20, 20]
    np.testing.assert_allclose(curve.areas, [0.1 * 90 + 0.9 * 40, 0.1 * 80 + 0.9 * 40])
    assert curve.area == pytest.approx(0.1 * 85 + 0.9 * 40)


@given(
    heights=st.lists(st.floats(0, 100), min_size=4, max_size=4),
    gaps=st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
)
def test_an_area_lies_between_the_lowest_and_the_highest_point(heights, gaps):
    curve = curve_of("m", corruption(0.0, *np.cumsum(gaps).tolist()), *[(height,) for height in heights])
    assert min(heights) - 1e-9 <= curve.area <= max(heights) + 1e-9
    flat = Curve("m", curve.perturbation, np.full((4, 1), heights[0]), ((),) * 4, 1)
    assert flat.area == pytest.approx(heights[0])


def test_models_are_compared_on_curves_that_all_have():
    result = made_result()
    assert result.shared == ["noise", "drop_joint"]
    both = [result.curves["one", name].area for name in result.shared]
    assert result.area("one") == pytest.approx(np.mean(both))
    tail = result.perturbations[-1]
    alone = Robustness(("b",), (tail,), {}, {("b", "tail"): "no such joints"}, (0, 1))
    assert alone.area("b") is None and alone.as_dict()["models"]["b"]["area"] is None


def test_the_json_has_areas_and_every_seed():
    content = json.loads(json.dumps(made_result().as_dict()))
    assert content["seeds"] == [0, 5] and content["mean_area_over"] == ["noise", "drop_joint"]
    one = content["models"]["one"]
    noise = one["corruptions"]["noise"]
    assert noise["top1_by_seed"][1] == [94.0 - 10 * step for step in range(9)] and noise["top1"][0] == 94.5
    assert noise["area"] == pytest.approx(np.mean(noise["area_by_seed"]), abs=0.01)
    assert noise["unit"] == "sigma, fraction of the frame" and noise["severities"][4] == 0.015
    assert one["empty"] == {"count": 1, "names": ["clip3"]} and one["clean"] == 95.0
    lost = one["corruptions"]["drop_joint"]
    assert lost["num_empty"] == [0, 0, 0, 0, 7] and lost["empty"][4]["names"][0] == "clip0"
    assert one["corruptions"]["tail"] == {"refused": "layout coco17 has no tail"}
    assert content["poses"]["sources"]["<estimated>"]["missing"]["count"] == 2
    assert content["remarks"] == ["poses gamma 2: clip5 could not be read: cut short"]
