"""Raw coordinates as channels: the order of the channels, absent people, missing joints."""

import torch

from posecube.representation import CoordinateChannels, CoordinateSpec
from posecube.skeleton.layouts import COCO17


def clips() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(3, 2, 5, 17, 2, generator=generator) * 56, torch.rand(3, 2, 5, 17, generator=generator) + 0.1


def test_channels_are_people_then_joints_then_x_and_y() -> None:
    keypoints, confidence = clips()
    channels = CoordinateChannels()(keypoints, confidence)
    assert channels.shape == (3, 68, 5, 1, 1)
    assert CoordinateSpec().num_channels(COCO17, max_people=2) == 68
    for clip, person, frame, joint, axis in ((0, 0, 0, 0, 0), (2, 1, 3, 16, 1), (1, 0, 4, 7, 0)):
        channel = (person * 17 + joint) * 2 + axis
        assert channels[clip, channel, frame, 0, 0] == keypoints[clip, person, frame, joint, axis]


def test_an_absent_person_stands_where_the_first_does() -> None:
    keypoints, confidence = clips()
    confidence[1, 1] = 0
    channels = CoordinateChannels()(keypoints, confidence)
    torch.testing.assert_close(channels[1, 34:], channels[1, :34])
    assert not torch.equal(channels[0, 34:], channels[0, :34])


def test_a_missing_joint_lies_at_the_origin() -> None:
    keypoints, confidence = clips()
    confidence[0, 0, 2, 5] = 0
    channels = CoordinateChannels()(keypoints, confidence)
    assert channels[0, 10:12, 2].abs().sum() == 0 and channels[0, 10:12, 3].abs().sum() > 0
