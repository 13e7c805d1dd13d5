"""Labels of clips: by folders, by a list, by nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecube.datasets.labels import label_clips


def table(labelled):
    return {
        clip.name: (None if clip.label is None else labelled.classes[clip.label], clip.split) for clip in labelled.clips
    }


def write(folder, text):
    path = folder / "labels.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["b", "a"], {"a": (None, None), "b": (None, None)}),
        (["wave/a", "bow/b"], {"bow/b": ("bow", None), "wave/a": ("wave", None)}),
        (["test/wave/a", "train/wave/b"], {"test/wave/a": ("wave", "test"), "train/wave/b": ("wave", "train")}),
    ],
)
def test_folders(names, expected):
    assert table(label_clips(names, "folders")) == expected


@pytest.mark.parametrize("labels", [None, "none"])
def test_none(labels):
    labelled = label_clips(["wave/a"], labels)
    assert (table(labelled), labelled.classes) == ({"wave/a": (None, None)}, ())


@pytest.mark.parametrize(
    "text",
    [
        "a wave\nb.mp4 bow\n",
        "name,label\na,wave\nb,bow",
        "# of mine\na\twave\n\nb.json\tbow\n",
        "a, wave, train\nb, bow, test",
        "\ufeffx/a wave\nb bow\n",
    ],
)
def test_lists(tmp_path, text):
    labelled = label_clips(["x/a", "x/b"], write(tmp_path, text))
    assert {name: label for name, (label, _) in table(labelled).items()} == {"x/a": "wave", "x/b": "bow"}
    assert labelled.classes == ("bow", "wave")
    assert labelled.missing == {}


def test_splits_and_numbers(tmp_path):
    labelled = label_clips(["a", "b"], write(tmp_path, "a 3 train\nb 1 test\n"))
    assert table(labelled) == {"a": ("3", "train"), "b": ("1", "test")}
    assert labelled.classes == ("0", "1", "2", "3")


def test_one_without_the_other(tmp_path):
    labelled = label_clips(["a", "b"], write(tmp_path, "a wave\nc wave\n"))
    assert table(labelled) == {"a": ("wave", None)}
    assert labelled.missing == {
        "b": "labels.txt does not list it",
        "c": "labels.txt lists it, but there is no such clip",
    }


def test_names_with_points(tmp_path):
    assert table(label_clips(["john.smith"], write(tmp_path, "john.smith wave"))) == {"john.smith": ("wave", None)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected `name label`, `name label split` or `index label path` a line, .* got no line"),
        ("a\n", "labels.txt line 1: expected `name label`"),
        ("a b c d\n", "labels.txt line 1: expected `name label`"),
        ("a,\n", "labels.txt line 1: expected `name label`"),
        ("a wave\na bow\n", "line 2: 'a' stands there a second time"),
        ("a 10000\n", "class numbers must lie below 10000, got 10000"),
        (f"a {'9' * 6000}\n", "class numbers must lie below 10000, got 99999999999999999999$"),
        ("zebra wave\n", "lists none of the 1 clips; they are called like 'a'"),
        (b"a \xff\xfe", "expected a text file, got other data"),
    ],
)
def test_refuses(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        label_clips(["a"], write(tmp_path, text))


def test_folders_whose_names_are_no_text():
    with pytest.raises(ValueError, match=r"the name of folder 'w\\udce9' is no UTF-8 text; rename it"):
        label_clips(["w\udce9/a"], "folders")


def test_no_list(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file; expected a list of names and labels"):
        label_clips(["a"], tmp_path / "none.txt")


@given(st.binary(max_size=60))
def test_any_list(tmp_path_factory, content):
    path = write(tmp_path_factory.getbasetemp(), content)
    try:
        label_clips(["a", "b/c"], path)
    except ValueError as error:
        assert "labels.txt" in str(error)
