import pytest
import torch

from posecube.representation.rgb import NormalizedFrames

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)


def test_colours_are_normalised_each_by_itself() -> None:
    frames = torch.randint(0, 256, (2, 5, 6, 7, 3), dtype=torch.uint8)
    normalised = NormalizedFrames(mean_rgb=MEAN, std_rgb=STD)(frames)
    assert normalised.shape == (2, 3, 5, 6, 7) and normalised.dtype == torch.float32
    for colour in range(3):
        expected = (frames[..., colour].double() - MEAN[colour]) / STD[colour]
        torch.testing.assert_close(normalised[:, colour].double(), expected, atol=1e-6, rtol=1e-6)


def test_memory_is_in_the_order_that_convolutions_like() -> None:
    normalised = NormalizedFrames(mean_rgb=MEAN, std_rgb=STD)(torch.zeros(2, 5, 6, 7, 3, dtype=torch.uint8))
    assert normalised.is_contiguous(memory_format=torch.channels_last_3d)


def test_it_has_nothing_to_save() -> None:
    assert not NormalizedFrames(mean_rgb=MEAN, std_rgb=STD).state_dict()


def test_it_computes_in_its_own_type() -> None:
    module = NormalizedFrames(mean_rgb=MEAN, std_rgb=STD).to(torch.bfloat16)
    assert module(torch.zeros(1, 1, 2, 2, 3, dtype=torch.uint8)).dtype == torch.bfloat16


def test_a_deviation_of_zero() -> None:
    with pytest.raises(ValueError, match=r"std_rgb must be above 0, got \(1, 0, 1\)"):
        NormalizedFrames(mean_rgb=MEAN, std_rgb=(1, 0, 1))
