"""Layout conversion: named tables, confidence, and a slow reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.skeleton import LAYOUTS, SkeletonLayout, SkeletonSequence
from posecube.skeleton.convert import check_convertible, conversion_weights, convert, convert_keypoints
from posecube.skeleton.layouts import BLAZEPOSE33, COCO17, H36M17, HALPE26, KINECT20, NTU25, OPENPOSE18, PENN13, SBU15

PAIRS = [(source, target) for source in LAYOUTS.values() for target in LAYOUTS.values()]


def sources_of(joint, source, target):
    weights = conversion_weights(source, target).weights[target.index(joint)]
    return {source.joints[column]: float(weights[column]) for column in np.flatnonzero(weights)}


@pytest.mark.parametrize(
    ("source", "target", "joint", "expected"),
    [
        (COCO17, PENN13, "left_wrist", {"left_wrist": 1}),
        (COCO17, PENN13, "head", dict.fromkeys(("nose", "left_eye", "right_eye", "left_ear", "right_ear"), 0.2)),
        (PENN13, COCO17, "nose", {"head": 1}),
        (PENN13, COCO17, "left_eye", {}),
        (COCO17, OPENPOSE18, "neck", {"left_shoulder": 0.5, "right_shoulder": 0.5}),
        (COCO17, H36M17, "pelvis", {"left_hip": 0.5, "right_hip": 0.5}),
        (COCO17, H36M17, "nose", {"nose": 1}),
        (COCO17, H36M17, "head", {"left_eye": 0.5, "right_eye": 0.5}),
        (COCO17, H36M17, "thorax", {"left_shoulder": 0.5, "right_shoulder": 0.5}),
        (COCO17, H36M17, "spine", dict.fromkeys(("left_shoulder", "right_shoulder", "left_hip", "right_hip"), 0.25)),
        (HALPE26, H36M17, "head", {"head": 1}),
        (PENN13, H36M17, "nose", {"head": 1}),
        (NTU25, H36M17, "thorax", {"thorax": 1}),
        (COCO17, NTU25, "spine", dict.fromkeys(("left_shoulder", "right_shoulder", "left_hip", "right_hip"), 0.25)),
        (COCO17, NTU25, "thorax", {"left_shoulder": 0.5, "right_shoulder": 0.5}),
        (COCO17, NTU25, "left_thumb", {}),
        (SBU15, COCO17, "right_wrist", {"right_hand": 1}),
        (SBU15, COCO17, "right_ankle", {"right_foot": 1}),
        (COCO17, SBU15, "left_hand", {"left_wrist": 1}),
        (KINECT20, COCO17, "left_wrist", {"left_wrist": 1}),
        (BLAZEPOSE33, NTU25, "left_hand", {"left_index": 0.5, "left_pinky": 0.5}),
        (BLAZEPOSE33, NTU25, "right_foot", {"right_foot_index": 1}),
    ],
    ids=lambda value: getattr(value, "name", None) or (value if isinstance(value, str) else ""),
)
def test_what_a_joint_is_made_of(source, target, joint, expected):
    assert sources_of(joint, source, target) == pytest.approx(expected)


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=lambda layout: layout.name)
def test_weights_are_shares_and_mirror(source, target):
    weights = conversion_weights(source, target).weights
    totals = weights.sum(axis=1)
    assert np.logical_or(np.isclose(totals, 1), totals == 0).all()
    mirrored = weights[np.ix_(target.joint_mirror, source.joint_mirror)]
    np.testing.assert_allclose(weights, mirrored)
    if source is target:
        np.testing.assert_array_equal(weights, np.eye(source.num_joints))


def test_every_layout_reaches_the_body_of_coco():
    for source in LAYOUTS.values():
        made = conversion_weights(source, COCO17).weights.any(axis=1)
        assert made[5:].all(), source.name
        assert made[0], source.name


def reference(keypoints, confidence, source, target):
    """The rules joint by joint: (P, V, C), (P, V)."""
    conversion = conversion_weights(source, target)
    new_keypoints = np.zeros((len(keypoints), target.num_joints, keypoints.shape[-1]))
    new_confidence = np.zeros((len(keypoints), target.num_joints))
    for pose in range(len(keypoints)):
        for joint in range(target.num_joints):
            columns = np.flatnonzero(conversion.weights[joint])
            seen = [column for column in columns if confidence[pose, column] > 0]
            if not seen or (conversion.needs_all[joint] and len(seen) < len(columns)):
                continue
            new_keypoints[pose, joint] = keypoints[pose, seen].astype(float).mean(axis=0)
            shares = confidence[pose, seen].astype(float)
            new_confidence[pose, joint] = shares.min() if conversion.needs_all[joint] else shares.mean()
    return new_keypoints, new_confidence


@settings(max_examples=60, deadline=None)
@given(pair=st.sampled_from(PAIRS), data=st.data())
def test_equals_the_joint_by_joint_reference(pair, data):
    source, target = pair
    shape = (2, source.num_joints)
    keypoints = data.draw(hnp.arrays(np.float32, (*shape, 2), elements=st.floats(0, 2000, width=32)))
    levels = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0])
    confidence = data.draw(hnp.arrays(np.float32, shape, elements=levels))
    keypoints[confidence == 0] = np.nan
    got = convert_keypoints(keypoints, confidence, source=source, target=target)
    expected = reference(keypoints, confidence, source, target)
    np.testing.assert_allclose(got[0], expected[0], rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(got[1], expected[1], rtol=1e-5, atol=1e-6)


def test_head_from_the_face_joints_that_were_seen():
    keypoints = np.zeros((1, 1, 17, 2), np.float32)
    confidence = np.zeros((1, 1, 17), np.float32)
    keypoints[0, 0, 0], confidence[0, 0, 0] = (10, 20), 0.8  # nose
    keypoints[0, 0, 1], confidence[0, 0, 1] = (14, 16), 0.4  # left eye
    head = convert_keypoints(keypoints, confidence, source=COCO17, target=PENN13)
    np.testing.assert_allclose(head[0][0, 0, 0], (12, 18))
    assert head[1][0, 0, 0] == pytest.approx(0.6)


def test_convert_keeps_what_is_not_a_joint():
    sequence = SkeletonSequence(
        keypoints=np.full((2, 3, 17, 2), 7, np.float32),
        confidence=np.full((2, 3, 17), 0.5, np.float32),
        layout=COCO17,
        size_hw=(20, 30),
        label=4,
        name="clip",
    )
    converted = convert(sequence, PENN13)
    assert (converted.layout, converted.size_hw, converted.label, converted.name) == (PENN13, (20, 30), 4, "clip")
    np.testing.assert_allclose(converted.keypoints, 7)
    np.testing.assert_allclose(converted.confidence, 0.5)
    assert convert(sequence, COCO17) is sequence


def test_one_own_layout_converts_by_name():
    mine = SkeletonLayout("mine", ("left_wrist", "tail", "right_wrist"), ())
    assert sources_of("left_wrist", mine, COCO17) == {"left_wrist": 1}
    assert sources_of("tail", COCO17, mine) == {}


def test_coco_to_human36m_by_hand():
    """Joint by joint as the public code of MotionBERT has it; joint i of COCO's lies at (i, 100 - i)."""
    keypoints = np.stack([np.arange(17.0), 100 - np.arange(17.0)], axis=-1).astype(np.float32)
    confidence = np.full(17, 0.5, np.float32)
    confidence[11] = 0.25
    found, sure = convert_keypoints(keypoints, confidence, source=COCO17, target=H36M17)
    expected = [11.5, 12, 14, 16, 11, 13, 15, 8.5, 5.5, 0, 1.5, 5, 7, 9, 6, 8, 10]
    np.testing.assert_allclose(found, np.stack([expected, 100 - np.array(expected)], axis=-1))
    made_of_left_hip = [0, 4, 7]
    assert np.flatnonzero(sure == 0.25).tolist() == made_of_left_hip
    assert (np.delete(sure, made_of_left_hip) == 0.5).all()


def layout_of(*joints: str) -> SkeletonLayout:
    return SkeletonLayout("made_up", joints, ())


@pytest.mark.parametrize(("num_joints", "num_missing"), [(4, 2), (5, 2), (6, 3), (9, 4), (3, 1), (3, 0)])
def test_half_of_the_joints_may_be_missing(num_joints, num_missing):
    """More than a third of them, and up to half: neither a third nor two thirds is the rule."""
    joints = tuple(f"joint{number}" for number in range(num_joints))
    check_convertible(layout_of(*joints[num_missing:]), layout_of(*joints), reader="a test reads")


@pytest.mark.parametrize(("num_joints", "num_missing"), [(4, 3), (5, 3), (6, 4), (9, 5), (3, 2)])
def test_more_than_half_of_the_joints_may_not(num_joints, num_missing):
    joints = tuple(f"joint{number}" for number in range(num_joints))
    message = (
        f"a test reads layout made_up; {num_missing} of its {num_joints} joints cannot be derived from made_up: joint0"
    )
    with pytest.raises(ValueError, match=message):
        check_convertible(layout_of(*joints[num_missing:]), layout_of(*joints), reader="a test reads")
