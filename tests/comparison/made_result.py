"""A result out of thin air, for what shows and writes results."""

from builders import small_recipe
from posecube.comparison import Comparison
from posecube.comparison.result import ComparisonResult, Cost, Entry, Views
from posecube.evaluation import Metrics

ONE, MANY = Views(), Views(10, flip=True)


def make_result(*, num_seeds=2, views=(ONE, MANY), figure="top1", own=None, first=90.0):
    """Two variants and their fusion, each a little better than the one before."""
    recipes = {"joint": small_recipe(), "limb": small_recipe().changed(model__representation__shows="limbs")}
    comparison = Comparison(
        "joint-vs-limb", "Joints or limbs?", "Both.", ("model.representation.shows",), recipes, (("joint", "limb"),)
    )
    if own:
        comparison = comparison.with_own_settings(own)
    cost = Cost(55_000, 0.25, (10.0, 14.0)[:num_seeds])
    entries = [
        Entry(names, sum([cost] * (len(names) - 1), cost), {
            kind: tuple(
                Metrics(first + place + 2 * seed + (kind == MANY), 99.0, first - 1 + place, 400)
                for seed in range(num_seeds)
            )
            for kind in views
        })
        for place, names in enumerate([("joint",), ("limb",), ("joint", "limb")])
    ]  # fmt: skip
    store = {"name": "made", "fingerprint": "0f", "num_clips": 900, "test_split": "test"}
    return ComparisonResult(comparison, store, tuple(range(num_seeds)), tuple(views), figure, tuple(entries))
