"""The language of motions: tracks, keys, waves, seeded choices."""

import numpy as np
import pytest

from posecube_studio.goals import Goals
from posecube_studio.motions.style import Style, alive, keyed, mixed, wave, with_tracks

TIME_S = np.linspace(0, 2, 61)


def test_a_wave_goes_up_and_comes_back() -> None:
    values = wave(TIME_S, period_s=2.0, sharpness=0.5)
    assert values[0] == pytest.approx(0) and values[30] == pytest.approx(1) and values[-1] == pytest.approx(0)
    assert values.min() >= -1e-12 and values.max() <= 1 + 1e-12


def test_mixing_numbers_and_vectors() -> None:
    part = np.array([0.0, 0.5, 1.0])
    np.testing.assert_allclose(mixed(2.0, 4.0, part), [2, 3, 4])
    np.testing.assert_allclose(mixed((0, 0, 0), (1, 2, 3), part)[1], [0.5, 1, 1.5])


def test_keys_are_met_and_held_and_never_overshot() -> None:
    goals = keyed(
        TIME_S,
        [(0.25, {"bend": 10, "hand": (0.1, 0.2, 0.3)}), (0.5, {"bend": 40}), (0.75, {"bend": 40})],
        duration_s=2.0,
    )
    bend = goals.spine_deg[:, 0]
    np.testing.assert_allclose(bend[[0, 15, 30, 45, 60]], [10, 10, 40, 40, 40], atol=1e-9)
    assert bend.max() <= 40 + 1e-9
    np.testing.assert_allclose(goals.hands[20], [[0.1, 0.2, 0.3]] * 2)


def test_a_side_that_is_named_itself_wins() -> None:
    goals = keyed(TIME_S, [(0.0, {"heel": 5, "left_heel": 30})], duration_s=2.0)
    np.testing.assert_allclose(goals.feet_deg[0, :, 0], [30, 5])


def test_an_unknown_track_is_named() -> None:
    with pytest.raises(ValueError, match="unknown motion track 'knees'"):
        with_tracks(Goals.standing(2), knees=1.0)


def test_choices_follow_the_seed_and_vanish_without_variety() -> None:
    first, same, other = (Style(np.random.default_rng(seed)).between(0, 1) for seed in (1, 1, 2))
    assert first == same != other
    typical = Style(np.random.default_rng(5), variety=0)
    assert typical.between(2, 4) == 3
    assert not typical.chance(0.3) and typical.chance(0.7)
    with pytest.raises(ValueError, match="variety must lie between 0"):
        Style(np.random.default_rng(0), variety=2)


def test_a_living_body_drifts_but_keeps_its_feet() -> None:
    goals = Goals.standing(len(TIME_S))
    swaying = alive(goals, Style(np.random.default_rng(0)), TIME_S)
    assert np.ptp(swaying.neck_deg) > 0.5
    np.testing.assert_array_equal(swaying.feet, goals.feet)
    assert np.abs(np.diff(swaying.hands, axis=0)).max() < 0.02
