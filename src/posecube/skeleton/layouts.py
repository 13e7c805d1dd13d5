"""The layouts of published data sets and pose estimators: data only.

Sources: joint orders as each format publishes them. COCO-17's limbs stand in the order of the published limb models.
"""

from posecube import lookup
from posecube.skeleton.layout import SkeletonLayout, both_sides

_FACE = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
_PAIRS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_BODY_LEFT_RIGHT = tuple(f"{side}_{part}" for part in _PAIRS for side in ("left", "right"))
_BODY_RIGHT_LEFT = tuple(f"{side}_{part}" for part in _PAIRS for side in ("right", "left"))

COCO17 = SkeletonLayout(
    name="coco17",
    joints=_FACE + _BODY_LEFT_RIGHT,
    limbs_by_name=(
        ("nose", "left_shoulder"),
        ("nose", "right_shoulder"),
        ("left_shoulder", "left_elbow"),
        ("left_elbow", "left_wrist"),
        ("right_shoulder", "right_elbow"),
        ("right_elbow", "right_wrist"),
        ("left_shoulder", "left_hip"),
        ("left_hip", "left_knee"),
        ("left_knee", "left_ankle"),
        ("right_shoulder", "right_hip"),
        ("right_hip", "right_knee"),
        ("right_knee", "right_ankle"),
        ("nose", "left_eye"),
        ("nose", "right_eye"),
        ("left_eye", "left_ear"),
        ("right_eye", "right_ear"),
        ("left_hip", "right_hip"),
    ),
    centre="nose",
    bones_instead=(("left_hip", "nose"), ("right_hip", "nose")),
)

# Penn Action stores the subject's anatomical right first (measured on the shoulders of frontal clips).
PENN13 = SkeletonLayout(
    name="penn13",
    joints=("head", *_BODY_RIGHT_LEFT),
    limbs_by_name=both_sides(
        [
            ("head", "*_shoulder"),
            ("*_shoulder", "*_elbow"),
            ("*_elbow", "*_wrist"),
            ("*_shoulder", "*_hip"),
            ("*_hip", "*_knee"),
            ("*_knee", "*_ankle"),
            ("left_shoulder", "right_shoulder"),
            ("left_hip", "right_hip"),
        ]
    ),
    centre="head",
)

NTU25 = SkeletonLayout(
    name="ntu25",
    joints=(
        "pelvis", "spine", "neck", "head",
        "left_shoulder", "left_elbow", "left_wrist", "left_hand",
        "right_shoulder", "right_elbow", "right_wrist", "right_hand",
        "left_hip", "left_knee", "left_ankle", "left_foot",
        "right_hip", "right_knee", "right_ankle", "right_foot",
        "thorax", "left_hand_tip", "left_thumb", "right_hand_tip", "right_thumb",
    ),
    limbs_by_name=both_sides(
        [
            ("pelvis", "spine"), ("spine", "thorax"), ("neck", "thorax"), ("head", "neck"),
            ("*_shoulder", "thorax"), ("*_elbow", "*_shoulder"), ("*_wrist", "*_elbow"), ("*_hand", "*_wrist"),
            ("*_hip", "pelvis"), ("*_knee", "*_hip"), ("*_ankle", "*_knee"), ("*_foot", "*_ankle"),
            ("*_hand_tip", "*_hand"), ("*_thumb", "*_hand"),
        ]
    ),
    centre="thorax",
    bones_instead=(("left_hand_tip", "left_thumb"), ("right_hand_tip", "right_thumb")),
)  # fmt: skip

KINECT20 = SkeletonLayout(
    name="kinect20",
    joints=(
        "pelvis", "spine", "neck", "head",
        "left_shoulder", "left_elbow", "left_wrist", "left_hand",
        "right_shoulder", "right_elbow", "right_wrist", "right_hand",
        "left_hip", "left_knee", "left_ankle", "left_foot",
        "right_hip", "right_knee", "right_ankle", "right_foot",
    ),
    limbs_by_name=both_sides(
        [
            ("pelvis", "spine"), ("spine", "neck"), ("head", "neck"),
            ("*_shoulder", "neck"), ("*_elbow", "*_shoulder"), ("*_wrist", "*_elbow"), ("*_hand", "*_wrist"),
            ("*_hip", "pelvis"), ("*_knee", "*_hip"), ("*_ankle", "*_knee"), ("*_foot", "*_ankle"),
        ]
    ),
    centre="neck",
)  # fmt: skip

_OPENPOSE_LIMBS = both_sides(
    [
        ("neck", "nose"), ("*_shoulder", "neck"), ("*_elbow", "*_shoulder"), ("*_wrist", "*_elbow"),
        ("*_eye", "nose"), ("*_ear", "*_eye"), ("*_knee", "*_hip"), ("*_ankle", "*_knee"),
    ]
)  # fmt: skip

