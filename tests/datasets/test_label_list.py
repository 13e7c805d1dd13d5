"""Lists of names and labels: every form of a line, and what tells them apart."""

import pytest

from posecube.datasets.label_list import read_label_list


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a wave\n", ("a", "wave", None)),
        ("a wave train\n", ("a", "wave", "train")),
        ("0001 3 train\n", ("0001", "3", "train")),
        ("7 3 x/a.mp4\n", ("x/a.mp4", "3", None)),
        ("7,wave,a.mp4\n", ("a.mp4", "wave", None)),
        ("7 wave my own clip.mp4\n", ("my own clip.mp4", "wave", None)),
        ("my clip.mp4 wave\n", ("my clip.mp4", "wave", None)),
        ("my clip.mp4 wave test\n", ("my clip.mp4", "wave", "test")),
        ("my clip\tjump high\ttest\n", ("my clip", "jump high", "test")),
        ("Split,Video,ClassID\ntest,a.mp4,4\n", ("a.mp4", "4", "test")),
        ("# mine\nname label\na wave\n", ("a", "wave", None)),
    ],
)
def test_forms(tmp_path, text, expected):
    path = tmp_path / "list.txt"
    path.write_text(text)
    (entry,) = read_label_list(path)
    assert (entry.name, entry.label, entry.split) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [("a b c d\n", "list.txt line 1: expected `name label`"),
     ("a 1\n\na 2\n", "line 3: 'a' stands there a second time"),
     ("name,label\na\n", "line 2: expected name,label as the first line says, got 'a'"),
     ("name,label\n", "got no line")],
)  # fmt: skip
def test_refuses(tmp_path, text, message):
    (tmp_path / "list.txt").write_text(text)
    with pytest.raises(ValueError, match=message):
        read_label_list(tmp_path / "list.txt")
