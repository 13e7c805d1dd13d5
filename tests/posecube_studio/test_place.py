"""Values looked up in images: between pixels, beyond the border, and at no place."""

import numpy as np
import pytest

from posecube_studio.backdrop.place import look_up

IMAGE = np.arange(12, dtype=np.float32).reshape(3, 4)


def test_between_pixels() -> None:
    x, y = np.array([0.0, 1.5, 3.0]), np.array([0.0, 1.0, 1.5])
    np.testing.assert_allclose(look_up(IMAGE, x, y)[:, 0], [0, 5.5, 9], atol=1e-3)


@pytest.mark.parametrize(("wrap", "expected"), [(False, 3.0), (True, 0.0)])
def test_beyond_the_border(wrap: bool, expected: float) -> None:
    assert look_up(IMAGE, np.array([4.0]), np.array([0.0]), wrap=wrap)[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize("count", [0, 1, 4096, 4097])
def test_any_number_of_places(count: int) -> None:
    image = np.stack([IMAGE, -IMAGE], axis=-1)
    found = look_up(image, np.full(count, 2.0), np.full(count, 1.0))
    assert found.shape == (count, 2)
    np.testing.assert_allclose(found, np.tile([6.0, -6.0], (count, 1)), atol=1e-3)
