"""Three planes of 3D joints: each view by hand, scale shared, nobody there."""

import pytest
import torch

from posecube.representation import PlaneSpec, PlaneVolumes, render_joint_volume
from posecube.skeleton.layouts import NTU25

SIZE_HW = (33, 33)


def peaks(volume: torch.Tensor) -> torch.Tensor:
    """(x, y) of each channel's brightest pixel in the first frame."""
    flat = volume[0, :, 0].flatten(1).argmax(dim=1)
    return torch.stack([flat % SIZE_HW[1], flat // SIZE_HW[1]], dim=1)


def test_front_side_and_top() -> None:
    # a joint in the middle, one to the right, one above, one farther away; the box is 4 m wide
    joints = torch.tensor([[0.0, 0, 0], [2, 0, 0], [0, 1, 0], [0, 0, 2], [-2, -1, -2]])
    volume = PlaneVolumes(PlaneSpec(size_hw=SIZE_HW, padding=0.0))(joints[None, None, None], torch.ones(1, 1, 1, 5))
    assert volume.shape == (1, 15, 1, *SIZE_HW)
    front, side, top = peaks(volume).split(5)
    assert front.tolist() == [[16, 16], [32, 16], [16, 8], [16, 16], [0, 24]]
    assert side.tolist() == [[16, 16], [16, 16], [16, 8], [32, 16], [0, 24]]
    assert top.tolist() == [[16, 16], [32, 16], [16, 16], [16, 32], [0, 0]]


def test_a_clip_is_drawn_at_one_scale_wherever_it_is() -> None:
    generator = torch.Generator().manual_seed(0)
    joints, sure = torch.randn(2, 2, 6, 25, 3, generator=generator), torch.ones(2, 2, 6, 25)
    planes = PlaneVolumes(PlaneSpec(size_hw=SIZE_HW))
    torch.testing.assert_close(planes(joints, sure), planes(3 * joints + 7.0, sure), atol=1e-3, rtol=0)
    assert PlaneSpec().num_channels(NTU25) == 75


def test_missing_joints_neither_draw_nor_count() -> None:
    joints, sure = torch.randn(1, 1, 3, 5, 3, generator=torch.Generator().manual_seed(1)), torch.ones(1, 1, 3, 5)
    sure[..., 4] = 0
    far = joints.clone()
    far[..., 4, :] = torch.nan
    planes = PlaneVolumes(PlaneSpec(size_hw=SIZE_HW))
    volume = planes(joints, sure)
    torch.testing.assert_close(planes(torch.nan_to_num(far, nan=1e6), sure), volume)
    assert volume[:, [4, 9, 14]].abs().sum() == 0 and volume[:, 0].max() > 0.5


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_nobody_and_a_single_point(confidence: float) -> None:
    volume = PlaneVolumes(PlaneSpec(size_hw=SIZE_HW))(torch.zeros(1, 1, 2, 3, 3), torch.full((1, 1, 2, 3), confidence))
    assert torch.isfinite(volume).all() and bool(volume.any()) == bool(confidence)


def test_it_draws_as_joint_volumes_do() -> None:
    joints, sure = torch.randn(1, 2, 4, 3, 3, generator=torch.Generator().manual_seed(2)), torch.ones(1, 2, 4, 3)
    planes = PlaneVolumes(PlaneSpec(size_hw=SIZE_HW, sigma_px=1.2))
    scaled = planes._on_maps(joints, sure)
    expected = render_joint_volume(scaled[..., [2, 1]], sure, size_hw=SIZE_HW, sigma_px=1.2)
    torch.testing.assert_close(planes(joints, sure)[:, 3:6], expected)
