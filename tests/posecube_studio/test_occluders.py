import numpy as np
import pytest

from posecube.skeleton import find_layout
from posecube_studio.conditions import Conditions
from posecube_studio.occluders import HIDDEN_SHARE, is_hidden
from posecube_studio.rotation import about
from posecube_studio.solid import Material, Solid, ball, box, disc
from posecube_studio.take import Take, plan_take

NTU25 = find_layout("ntu25")
GREY = Material((0.5, 0.5, 0.5))


def furnished(action: str, *, count: int = 1, view: int = 0, seed: int = 0) -> Take:
    return plan_take(
        action, subject=1, view=view, seed=seed, rig="arc", num_frames=24, size_hw=(144, 256),
        conditions=Conditions(occluders=count),
    )  # fmt: skip


def hidden_share(take: Take) -> float:
    points = np.concatenate([each.posture.joints(NTU25).reshape(-1, 3) for each in take.performers])
    return float(is_hidden(take.lenses[0].place_m, points, take.occluders).mean())


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("action", ["wave", "hug", "pushup"])
def test_furniture_hides_some_joints_and_never_all(action: str, count: int) -> None:
    for seed in range(3):
        low, high = HIDDEN_SHARE
        assert low - 0.03 <= hidden_share(furnished(action, count=count, seed=seed)) <= high + 0.03
        for view in (1, 2):
            assert hidden_share(furnished(action, count=count, view=view, seed=seed)) < 0.65


def test_furniture_is_the_same_for_every_camera_and_differs_by_performance() -> None:
    first, second = (furnished("squat", view=view).occluders for view in (0, 2))
    assert [solid.origin for solid in first] == [solid.origin for solid in second]
    kinds = {len(furnished("squat", seed=seed).occluders) for seed in range(8)}
    assert len(kinds) > 1
    plain = plan_take("squat", subject=1, rig="arc", num_frames=24, size_hw=(144, 256))
    assert plain.occluders == ()
    np.testing.assert_array_equal(plain.keypoints_3d, furnished("squat").keypoints_3d)


def test_furniture_stands_clear_of_people_and_camera() -> None:
    for seed in range(5):
        take = furnished("walk", count=2, seed=seed)
        joints = take.performers[0].posture.joints(NTU25).reshape(-1, 3)
        for solid in take.occluders:
            assert solid.frame == "world"
            assert not is_hidden(joints[0], joints, [solid]).all()
            assert np.linalg.norm(np.array(solid.origin) - take.lenses[0].place_m) > 0.5


@pytest.mark.parametrize(
    ("solid", "size"),
    [
        (box("world", (0, 1, 2), (0.3, 0.4, 0.2), GREY), (0.3, 0.4)),
        (disc("world", (0, 1, 2), (0.0, 1.0, 0.0), 0.3, 0.4, GREY), (0.3, 0.4)),
        (ball("world", (0, 1, 2), (0.3, 0.4, 0.2), GREY), (0.3, 0.4)),
    ],
)
def test_what_lies_behind_a_solid_is_hidden(solid: Solid, size: tuple[float, float]) -> None:
    eye, (wide, high) = np.array([0.0, 1.0, -20.0]), size
    behind = [(0, 1, 4), (0.9 * wide, 1, 2.5), (0, 1 + 0.95 * high, 2.0)]
    beside = [(1.2 * wide, 1, 2), (0, 1 + 1.1 * high, 2)]
    before = [(0, 1, 1.0)]
    expected = [True] * 3 + [False] * 3
    points = np.array([*behind, *beside, *before])
    assert is_hidden(eye, points, [solid]).tolist() == expected


def test_a_turned_solid_hides_along_its_own_axes() -> None:
    thin = Solid("world", (0, 1, 0), about("y", np.pi / 2), (1.0, 1.0, 0.01), GREY, kind=2)
    points = np.array([[0.5, 1.0, 2.0]])
    assert not is_hidden(np.array([0.5, 1.0, -2.0]), points, [thin]).any()
    assert is_hidden(np.array([-2.0, 1.0, 0.5]), np.array([[2.0, 1.0, 0.5]]), [thin]).all()
