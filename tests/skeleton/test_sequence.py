"""SkeletonSequence: what it accepts, what it refuses and in which words."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.skeleton import SkeletonSequence
from posecube.skeleton.layouts import COCO17, PENN13

FLOATS = st.floats(-1e4, 1e4, width=32)


def make(shape=(1, 4, 17, 2), **fields):
    fields = {
        "keypoints": np.ones(shape, np.float32),
        "confidence": np.ones(shape[:3], np.float32),
        "layout": COCO17,
        "size_hw": (48, 64),
        **fields,
    }
    return SkeletonSequence(**fields)


def with_value(shape, index, value):
    array = np.ones(shape, np.float32)
    array[index] = value
    return array


def test_a_short_text_says_shapes():
    assert repr(make(name="a", label=1)) == (
        "SkeletonSequence('a': 1 people x 4 frames x 17 joints x 2 in 64x48, coco17, label 1)"
    )


def test_sizes():
    sequence = make((2, 5, 17, 3), size_hw=(0, 0), fps=Fraction(30000, 1001), label=3, name="clip")
    assert (sequence.num_people, sequence.num_frames, sequence.num_axes) == (2, 5, 3)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"keypoints": np.ones((4, 17, 2))}, r"keypoints must be \(M, T, V, 2 or 3\), got \(4, 17, 2\)"),
        ({"keypoints": np.ones((1, 4, 17, 4))}, r"keypoints must be \(M, T, V, 2 or 3\), got \(1, 4, 17, 4\)"),
        ({"confidence": np.ones((1, 3, 17))}, r"confidence must be \(1, 4, 17\) like the keypoints, got \(1, 3, 17\)"),
        ({"layout": PENN13}, "layout penn13 has 13 joints, got 17"),
        ({"confidence": with_value((1, 4, 17), (0, 0, 0), 1.5)}, r"confidence must lie in \[0, 1\], got 1.0 to 1.5"),
        ({"confidence": with_value((1, 4, 17), (0, 0, 0), -1)}, r"confidence must lie in \[0, 1\], got -1.0 to 1.0"),
        ({"confidence": with_value((1, 4, 17), (0, 0, 0), np.nan)}, r"confidence must lie in \[0, 1\], got nan"),
        (
            {"keypoints": with_value((1, 4, 17, 2), (0, 1, 2, 1), np.nan)},
            "keypoints must be finite where confidence is",
        ),
        ({"keypoints": with_value((1, 4, 17, 2), (0, 1, 2, 1), np.inf)}, "give NaN joints confidence 0"),
        ({"size_hw": (0, 0)}, r"a frame size \(height, width\) above 0 is needed for 2D joints, got \(0, 0\)"),
    ],
)
def test_refuses(fields, message):
    with pytest.raises(ValueError, match=message):
        make(**fields)


@pytest.mark.parametrize("shape", [(0, 4, 17, 2), (1, 0, 17, 2)])
def test_refuses_nobody_and_nothing(shape):
    with pytest.raises(ValueError, match="at least one person and one frame are needed"):
        make(shape)


def test_error_names_the_clip():
    with pytest.raises(ValueError, match="sequence 'clip7': layout penn13 has 13 joints"):
        make(layout=PENN13, name="clip7")


def test_a_missing_joint_may_be_nan():
    confidence = with_value((1, 4, 17), (0, 1, 2), 0)
    assert make(keypoints=with_value((1, 4, 17, 2), (0, 1, 2), np.nan), confidence=confidence).num_frames == 4


def test_replaced_is_checked_anew():
    sequence = make()
    assert sequence.replaced(label=2).label == 2
    with pytest.raises(ValueError, match="confidence must be"):
        sequence.replaced(keypoints=np.ones((1, 5, 17, 2)))


@given(
    keypoints=hnp.arrays(
        st.sampled_from([np.float16, np.float64, np.int32]), (1, 3, 13, 2), elements=st.integers(0, 100)
    )
)
def test_arrays_become_contiguous_float32(keypoints):
    turned = keypoints.swapaxes(0, 1).swapaxes(0, 1)[:, ::-1]
    sequence = make(keypoints=turned, confidence=np.ones((1, 3, 13)), layout=PENN13)
    assert sequence.keypoints.dtype == sequence.confidence.dtype == np.float32
    assert sequence.keypoints.flags.c_contiguous
    np.testing.assert_array_equal(sequence.keypoints, turned)


@given(
    keypoints=hnp.arrays(np.float32, (1, 2, 13, 2), elements=FLOATS),
    confidence=hnp.arrays(np.float32, (1, 2, 13), elements=st.floats(0, 1, width=32)),
)
def test_trusted_equals_checked(keypoints, confidence):
    fields = {
        "keypoints": keypoints,
        "confidence": confidence,
        "layout": PENN13,
        "size_hw": (10, 20),
        "fps": None,
        "label": 1,
        "name": "clip",
    }
    checked, trusted = SkeletonSequence(**fields), SkeletonSequence.trusted(**fields)
    assert vars(checked).keys() == vars(trusted).keys()
    np.testing.assert_array_equal(checked.keypoints, trusted.keypoints)
    np.testing.assert_array_equal(checked.confidence, trusted.confidence)
    assert trusted.replaced(name="other").name == "other"
