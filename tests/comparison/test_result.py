"""Figures over seeds, costs of fusions, and the JSON that others read."""

import json

import pytest
from made_result import MANY, ONE, make_result

from posecube.comparison.result import Cost, Views


@pytest.mark.parametrize(
    ("views", "text", "file"),
    [
        (ONE, "1 view", "scores-1.npz"),
        (Views(1, flip=True), "1 view + flip", "scores-1-flip.npz"),
        (Views(10), "10 views", "scores-10.npz"),
        (MANY, "10 views + flip", "scores-10-flip.npz"),
    ],
)
def test_kinds_of_views_have_names(views, text, file):
    assert (str(views), views.scores_file) == (text, file)


def test_costs_add_up_but_unknown_time_stays_unknown():
    assert Cost(1, 0.5, (3.0, None)) + Cost(2, 0.25, (4.0, 5.0)) == Cost(3, 0.75, (7.0, None))
    assert Cost(1, 1.0, (3.0, None, 5.0)).mean_seconds == 4.0
    assert Cost(1, 1.0, (None,)).mean_seconds is None


def test_figures_are_means_over_seeds():
    result = make_result()
    joint, _, both = result.entries
    assert joint.figures(ONE, "top1") == [90.0, 92.0] and joint.mean(MANY, "top1") == 92.0
    assert both.name == "joint + limb" and both.is_fusion and not joint.is_fusion
    assert result.num_clips == 400
    assert result.standard_error(joint, ONE) == pytest.approx(100 * (0.91 * 0.09 / 400) ** 0.5)


def test_the_json_says_what_was_compared_and_found():
    content = json.loads(json.dumps(make_result(own={"limb": ["learning_rate=0.5"]}).as_dict()))
    assert content["comparison"] == "joint-vs-limb" and content["seeds"] == [0, 1] and content["figure"] == "top1"
    assert content["store"]["fingerprint"] == "0f" and content["num_test_clips"] == 400
    assert content["differences"]["model.representation.shows"] == {"joint": "joints", "limb": "limbs"}
    assert content["differences"]["learning_rate"] == {"joint": 0.01, "limb": 0.5}
    assert content["own_settings"] == {"limb": ["learning_rate=0.5"]}
    joint, limb = content["variants"]
    assert (joint["name"], joint["architecture"], joint["epochs"]) == ("joint", "posec3d_c3d", 3)
    assert (limb["parameters"], limb["gmacs"], limb["train_seconds"]) == (55_000, 0.25, [10.0, 14.0])
    assert joint["scores"]["10 views + flip"] == {
        "top1": [91.0, 93.0], "mean_class": [89.0, 89.0], "mean_top1": 92.0, "mean_mean_class": 89.0,
        "standard_error_top1": 1.36,
    }  # fmt: skip
    (both,) = content["fusions"]
    assert both["variants"] == ["joint", "limb"] and both["parameters"] == 110_000
    assert both["train_seconds"] == [20.0, 28.0] and "epochs" not in both
