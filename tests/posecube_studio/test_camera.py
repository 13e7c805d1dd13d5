import numpy as np
import pytest

from posecube_studio.camera import ARC_YAWS_DEG, aim, arc_cameras, shaken
from posecube_studio.lens import Lens
from posecube_studio.motions import View

SIZE_HW = (256, 192)


def walk_across(rng: np.random.Generator) -> np.ndarray:
    """A cloud as tall as a person that moves 2 m sideways and 1 m towards the front. (20, 30, 3)"""
    cloud = rng.uniform([-0.4, 0.0, -0.3], [0.4, 1.8, 0.3], size=(30, 3))
    return cloud[None] + np.linspace(0, 1, 20)[:, None, None] * np.array([2.0, 0.0, 1.0])


def rig(num_views: int = 3, seed: int = 3, margin: float = 0.10) -> tuple[np.ndarray, tuple[Lens, ...]]:
    rng = np.random.default_rng(seed)
    points = walk_across(rng)
    return points, arc_cameras(points, size_hw=SIZE_HW, num_views=num_views, rng=rng, margin=margin)


@pytest.mark.parametrize("margin", [0.0, 0.10, 0.2])
@pytest.mark.parametrize("yaw_deg", [0, 70, 180])
def test_an_aimed_camera_holds_all_points_and_no_more_than_it_must(yaw_deg: float, margin: float) -> None:
    points = walk_across(np.random.default_rng(0))
    pixels, _ = aim(points, View(yaw_deg, 5.0), size_hw=SIZE_HW, margin=margin).project(points)
    offset = np.abs(pixels - [95.5, 127.5]) / [96, 128]
    assert 1 - 2 * margin - 0.02 < offset.max() < 1 - 2 * margin + 0.02


@pytest.mark.parametrize("num_views", [1, 3, 8])
def test_every_camera_of_an_arc_sees_everything(num_views: int) -> None:
    for seed in range(5):
        points, lenses = rig(num_views, seed)
        assert len(lenses) == num_views
        for lens in lenses:
            pixels, depth = lens.project(points)
            offset = np.abs(pixels - [95.5, 127.5]) / [96, 128]
            assert offset.max() <= 0.8 + 1e-9
            assert depth.min() > 0


def test_cameras_of_an_arc_share_height_distance_and_focal_length() -> None:
    points, lenses = rig(8)
    flat = points.reshape(-1, 3)
    middle = (flat.min(axis=0) + flat.max(axis=0)) / 2
    places = np.array([lens.place_m for lens in lenses])
    assert 1.2 <= places[0, 1] <= 1.8
    np.testing.assert_allclose(places[:, 1], places[0, 1])
    np.testing.assert_allclose(np.linalg.norm(places - middle, axis=1), np.linalg.norm(places[0] - middle))
    assert len({lens.scale for lens in lenses}) == 1


def test_an_arc_has_cameras_in_front_and_to_both_sides() -> None:
    points, lenses = rig(8)
    flat = points.reshape(-1, 3)
    middle = (flat.min(axis=0) + flat.max(axis=0)) / 2
    for lens, yaw_deg in zip(lenses, ARC_YAWS_DEG, strict=True):
        x, _, z = lens.place_m - middle
        off = (np.degrees(np.arctan2(x, z)) - yaw_deg + 180) % 360 - 180
        assert abs(off) <= 3
        assert abs(lens.axes[0, 1]) < 1e-12  # level
        assert 0 < np.degrees(np.arcsin(-lens.axes[2, 1])) < 12  # looks slightly down
        to_middle = (middle - lens.place_m) / np.linalg.norm(middle - lens.place_m)
        assert np.degrees(np.arccos(lens.axes[2] @ to_middle)) <= 1 + 1e-6


def test_an_arc_stands_no_farther_than_it_must() -> None:
    points, lenses = rig()
    offsets = [np.abs(lens.project(points)[0] - [95.5, 127.5]) / [96, 128] for lens in lenses]
    assert np.max(offsets) > 0.8 - 1e-4


def test_fewer_cameras_are_the_beginning_of_the_rig_of_three() -> None:
    _, one = rig(1)
    _, three = rig(3)
    np.testing.assert_array_equal(one[0].place_m, three[0].place_m)
    np.testing.assert_array_equal(one[0].axes, three[0].axes)


def test_what_no_camera_can_be_built_for_is_refused() -> None:
    points = np.zeros((2, 3, 3))
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="from 32 to 4096 pixels a side, got 16x256"):
        aim(points, View(0.0), size_hw=(256, 16))
    with pytest.raises(ValueError, match="from 1 to 8 cameras, got 9"):
        arc_cameras(points, size_hw=SIZE_HW, num_views=9, rng=rng)


def test_a_hand_shakes_as_much_as_asked() -> None:
    lens = rig()[1][0]
    turns = []
    for seed in range(12):
        lenses = shaken(lens, num_frames=300, fps=30, shake_deg=0.8, rng=np.random.default_rng(seed))
        turns.append([turn.axes @ lens.axes.T for turn in lenses])
    turned = np.array(turns)
    yaw, pitch, roll = (np.degrees(turned[..., i, j]) for i, j in ((0, 2), (1, 2), (0, 1)))
    assert yaw.std() == pytest.approx(0.8, rel=0.1)
    assert pitch.std() == pytest.approx(0.8, rel=0.1)
    assert roll.std() == pytest.approx(0.32, rel=0.15)
    assert abs(yaw.mean()) < 0.1


def test_a_shaken_camera_turns_smoothly_about_its_eye() -> None:
    lens = rig()[1][0]
    lenses = shaken(lens, num_frames=300, fps=30, shake_deg=1.0, rng=np.random.default_rng(1))
    axes = np.array([each.axes for each in lenses])
    np.testing.assert_allclose(axes @ axes.transpose(0, 2, 1), np.broadcast_to(np.eye(3), axes.shape), atol=1e-12)
    assert all(each.place_m is lens.place_m for each in lenses)
    yaw = np.degrees((axes @ lens.axes.T)[:, 0, 2])
    power = np.abs(np.fft.rfft(yaw * np.hanning(300))) ** 2
    frequency = np.fft.rfftfreq(300, 1 / 30)
    assert power[(frequency > 0.1) & (frequency < 3.3)].sum() > 0.97 * power[1:].sum()
    assert np.abs(np.diff(yaw)).max() < 0.6


def test_a_still_camera_is_the_same_lens_in_every_frame() -> None:
    lens = rig()[1][0]
    lenses = shaken(lens, num_frames=4, fps=30, shake_deg=0.0, rng=np.random.default_rng(0))
    assert len(lenses) == 4 and all(each is lens for each in lenses)


def test_the_same_seed_gives_the_same_shake() -> None:
    lens = rig()[1][0]
    first, second = (shaken(lens, num_frames=9, fps=25, shake_deg=0.5, rng=np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal([a.axes for a in first], [b.axes for b in second])
