"""Files of a data set: the same from a folder, a tar of any compression and a zip."""

from pathlib import PurePosixPath

import pytest

from archives import as_folder, as_tar, as_zip
from posecube.datasets.archives import read_files

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
