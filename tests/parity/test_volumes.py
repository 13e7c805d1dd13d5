"""Drawing alone against stored maps: outside the frame, scores around the threshold, short limbs, several people."""

import numpy as np
import pytest
import torch
from pipeline_states import Golden, golden_names

from posecube.representation import render_joint_volume, render_limb_volume
from posecube.skeleton.layouts import COCO17

TOLERANCE = 1e-5


def drawn(golden: Golden, *, people: slice = slice(None), **options: object) -> torch.Tensor:
    """What we draw of a file's people, one map a frame and channel: (T, V, H, W)."""
    keypoints = torch.from_numpy(golden["keypoint"][people]).float()
    confidence = torch.from_numpy(golden["keypoint_score"][people]).float()
    options = {
        "size_hw": tuple(golden["img_shape"].tolist()),
        "min_confidence": golden.min_confidence,
        "sigma_px": golden.meta.get("sigma", 0.6),
        **options,
    }
    if golden.limbs is None:
        return render_joint_volume(keypoints, confidence, **options).transpose(0, 1)
    return render_limb_volume(keypoints, confidence, limbs=golden.limbs, **options).transpose(0, 1)


@pytest.mark.parametrize("name", golden_names("*_edge_*.npz"))
def test_the_stored_maps(name: str) -> None:
    golden = Golden(name)
    np.testing.assert_allclose(drawn(golden).numpy(), golden["heatmap"], atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("name", golden_names("*_edge_*.npz"))
def test_the_stored_maps_hold_what_they_are_there_for(name: str) -> None:
    """Or the test above would show less than it says."""
    golden = Golden(name)
    keypoints, scores, (height, width) = golden["keypoint"], golden["keypoint_score"], golden["img_shape"]
    assert len(keypoints) == 3
    assert ((keypoints < 0).any() and keypoints[..., 0].max() > width) or keypoints[..., 1].max() > height
    assert scores.min() == 0 and scores.max() > 1
    assert ((scores > 0) & (scores < 1e-4)).any() and ((scores >= 1e-4) & (scores < 1e-3)).any()
    if golden.limbs is not None:
        first, last = np.array(golden.limbs).T
        length = np.linalg.norm(keypoints[..., first, :] - keypoints[..., last, :], axis=-1)
        assert (length < 1).any() and (length > 5).any()


@pytest.mark.parametrize("name", golden_names("*_edge_*.npz"))
def test_the_threshold_is_the_frameworks(name: str) -> None:
    """With the other framework's threshold the maps differ, by as much as the scores between the two."""
    golden = Golden(name)
    for min_confidence in (1e-4, 1e-3):
        difference = np.abs(drawn(golden, min_confidence=min_confidence).numpy() - golden["heatmap"]).max()
        same = min_confidence == golden.min_confidence
        assert difference <= TOLERANCE if same else 1e-4 < difference < 1e-3


@pytest.mark.parametrize("name", golden_names("*_edge_*.npz"))
def test_people_meet_by_maximum_and_one_person_alone_is_drawn_the_same(name: str) -> None:
    golden = Golden(name)
    alone = [drawn(golden, people=slice(person, person + 1)) for person in range(len(golden["keypoint"]))]
    np.testing.assert_allclose(torch.stack(alone).amax(0).numpy(), golden["heatmap"], atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("name", golden_names("*_edge_limb.npz"))
def test_our_limbs_are_the_published_ones(name: str) -> None:
    assert tuple(Golden(name).limbs or ()) == COCO17.limbs
