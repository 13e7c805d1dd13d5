"""Names of classes from a file."""

import pytest

from posecube.datasets.class_names import numbered_class_names, read_class_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("walk\nrun\n\n jump high \n", ("walk", "run", "jump high")),
        ("0 walk\n1 run\n", ("walk", "run")),
        ("1\twalk\n2\trun far\n", ("walk", "run far")),
        ("A1. drink water\nA2. eat meal\n", ("drink water", "eat meal")),
        ("A001: drink\nA002: eat\n", ("drink", "eat")),
        ("000,walk\n001,run\n", ("walk", "run")),
        ("3 jumps\n1 step\n", ("3 jumps", "1 step")),  # no numbering
        ("1 step\n3 jumps\n", ("1 step", "3 jumps")),
        ("\ufeffwalk\r\nrun", ("walk", "run")),
        ("7\n8\n", ("7", "8")),
        ("# of mine\n1 run\n0 walk\n", ("walk", "run")),
        ("walk\nrun\nwalk\nwalk\nrun (2)\nrun", ("walk", "run", "walk (2)", "walk (3)", "run (2)", "run (3)")),
    ],
)
def test_files(tmp_path, text, names):
    path = tmp_path / "names.txt"
    path.write_bytes(text.encode())
    assert read_class_names(path) == names


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "names.txt names no classes"),
        (b"\xff\xfe\x00", "names.txt: expected class names, one a line; this is no UTF-8 text"),
        (b"0 A\n0 B\n", "names.txt: the number 0 stands there a second time"),
    ],
)
def test_no_names(tmp_path, content, message):
    path = tmp_path / "names.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_class_names(path)


@pytest.mark.parametrize("text", ["1 A\n2 B\n", "0 A\n2 B\n"])
def test_what_numbers_must_begin_with(tmp_path, text):
    path = tmp_path / "names.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"expected classes numbered 0 to 1, got [01] to 2"):
        read_class_names(path, first=0)


def test_published_lists(shared):
    assert read_class_names(shared / "data/formats/label_map_ntu60.txt") == read_class_names("ntu60")
    assert read_class_names("ntu120")[:60] == read_class_names("ntu60")
    names = read_class_names(shared / "data/formats/label_map_gym99.txt")
    assert len(names) == len(set(names)) == 99
    assert [name for name in names if name.endswith(" (2)")] == ["(BB) salto backward tucked (2)"]
    assert names[0].startswith("(VT) round-off")
    with pytest.raises(FileNotFoundError, match="no file of class names at ntu61"):
        read_class_names("ntu61")


def test_numbers():
    assert numbered_class_names(2) == ("class_000", "class_001")
