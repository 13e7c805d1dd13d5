"""Files of a data set: the same from a folder, a tar of any compression and a zip; archives that are damaged."""

from pathlib import PurePosixPath

import pytest

from archives import as_folder, as_tar, as_zip
from posecube.datasets.archives import FileStream, read_files

CONTENT = {"top/labels/2.txt": b"two", "top/labels/10.txt": b"ten", "top/labels/readme.md": b"no", "top/1.txt": b"one"}


@pytest.fixture(params=["folder", "tar", "gz", "bz2", "xz", "zip"])
def source(request, tmp_path):
    path = tmp_path / f"data.{request.param}"
    if request.param == "folder":
        return as_folder(path, CONTENT)
    return as_zip(path, CONTENT) if request.param == "zip" else as_tar(path, CONTENT, request.param.replace("tar", ""))


def test_matching_files_in_order(source):
    assert list(read_files(source, "labels/*.txt")) == [
        (PurePosixPath("top/labels/10.txt"), b"ten"),
        (PurePosixPath("top/labels/2.txt"), b"two"),
    ]


def test_nothing_matches(source):
    with pytest.raises(ValueError, match=r"holds no file like \*.mat: is it the right data set\?"):
        list(read_files(source, "*.mat"))


def test_missing_source(tmp_path):
    with pytest.raises(FileNotFoundError, match="no data set at"):
        list(read_files(tmp_path / "none", "*.mat"))


@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz", "zip"])
@pytest.mark.parametrize("keep", [0, 1, 100, 0.6])
def test_archives_cut_short(tmp_path, compression, keep):
    path = tmp_path / "data"
    (as_zip(path, CONTENT) if compression == "zip" else as_tar(path, CONTENT, compression))
    content = path.read_bytes()
    path.write_bytes(content[: keep if keep > 0.6 or keep == 0 else int(len(content) * keep)])
    try:
        files = list(read_files(path, "labels/*.txt"))
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        # An uncompressed tar may lose nothing but its padding.
        assert compression == ""
        assert len(files) == 2


def test_a_text_file_is_no_archive(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(ValueError, match="is no readable folder, tar or zip"):
        list(read_files(path, "*.mat"))


TEXT_FILES = {"top/b.txt": b"two", "top/deep/a.txt": b"one", "c.txt": b"three", "top/readme.md": b"no"}
TEXTS = [(name, content) for name, content in TEXT_FILES.items() if name.endswith(".txt")]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda path: as_folder(path, TEXT_FILES), sorted(TEXTS)),
        (lambda path: as_zip(path, TEXT_FILES), sorted(TEXTS)),
        *[(lambda path, c=compression: as_tar(path, TEXT_FILES, c), TEXTS) for compression in ("", "gz", "bz2", "xz")],
    ],
    ids=["folder", "zip", "tar", "gz", "bz2", "xz"],
)
def test_files_in_their_order(tmp_path, make, expected):
    stream = FileStream(make(tmp_path / "data"), ".txt")
    assert stream.names == [name for name, _ in expected]
    for _ in range(2):
        assert list(stream.read()) == expected


def test_one_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"one")
    assert list(FileStream(path, ".txt").read()) == [("a.txt", b"one")]


def test_a_folder_of_files_and_archives(tmp_path):
    (tmp_path / "z.txt").write_bytes(b"zero")
    as_zip(tmp_path / "1.zip", TEXT_FILES)
    as_tar(tmp_path / "2.tar.gz", TEXT_FILES, "gz")
    assert list(FileStream(tmp_path, ".txt").read()) == [("z.txt", b"zero"), *sorted(TEXTS), *TEXTS]


def test_nothing_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="no data set at"):
        FileStream(tmp_path / "none", ".txt")
    with pytest.raises(ValueError, match=r"holds no file like \*.mat: is it the right data set?"):
        FileStream(as_folder(tmp_path / "data", TEXT_FILES), ".mat")


@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz", "zip"])
@pytest.mark.parametrize("keep", [0, 1, 100, 0.6])
def test_streamed_archives_cut_short(tmp_path, compression, keep):
    path = tmp_path / "data"
    (as_zip(path, TEXT_FILES) if compression == "zip" else as_tar(path, TEXT_FILES, compression))
    content = path.read_bytes()
    path.write_bytes(content[: keep if keep > 0.6 or keep == 0 else int(len(content) * keep)])
    try:
        files = list(FileStream(path, ".txt").read())
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        # An uncompressed tar may lose nothing but its padding.
        assert compression == ""
        assert len(files) == 3
