"""Skeletons without pictures: what a store of them holds."""

import numpy as np
import pytest

from posecube.commands.studio import skeletons
from posecube.store import SkeletonStore
from posecube_studio.motions import ACTIONS, MORE_ACTIONS, find_action
from posecube_studio.skeletons import TEST_SUBJECTS, _Job, _perform, actions_of_kind, class_of, classes_of, performances


def test_every_action_by_everybody_as_often_as_asked():
    actions = ["walk", "squat_wide", "burpee", "hug"]
    made = list(performances(actions, repeats=2, subjects=(0, 2)))
    classes = classes_of(actions)
    assert len(made) == 16 and classes == ("hug", "none", "squat", "walk")
    assert {sequence.name.split("-")[1] for sequence, split in made if split == "xsub_val"} == {"P002"}
    people = {classes[sequence.label]: sequence.num_people for sequence, _ in made}
    assert people == {"hug": 2, "none": 1, "squat": 1, "walk": 1}
    with pytest.raises(ValueError, match="need actions"):
        next(performances(["walk"], repeats=0))


def test_the_command_writes_a_store(tmp_path, monkeypatch):
    monkeypatch.setitem(performances.__kwdefaults__, "subjects", (0, 2))
    skeletons(["variants"], store=tmp_path / "store", repeats=1, quiet=True)
    store = SkeletonStore.open(tmp_path / "store")
    assert len(store) == 20 and len(store.split("xsub_train")) == len(store.split("xsub_val")) == 10
    assert "sit" in store.classes and "none" not in store.classes
    with pytest.raises(FileExistsError):
        skeletons(["variants"], store=tmp_path / "store", repeats=1, quiet=True)


def test_repeats_differ_and_the_same_is_the_same():
    first, again, other = (_perform(_Job("squat_free", 3, repeat)) for repeat in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or not np.allclose(first, other)


@pytest.mark.parametrize("action", MORE_ACTIONS)
def test_motions_are_of_people(action):
    """Limbs keep their lengths, nothing flies through the room, and the head stays above the floor."""
    for repeat in range(3):
        joints = _perform(_Job(action, TEST_SUBJECTS[repeat], repeat))[0].astype(np.float64)
        assert np.isfinite(joints).all()
        for first, second in ((5, 6), (9, 10), (13, 14), (17, 18)):  # forearms and shanks
            lengths = np.linalg.norm(joints[:, first] - joints[:, second], axis=-1)
            assert np.ptp(lengths) < 0.01
        speed_m_s = np.linalg.norm(np.diff(joints, axis=0), axis=-1).max() * 25
        assert speed_m_s < 16, f"{action} reaches {speed_m_s:.1f} m/s"
        assert joints[:, 3, 1].min() > -0.1


def test_people_face_the_sensor_and_are_no_mirror_images():
    """With x to the right and z away, the left shoulder of somebody who faces the sensor is on its right."""
    joints = _perform(_Job("jumping_jacks", 1, 0))[0]
    assert (joints[:, 4, 0] > joints[:, 8, 0]).all()
    toes, ankles = joints[:, [15, 19], 2], joints[:, [14, 18], 2]
    assert (toes < ankles).mean() > 0.9


@pytest.mark.parametrize(("kind", "example"), [("actions", "walk"), ("variants", "sit"), ("unnamed", "lunge")])
def test_kinds(kind, example):
    assert example in actions_of_kind(kind)
    assert sum(len(actions_of_kind(it)) for it in ("actions", "variants", "unnamed")) == len(ACTIONS) + len(
        MORE_ACTIONS
    )


def test_classes():
    assert [class_of(name) for name in ("idle", "wall_sit", "dancing")] == ["idle", "squat", "none"]
    with pytest.raises(ValueError, match="kind of motions"):
        actions_of_kind("dances")
    assert find_action("sit").label == "sit"
