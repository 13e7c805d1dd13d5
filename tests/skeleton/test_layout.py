"""SkeletonLayout: derived limbs and mirrors, refusals."""

import pytest

from posecube.skeleton import LAYOUTS, SkeletonLayout, find_layout
from posecube.skeleton.layout import both_sides
from posecube.skeleton.layouts import COCO17, HALPE26, NTU25, OPENPOSE18, OPENPOSE25, PENN13

NUM_JOINTS = {  # as published
    "coco17": 17, "penn13": 13, "ntu25": 25, "kinect20": 20, "openpose18": 18, "openpose25": 25, "halpe26": 26,
    "h36m17": 17, "sbu15": 15, "blazepose33": 33,
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
class TestEveryLayout:
    def test_joint_count(self, layout):
        assert layout.num_joints == len(layout.joints) == NUM_JOINTS.get(layout.name, layout.num_joints)

    def test_mirroring_twice_is_the_identity(self, layout):
        joints, limbs = layout.joint_mirror, layout.limb_mirror
        assert [joints[joint] for joint in joints] == list(range(layout.num_joints))
        assert [limbs[limb] for limb in limbs] == list(range(layout.num_limbs))

    def test_pairs_are_left_then_right(self, layout):
        assert layout.left_right_pairs
        for left, right in layout.left_right_pairs:
            assert layout.joints[left].removeprefix("left_") == layout.joints[right].removeprefix("right_")

    def test_sided_joints_have_a_mirror_and_others_are_their_own(self, layout):
        for joint, mirror in enumerate(layout.joint_mirror):
            assert (joint != mirror) == layout.joints[joint].startswith(("left_", "right_"))

    def test_limbs_join_two_different_joints_once(self, layout):
        limbs = [frozenset(limb) for limb in layout.limbs]
        assert len(set(limbs)) == len(limbs) == layout.num_limbs
        assert all(len(limb) == 2 for limb in limbs)

    def test_is_found_by_name(self, layout):
        assert find_layout(layout.name) is layout


def test_published_indices():
    # The formats' own numbering, as published with each.
    assert [COCO17.index(name) for name in ("nose", "left_shoulder", "right_wrist", "right_ankle")] == [0, 5, 10, 16]
    assert COCO17.limbs[:6] == ((0, 5), (0, 6), (5, 7), (7, 9), (6, 8), (8, 10))
    assert [PENN13.index(f"right_{part}") for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")] == [
        1, 3, 5, 7, 9, 11,
    ]  # fmt: skip
    assert [NTU25.index(name) for name in ("pelvis", "thorax", "left_hand_tip", "right_thumb")] == [0, 20, 21, 24]
    assert [OPENPOSE25.index(name) for name in ("pelvis", "left_big_toe", "right_heel")] == [8, 19, 24]
    assert [HALPE26.index(name) for name in ("head", "neck", "pelvis")] == [17, 18, 19]
    # OpenPose's 18 joints in COCO's order.
    assert [OPENPOSE18.index(joint) for joint in COCO17.joints] == [
        0,
        15,
        14,
        17,
        16,
        5,
        2,
        6,
        3,
        7,
        4,
        11,
        8,
        12,
        9,
        13,
        10,
    ]


def test_coco_limb_channels_swap_sides():
    # Left limb channels 0 2 3 6 7 8 12 14 with right 1 4 5 9 10 11 13 15; the hips' limb is its own mirror image.
    left, right = (0, 2, 3, 6, 7, 8, 12, 14), (1, 4, 5, 9, 10, 11, 13, 15)
    assert [COCO17.limb_mirror[limb] for limb in left] == list(right)
    assert COCO17.limb_mirror[16] == 16


def test_both_sides_lists_left_before_right():
    assert both_sides([("neck", "*_hip"), ("neck", "head")]) == (
        ("neck", "left_hip"),
        ("neck", "right_hip"),
        ("neck", "head"),
    )


@pytest.mark.parametrize(
    ("joints", "limbs", "message"),
    [
        (("nose", "nose"), (), "layout mine: joint names must differ, these repeat: nose"),
        (("nose",), (("nose", "tail"),), "layout mine: a limb names joints that it does not have: tail"),
    ],
)
def test_refuses_a_broken_layout(joints, limbs, message):
    with pytest.raises(ValueError, match=message):
        SkeletonLayout("mine", joints, limbs)


def test_refuses_what_has_no_mirror_image():
    with pytest.raises(ValueError, match="layout mine has no joint 'right_hand'; its joints are: left_hand"):
        _ = SkeletonLayout("mine", ("left_hand",), ()).joint_mirror
    layout = SkeletonLayout("mine", ("nose", "left_eye", "right_eye"), (("nose", "left_eye"),))
    with pytest.raises(ValueError, match="limbs without a mirror image"):
        _ = layout.limb_mirror


def test_unknown_layout_lists_the_known_ones():
    with pytest.raises(ValueError, match="unknown skeleton layout 'coco'; did you mean coco17"):
        find_layout("coco")


@pytest.mark.parametrize("layout", [it for it in LAYOUTS.values() if it.name != "blazepose33"], ids=lambda it: it.name)
def test_bones_are_a_tree_that_grows_from_the_centre(layout):
    assert len(layout.bones) == layout.num_joints - 1
    reached = {layout.index(layout.centre or layout.joints[0])}
    for child, parent in layout.bones:
        assert parent in reached and child not in reached
        reached.add(child)


def test_bones_are_the_published_graphs():
    # The inward edges of the stored graphs of published NTU and COCO models, counted from 0.
    assert sorted(NTU25.bones) == [
        (0, 1), (1, 20), (2, 20), (3, 2), (4, 20), (5, 4), (6, 5), (7, 6), (8, 20), (9, 8), (10, 9), (11, 10), (12, 0),
        (13, 12), (14, 13), (15, 14), (16, 0), (17, 16), (18, 17), (19, 18), (21, 7), (22, 7), (23, 11), (24, 11),
    ]  # fmt: skip
    assert sorted(COCO17.bones) == [
        (1, 0), (2, 0), (3, 1), (4, 2), (5, 0), (6, 0), (7, 5), (8, 6), (9, 7), (10, 8), (11, 5), (12, 6), (13, 11),
        (14, 12), (15, 13), (16, 14),
    ]  # fmt: skip


def test_published_bone_streams_measure_some_joints_from_afar():
    assert (COCO17.bone_parents[11], COCO17.bone_parents[0]) == (0, 0)  # the hips from the nose
    assert (OPENPOSE18.bone_parents[1], OPENPOSE18.bone_parents[0]) == (0, 0)  # the neck from the nose
    assert NTU25.bone_parents[20] == 20
    assert (NTU25.bone_parents[21], NTU25.bone_parents[23]) == (22, 24)  # hand tips from the thumbs


def test_a_centre_that_is_no_joint_is_refused():
    with pytest.raises(ValueError, match="names joints that it does not have: tail"):
        SkeletonLayout("made", ("head", "neck"), (("head", "neck"),), centre="tail")


def test_a_layout_is_shown_by_its_size():
    assert repr(find_layout("coco17")) == "SkeletonLayout(coco17, 17 joints, 17 limbs)"
