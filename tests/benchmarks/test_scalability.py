"""A volume costs the same for any number of people, a graph so much a person; the size is the paper's."""

import pytest

import scalability


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scalability, "PEOPLE", (1, 2, 4))
        patch.setattr(scalability, "REPEATS", 1)
        return scalability.measure()


def test_volumes_are_flat_and_graphs_linear(figures: dict[str, float]) -> None:
    assert figures["volume_1_people_gmacs"] == figures["volume_4_people_gmacs"]
    for name in scalability.GRAPHS:
        one = figures[f"{name}_1_people_gmacs"]
        for people in (2, 4):
            assert figures[f"{name}_{people}_people_gmacs"] == pytest.approx(people * one, rel=1e-3)


def test_the_size_is_the_papers(figures: dict[str, float]) -> None:
    """PoseConv3D section 4.4.3: 0.52 M parameters, 1.6 GFLOPs. The latter is the size of testing, 64 x 64."""
    assert figures["volume_parameters_m"] == pytest.approx(0.52, abs=0.01)
    assert figures["volume_64_gmacs"] == pytest.approx(1.6, abs=0.05)
    assert figures["volume_1_people_gmacs"] == pytest.approx(1.25, abs=0.005)


def test_every_number_of_people_is_timed(figures: dict[str, float]) -> None:
    for name in ("volume", "drawing", *scalability.GRAPHS):
        assert all(0 < figures[f"{name}_{people}_people_ms"] < 60_000 for people in (1, 2, 4))
    assert {f"{name}_further_person_ms" for name in ("volume", *scalability.GRAPHS)} <= figures.keys()
