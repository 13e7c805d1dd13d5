"""One .skeleton file: what was written is read, and what is wrong is named with its line."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntu_files import FIRST_ID, colour_of, recording_text, standing_body
from posecube.datasets.ntu.recording import parse_recording


def two_bodies(num_frames=6):
    one = standing_body(num_frames, motion_m=0.1)
    other = standing_body(2, x_m=1.0)
    return one, other, recording_text(num_frames, [(FIRST_ID, 0, one), (FIRST_ID + 1, 3, other)])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("spaces", [" ", "  ", "\t"])
def test_what_was_written_is_read(newline, spaces):
    one, other, text = two_bodies()
    recording = parse_recording(text.replace("\n", newline).replace(" ", spaces).encode())
    assert recording.num_frames == 6
    assert recording.frames.tolist() == [0, 1, 2, 3, 3, 4, 4, 5]
    # Their numbers are the same in 64-bit floating point.
    assert float(FIRST_ID) == float(FIRST_ID + 1)
    assert recording.bodies.tolist() == [0, 0, 0, 0, 1, 0, 1, 0]
    np.testing.assert_allclose(recording.joints_m[recording.bodies == 0], one, rtol=1e-7)
    np.testing.assert_allclose(recording.joints_m[recording.bodies == 1], other, rtol=1e-7)
    np.testing.assert_allclose(recording.colour_xy[recording.bodies == 0], colour_of(one), rtol=1e-7)
    assert (recording.tracking == 2).all()


def test_frames_without_bodies():
    recording = parse_recording(b"3\n0\n0\n0\n")
    assert (recording.num_frames, recording.frames.size, recording.joints_m.shape) == (3, 0, (0, 25, 3))
    assert parse_recording(b"0").num_frames == 0


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("nan", np.nan), ("NaN", np.nan), ("-nan", np.nan), ("-nan(ind)", np.nan), ("-1.#IND", np.nan),
        ("1.#QNAN", np.nan), ("1.#QNAN0", np.nan), ("inf", np.inf), ("-inf", -np.inf), ("-Infinity", -np.inf),
        ("1.#INF", np.inf), ("-1.#INF00", -np.inf), ("1e400", np.inf), ("-2.5e-3", -0.0025), ("+4", 4.0),
    ],
)  # fmt: skip
def test_numbers_that_are_none(word, expected):
    lines = recording_text(2, [(FIRST_ID, 0, standing_body(2))]).splitlines()
    lines[6] = " ".join([word, *lines[6].split()[1:]])
    recording = parse_recording("\n".join(lines).encode())
    np.testing.assert_equal(recording.joints_m[0, 2, 0], expected)
    assert np.isfinite(recording.joints_m[1]).all()


TEXT = recording_text(2, [(FIRST_ID, 0, standing_body(2))]).splitlines()
BODY, JOINT = TEXT[2], TEXT[4]


def changed(**lines):
    """The file with some of its lines, counted from 1, replaced."""
    return "\n".join(lines.get(f"line{number}", line) for number, line in enumerate(TEXT, start=1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: expected the number of frames, the file ends; it is cut short"),
        ("hello", "line 1: expected the number of frames, got 'hello'"),
        ("-1\n", "line 1: expected the number of frames, got '-1'"),
        ("2.5\n0\n", "line 1: expected the number of frames, got '2.5'"),
        ("999999999\n0\n", "line 1: the file promises 999999999 frames"),
        ("3\n0\n", "line 3: expected the number of bodies in frame 2 of 3, the file ends; it is cut short"),
        (changed(line1="3"), "line 58: expected the number of bodies in frame 3 of 3, the file ends"),
        (changed(line1="1"), "line 30: the first line promises 1 frames, here is more"),
        (changed(line2="2"), "line 30: expected a body in frame 1 of 2, a line of 10 numbers, got '1'"),
        (changed(line2="99"), "line 30: expected a body in frame 1 of 2"),
        (changed(line2="x"), "line 2: expected the number of bodies in frame 1 of 2, got 'x'"),
        (changed(line3="wave 1 2 3 4 5 6 7 8 9"), "line 3: expected a body in frame 1 of 2"),
        (changed(line4="20"), "line 4: expected 25 joints, got '20'"),
        (changed(line5=JOINT + " 5"), "line 5: expected a joint, 12 numbers, got '"),
        (changed(line5=JOINT.rsplit(" ", 1)[0]), "line 5: expected a joint, 12 numbers"),
        (changed(line5=JOINT.replace(".", ",")), "line 5: expected a joint, 12 numbers"),
        (changed(line29=""), "line 29: expected a joint, 12 numbers, got an empty line"),
        (changed(line40="x" * 500), "line 40: expected a joint, 12 numbers, got 'x"),
        ("\n".join([*TEXT, "1"]), "line 58: the first line promises 2 frames, here is more"),
        ("\x00\xff\x89PNG\n", "line 1: expected the number of frames, got"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text, message):
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        parse_recording(text.encode("latin1"))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 150


def test_the_same_body_twice():
    frame = "\n".join([BODY, *TEXT[3:29]])
    with pytest.raises(ValueError, match="line 30: the same body stands twice in frame 1 of 1"):
        parse_recording(f"1\n2\n{frame}\n{frame}\n".encode())


def test_cut_at_any_line_and_at_some_bytes():
    content = two_bodies(3)[2].encode()
    ends = [index for index, byte in enumerate(content) if byte == ord("\n")]
    for end in [*ends[:-1], *range(0, ends[-1] - 1, 97)]:
        with pytest.raises(ValueError, match=r"line \d+: "):
            parse_recording(content[:end])


@settings(max_examples=60, deadline=None)
@given(damage=st.binary(max_size=30), start=st.integers(0, 9000), length=st.integers(0, 200))
def test_damage_is_a_value_error_or_numbers(damage, start, length):
    content = two_bodies(2)[2].encode()
    try:
        recording = parse_recording(content[:start] + damage + content[start + length :])
    except ValueError as error:
        assert re.match(r"line \d+: ", str(error)), error
    else:
        assert recording.joints_m.shape[1:] == (25, 3)
