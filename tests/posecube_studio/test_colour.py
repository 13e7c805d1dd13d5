import numpy as np
import pytest

from posecube_studio.colour import depth_colours, flow_wheel, scene_flow_colours, wheel


def luminance(colours: np.ndarray) -> np.ndarray:
    return colours @ np.array([0.2126, 0.7152, 0.0722])


def test_near_is_warm_and_light_far_is_cold_and_dark() -> None:
    ramp = np.linspace(1, 6, 120, dtype=np.float32)[None]
    colours = depth_colours(ramp, near_m=1, far_m=6)[0].astype(int)
    assert colours[0, 0] > 200 and colours[0, 2] < 100  # yellow
    assert colours[-1, 2] > 100 and colours[-1, 0] < 50  # blue
    assert (np.diff(luminance(colours)) < 1).all()


def test_holes_are_black_and_nothing_else_is() -> None:
    depth = np.array([[0.0, 2.0, 3.0, np.inf]], dtype=np.float32)
    colours = depth_colours(depth)[0]
    assert (colours[0] == 0).all()
    assert (colours[1:].sum(axis=-1) > 0).all()
    np.testing.assert_array_equal(colours[3], depth_colours(depth, near_m=2, far_m=3)[0, 2])


@pytest.mark.parametrize("value", [0.0, np.inf, 2.5])
def test_a_picture_of_one_depth_has_one_colour(value: float) -> None:
    colours = depth_colours(np.full((4, 5), value, dtype=np.float32))
    assert colours.shape == (4, 5, 3) and colours.dtype == np.uint8
    assert len(np.unique(colours.reshape(-1, 3), axis=0)) == 1


@pytest.mark.parametrize(
    ("motion", "colour"),
    [((1, 0), (255, 0, 0)), ((0, 1), (128, 255, 0)), ((-1, 0), (0, 255, 255)), ((0, -1), (128, 0, 255))],
)
def test_hue_is_direction(motion: tuple[float, float], colour: tuple[int, int, int]) -> None:
    flow = np.full((2, 2, 2), motion, dtype=np.float32)
    np.testing.assert_allclose(flow_wheel(flow, full=1.0)[0, 0], colour, atol=1)


def test_saturation_is_length_and_rest_is_white() -> None:
    flow = np.zeros((1, 4, 2), dtype=np.float32)
    flow[0, :, 0] = [0, 1, 2, 8]
    colours = flow_wheel(flow, full=4.0)[0]
    np.testing.assert_array_equal(colours[:, 1], [255, 191, 128, 0])
    np.testing.assert_array_equal(colours[0], 255)


def test_a_few_wild_pixels_do_not_pale_the_others() -> None:
    flow = np.zeros((50, 50, 2), dtype=np.float32)
    flow[:, :, 1] = 3.0
    flow[0, 0] = 30.0
    assert flow_wheel(flow)[25, 25, 2] < 5


def test_unknown_flow_is_black() -> None:
    flow = np.zeros((2, 2, 3), dtype=np.float32)
    flow[0, 0, 2] = np.nan
    assert (scene_flow_colours(flow)[0, 0] == 0).all()
    assert (flow_wheel(flow[..., 1:])[0, 0] == 0).all()
    assert (flow_wheel(flow[..., 1:])[1, 1] == 255).all()


def test_scene_flow_shows_each_axis_in_a_colour() -> None:
    flow = np.zeros((1, 4, 3), dtype=np.float32)
    flow[0, [1, 2, 3], [0, 1, 2]] = [0.1, -0.1, 0.05]
    colours = scene_flow_colours(flow, full_m=0.1)[0]
    np.testing.assert_allclose(colours, [[128] * 3, [255, 128, 128], [128, 0, 128], [128, 128, 191]], atol=1)


def test_the_legend_is_a_disc() -> None:
    disc = wheel(65)
    assert disc.shape == (65, 65, 3)
    assert disc[32, 32].min() > 245  # rest
    assert disc[32, 64, 0] == 255 and disc[32, 64, 1] < 10  # right is red
    assert (disc[0, 0] == 255).all()