OPENPOSE18 = SkeletonLayout(
    name="openpose18",
    joints=(
        "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
        "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        "right_eye", "left_eye", "right_ear", "left_ear",
    ),
    limbs_by_name=_OPENPOSE_LIMBS + both_sides([("*_hip", "*_shoulder")]),
    centre="neck",
    bones_instead=(("neck", "nose"), ("nose", "nose")),
)  # fmt: skip

OPENPOSE25 = SkeletonLayout(
    name="openpose25",
    joints=(
        "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
        "pelvis", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        "right_eye", "left_eye", "right_ear", "left_ear",
        "left_big_toe", "left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel",
    ),
    limbs_by_name=_OPENPOSE_LIMBS + both_sides(
        [
            ("neck", "pelvis"), ("*_hip", "pelvis"),
            ("*_big_toe", "*_ankle"), ("*_small_toe", "*_big_toe"), ("*_heel", "*_ankle"),
        ]
    ),
    centre="neck",
)  # fmt: skip

HALPE26 = SkeletonLayout(
    name="halpe26",
    joints=(
        *COCO17.joints, "head", "neck", "pelvis",
        "left_big_toe", "right_big_toe", "left_small_toe", "right_small_toe", "left_heel", "right_heel",
    ),
    limbs_by_name=both_sides(
        [
            ("head", "nose"), ("*_eye", "nose"), ("*_ear", "*_eye"), ("neck", "nose"), ("neck", "pelvis"),
            ("*_shoulder", "neck"), ("*_elbow", "*_shoulder"), ("*_wrist", "*_elbow"),
            ("*_hip", "pelvis"), ("*_knee", "*_hip"), ("*_ankle", "*_knee"),
            ("*_big_toe", "*_ankle"), ("*_small_toe", "*_ankle"), ("*_heel", "*_ankle"),
        ]
    ),
    centre="neck",
)  # fmt: skip

# What Human3.6M itself calls neck lies before the face; those who convert 2D joints to it put the nose there.
H36M17 = SkeletonLayout(
    name="h36m17",
    joints=(
        "pelvis", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        "spine", "thorax", "nose", "head",
        "left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist",
    ),
    limbs_by_name=both_sides(
        [
            ("*_hip", "pelvis"), ("*_knee", "*_hip"), ("*_ankle", "*_knee"),
            ("spine", "pelvis"), ("thorax", "spine"), ("nose", "thorax"), ("head", "nose"),
            ("*_shoulder", "thorax"), ("*_elbow", "*_shoulder"), ("*_wrist", "*_elbow"),
        ]
    ),
    centre="thorax",
)  # fmt: skip

SBU15 = SkeletonLayout(
    name="sbu15",
    joints=(
        "head", "neck", "spine",
        "left_shoulder", "left_elbow", "left_hand", "right_shoulder", "right_elbow", "right_hand",
        "left_hip", "left_knee", "left_foot", "right_hip", "right_knee", "right_foot",
    ),
    limbs_by_name=both_sides(
        [
            ("head", "neck"), ("neck", "spine"),
            ("neck", "*_shoulder"), ("*_shoulder", "*_elbow"), ("*_elbow", "*_hand"),
            ("spine", "*_hip"), ("*_hip", "*_knee"), ("*_knee", "*_foot"),
        ]
    ),
    centre="neck",
)  # fmt: skip

BLAZEPOSE33 = SkeletonLayout(
    name="blazepose33",
    joints=(
        "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
        "left_ear", "right_ear", "left_mouth", "right_mouth",
        "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
        "left_pinky", "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb",
        "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
        "left_heel", "right_heel", "left_foot_index", "right_foot_index",
    ),
    limbs_by_name=both_sides(
        [
            ("nose", "*_eye_inner"), ("*_eye_inner", "*_eye"), ("*_eye", "*_eye_outer"), ("*_eye_outer", "*_ear"),
            ("left_mouth", "right_mouth"), ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"),
            ("*_shoulder", "*_elbow"), ("*_elbow", "*_wrist"), ("*_shoulder", "*_hip"),
            ("*_wrist", "*_pinky"), ("*_wrist", "*_index"), ("*_wrist", "*_thumb"),
            ("*_hip", "*_knee"), ("*_knee", "*_ankle"), ("*_ankle", "*_heel"), ("*_heel", "*_foot_index"),
        ]
    ),
)  # fmt: skip

LAYOUTS: dict[str, SkeletonLayout] = {
    layout.name: layout
    for layout in (
        COCO17, PENN13, NTU25, KINECT20, OPENPOSE18, OPENPOSE25, HALPE26, H36M17, SBU15, BLAZEPOSE33,
    )
}  # fmt: skip


def find_layout(name: str) -> SkeletonLayout:
    """Look a layout up by its name.

    Raises:
        UserError: If there is none of that name.
    """
    return lookup.find(LAYOUTS, name, what="skeleton layout")
