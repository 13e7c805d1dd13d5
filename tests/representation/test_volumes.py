import pytest
import torch
from pydantic import ValidationError

from posecube.representation import HeatmapVolume, VolumeSpec, render_joint_volume, render_limb_volume
from posecube.skeleton import find_layout

LAYOUT = find_layout("coco17")


def batch(num_clips: int = 2, *, people: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    rng = torch.Generator().manual_seed(0)
    shape = (num_clips, people, 4, LAYOUT.num_joints)
    return torch.rand(*shape, 2, generator=rng) * 16, torch.rand(shape, generator=rng)


@pytest.mark.parametrize("combine", ["max", "sum"])
@pytest.mark.parametrize("shows", ["joints", "limbs"])
def test_draws_what_its_spec_says(shows: str, combine: str) -> None:
    spec = VolumeSpec(shows=shows, sigma_px=0.8, combine=combine)
    volume = HeatmapVolume(spec, LAYOUT, size_hw=(16, 18))(*batch())
    options = {"size_hw": (16, 18), "sigma_px": 0.8, "combine": combine}
    if shows == "joints":
        expected = render_joint_volume(*batch(), **options)
    else:
        expected = render_limb_volume(*batch(), limbs=LAYOUT.limbs, **options)
    assert volume.shape[1] == spec.num_channels(LAYOUT)
    assert torch.equal(volume, expected)


def test_while_evaluating_one_buffer_is_reused() -> None:
    draw = HeatmapVolume(VolumeSpec(), LAYOUT, size_hw=(16, 16)).eval()
    with torch.no_grad():
        first = draw(*batch())
        assert draw(*batch()).data_ptr() == first.data_ptr()
        assert draw(*batch(3)).shape[0] == 3, "a batch of another size gets a buffer of its own"
        assert draw(batch()[0].double(), batch()[1].double()).dtype == torch.float64


@pytest.mark.parametrize("training", [True, False])
def test_where_gradients_flow_each_batch_has_its_own_memory(training: bool) -> None:
    draw = HeatmapVolume(VolumeSpec(), LAYOUT, size_hw=(16, 16)).train(training)
    first = draw(*batch())
    assert draw(*batch()).data_ptr() != first.data_ptr()


def test_a_buffer_of_inference_mode_is_not_reused_outside_it() -> None:
    draw = HeatmapVolume(VolumeSpec(shows="limbs"), LAYOUT, size_hw=(16, 16)).eval()
    with torch.inference_mode():
        expected = draw(*batch()).clone()
    with torch.no_grad():
        assert torch.equal(draw(*batch()), expected)


def test_has_nothing_to_learn_or_save() -> None:
    draw = HeatmapVolume(VolumeSpec(), LAYOUT, size_hw=(56, 56))
    assert not list(draw.parameters())
    assert not draw.state_dict()


@pytest.mark.parametrize("wrong", [{"sigma_px": 0}, {"shows": "bones"}, {"combine": "mean"}, {"size": (5, 5)}])
def test_specs_refuse_what_they_do_not_know(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        VolumeSpec(**wrong)


@pytest.mark.parametrize("training", [True, False])
def test_grey_is_the_sum_of_the_joints(training: bool) -> None:
    keypoints, confidence = torch.rand(2, 2, 3, 17, 2) * 20, torch.rand(2, 2, 3, 17)
    layout = find_layout("coco17")
    joints, grey = (HeatmapVolume(VolumeSpec(shows=shows), layout, size_hw=(20, 20)) for shows in ("joints", "grey"))
    grey.train(training)
    with torch.no_grad():
        for _ in range(2):  # the second time into a buffer
            volume = grey(keypoints, confidence)
            assert volume.shape == (2, 1, 3, 20, 20)
            torch.testing.assert_close(volume[:, 0], joints(keypoints, confidence).sum(dim=1))
