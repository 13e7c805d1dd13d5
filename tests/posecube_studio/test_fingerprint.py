"""Fingerprints: the standard sets are what they were, a folder is what was planned, and anything else differs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecube_studio import StudioSet, render_to_folder
from posecube_studio.fingerprint import (
    EXPECTED_JOINTS,
    EXPECTED_MINI_DEPTH,
    digest_of_depth,
    digest_of_joints,
    fingerprint,
    planned_joints,
)
from posecube_studio.sets import STUDIO_MINI

TINY = StudioSet(("wave",), subjects=(0, 1), num_frames=2, size_hw=(108, 192))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("studio")
    render_to_folder(out, TINY, depth=True)
    return out


def test_the_small_set_is_what_it_was() -> None:
    """After motions, bodies or cameras were changed on purpose, the command has the new one."""
    found = fingerprint("studio-mini")
    assert found.joints == EXPECTED_JOINTS["studio-mini"]
    assert str(found) == f"studio-mini: 48 clips\njoints {found.joints}, as expected"


def test_the_small_sets_first_clip_has_the_depth_that_it_had(tmp_path: Path) -> None:
    """After bodies, places or the renderer were changed on purpose, take the new one from here."""
    first = replace(STUDIO_MINI, actions=STUDIO_MINI.actions[:1], subjects=(0,), num_views=1)
    render_to_folder(tmp_path, first, depth=True)
    assert fingerprint(str(tmp_path)).depth == EXPECTED_MINI_DEPTH


def test_a_folder_has_the_joints_that_were_planned(folder: Path) -> None:
    found = fingerprint(str(folder))
    assert (found.num_clips, found.joints, found.expected_joints) == (2, planned_joints(TINY), None)
    assert found.depth is not None and str(found).endswith(f"joints {found.joints}\ndepth {found.depth}")


def test_depth_is_the_same_each_time_and_counts_by_its_pixels(folder: Path, tmp_path: Path) -> None:
    render_to_folder(tmp_path, TINY, depth=True, workers=2)
    names = [shot.name for shot in TINY.shots()]
    assert digest_of_depth(tmp_path, names) == fingerprint(str(folder)).depth
    assert digest_of_depth(tmp_path, names[:1]) != digest_of_depth(tmp_path, names)
    picture = next((tmp_path / "nturgb+d_depth_masked").rglob("*.png"))
    picture.write_bytes(b"")
    with pytest.raises(ValueError, match="is damaged; remove the clip's video"):
        fingerprint(str(tmp_path))


def test_labels_and_tenths_of_millimetres_count_and_last_bits_do_not() -> None:
    joints = np.random.default_rng(0).uniform(-2, 4, size=(1, 3, 25, 3)).round(4).astype(np.float32)
    digest = digest_of_joints([("clip", "wave", joints)])
    assert digest == digest_of_joints([("clip", "wave", np.nextafter(joints, np.float32(9)))])
    others = [("clip", "bow", joints), ("other", "wave", joints), ("clip", "wave", joints + np.float32(1e-4))]
    assert len({digest, *(digest_of_joints([other]) for other in others)}) == 4


def test_another_seed_is_another_set() -> None:
    digests = {planned_joints(each) for each in (TINY, replace(TINY, seed=1), replace(TINY, subjects=(1, 0)))}
    assert len(digests) == 2, "the order in which subjects are named does not count, the seed does"


def test_what_has_no_fingerprint(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown set 'studio-min'; did you mean studio-mini"):
        fingerprint("studio-min")
    with pytest.raises(FileNotFoundError, match="no folder of rendered clips"):
        fingerprint(str(tmp_path))
    render_to_folder(tmp_path, TINY)
    found = fingerprint(str(tmp_path))
    assert found.depth is None and found.joints == fingerprint(str(folder)).joints
    (tmp_path / "truth/S001C001P002R001A001.npz").write_bytes(b"PK")
    with pytest.raises(ValueError, match="is damaged"):
        fingerprint(str(tmp_path))
    (tmp_path / "nturgb+d_rgb/S001C001P002R001A001_rgb.mp4").unlink()
    with pytest.raises(ValueError, match="1 of 2 clips are still to be rendered, the first is S001C001P002R001A001"):
        fingerprint(str(tmp_path))
