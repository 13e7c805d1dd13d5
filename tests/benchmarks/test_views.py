"""The ten-view benchmark draws what evaluation reads, and gives the figures that it promises."""

import pytest
import torch

import views
from inputs import swinging_people
from posecube.representation import render_joint_volume, render_limb_volume
from posecube.skeleton.layouts import COCO17


@pytest.mark.parametrize("shows", ["joints", "limbs"])
def test_the_second_half_mirrors_the_first(monkeypatch: pytest.MonkeyPatch, shows: str) -> None:
    monkeypatch.setattr(views, "SIZE_HW", (20, 24))
    pose = [torch.from_numpy(values) for values in swinging_people(3, 2, 4, size_px=20)]
    out = torch.empty(2, 3, 17, 4, 20, 24)
    if shows == "joints":
        views.draw_joints(*pose, out=out)
        expected, mirror = render_joint_volume(*pose, size_hw=(20, 24)), COCO17.joint_mirror
    else:
        views.draw_limbs(*pose, out=out)
        expected, mirror = render_limb_volume(*pose, limbs=COCO17.limbs, size_hw=(20, 24)), COCO17.limb_mirror
    assert torch.equal(out[0], expected)
    assert torch.equal(out[1], expected[:, list(mirror)].flip(-1))


def test_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "REPEATS", 1)
    monkeypatch.setattr(views, "NUM_VIEWS", 1)
    figures = views.measure()
    kinds = ("ms", "fastest_ms", "processor_ms")
    assert figures.keys() == {f"{what}_{kind}" for what in ("fill", "coordinates", "joints", "limbs") for kind in kinds}
    assert all(value > 0 for value in figures.values())
    assert all(figures[f"{what}_fastest_ms"] <= figures[f"{what}_ms"] for what in ("fill", "joints", "limbs"))
