"""The list of corruptions: complete, harmless at 0, the same for every model."""

from dataclasses import replace

import numpy as np
import pytest

from builders import make_sequence
from posecube.evaluation.robustness.corruptions import ALPHAS, CORRUPTIONS, Corruption, find_corruptions


def test_the_papers_severities() -> None:
    assert CORRUPTIONS["noise"].severities == CORRUPTIONS["noise_by_motion"].severities == ALPHAS
    assert len(ALPHAS) == 9 and 0.015 in ALPHAS
    assert CORRUPTIONS["drop_joint"].severities == (0, 1 / 8, 1 / 4, 1 / 2, 1)
    assert 0.065 in CORRUPTIONS["noise_by_height"].severities


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corruption_is_the_same_for_the_same_seed_and_nothing_at_0(name: str) -> None:
    made, clip = CORRUPTIONS[name], make_sequence(0, frames=40)
    assert made.applied(clip, 0, seed=1) is clip
    worst = made.severities[-1]
    one, same, other = (made.applied(clip, worst, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.keypoints, same.keypoints)
    np.testing.assert_array_equal(one.confidence, same.confidence)
    for done in (one, other):
        assert (done.keypoints != clip.keypoints).any() or (done.confidence != clip.confidence).any()


def test_clips_and_severities_are_drawn_apart() -> None:
    made, clip = CORRUPTIONS["noise"], make_sequence(0)
    moved = made.applied(clip, 0.02, seed=0).keypoints - clip.keypoints
    renamed = clip.replaced(name="another")
    assert not np.allclose(made.applied(renamed, 0.02, seed=0).keypoints - clip.keypoints, moved)
    assert not np.allclose(made.applied(clip, 0.04, seed=0).keypoints - clip.keypoints, 2 * moved)


def test_corruptions_are_found_by_name() -> None:
    assert find_corruptions(None) == tuple(CORRUPTIONS.values())
    assert find_corruptions(["none"]) == ()
    assert [made.name for made in find_corruptions(["doubt", "noise"])] == ["doubt", "noise"]
    with pytest.raises(ValueError, match=r"unknown corruption 'nois'; did you mean noise\?"):
        find_corruptions(["nois"])
    with pytest.raises(ValueError, match="unknown corruption 'xyz'; known: doubt, "):
        find_corruptions(["xyz"])
    with pytest.raises(ValueError, match="may be named once"):
        find_corruptions(["noise", "noise"])


@pytest.mark.parametrize(
    ("severities", "message"),
    [
        ((0.1, 0.2), "must rise from 0"),
        ((0.0, 0.2, 0.1), "must be two or more and rise"),
        ((0.0, 0.1, 0.1), "must be two or more and rise"),
        ((0.0,), "must be two or more and rise"),
    ],
)
def test_severities_rise_from_0(severities: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=f"severities of new {message}"):
        Corruption("new", "", "", severities, lambda sequence, _severity, _rng: sequence)


def test_severities_are_written_as_people_write_them() -> None:
    assert CORRUPTIONS["drop_joint"].severity_texts == ["0", "1/8", "1/4", "1/2", "1"]
    assert CORRUPTIONS["noise"].severity_texts[:5] == ["0", "0.001", "0.005", "0.01", "0.015"]
    assert {made.name for made in CORRUPTIONS.values() if made.axis == "root"} == {
        "noise", "noise_by_motion", "noise_by_height",
    }  # fmt: skip


def test_names_of_version_0_2_are_understood() -> None:
    assert [made.name for made in find_corruptions(["lost_joint", "lost_track"])] == ["drop_joint", "drop_person"]


def test_a_new_name_draws_as_the_old_one_did() -> None:
    drop = CORRUPTIONS["drop_person"]
    old = replace(drop, name="lost_track", old_name="")
    sequence = make_sequence(people=2, frames=40, name="clip")
    a, b = (it.applied(sequence, 0.5, seed=3) for it in (drop, old))
    assert np.array_equal(a.confidence, b.confidence)
