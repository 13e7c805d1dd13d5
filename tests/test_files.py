"""Files appear whole or not at all."""

import json
import os

import pytest

from posecube.files import atomic_path, check_output, write_bytes, write_json, write_text


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_name_when_it_is_whole(tmp_path) -> None:
    with atomic_path(tmp_path / "clip.mp4") as temporary:
        assert temporary.suffix == ".mp4" and temporary.parent == tmp_path
        temporary.write_bytes(b"half")
        assert not (tmp_path / "clip.mp4").exists()
    assert names(tmp_path) == ["clip.mp4"]


def test_what_was_there_stays_when_writing_fails(tmp_path) -> None:
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(ZeroDivisionError), atomic_path(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")
        _ = 1 / 0
    assert (tmp_path / "a.txt").read_text() == "old" and names(tmp_path) == ["a.txt"]


def test_a_folder_takes_its_name_when_it_is_whole(tmp_path) -> None:
    with atomic_path(tmp_path / "store") as temporary:
        temporary.mkdir()
        (temporary / "a").touch()
    assert names(tmp_path / "store") == ["a"]
    with pytest.raises(KeyboardInterrupt), atomic_path(tmp_path / "other") as temporary:
        temporary.mkdir()
        raise KeyboardInterrupt
    assert names(tmp_path) == ["store"]


def test_remains_of_a_killed_run_are_in_nobodys_way(tmp_path) -> None:
    with pytest.raises(ZeroDivisionError), atomic_path(tmp_path / "store") as temporary:
        (temporary / "deep").mkdir(parents=True)
        _ = 1 / 0
    temporary.mkdir()  # as a kill would have left it
    (temporary / "old").touch()
    with atomic_path(tmp_path / "store") as again:
        again.mkdir()
    assert names(tmp_path / "store") == []


def test_json_has_no_numbers_that_json_lacks(tmp_path) -> None:
    write_json(tmp_path / "a.json", {"a": [1, 2.5], "b": "ä"})
    assert json.loads((tmp_path / "a.json").read_text()) == {"a": [1, 2.5], "b": "ä"}
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", {"a": float("nan")})
    assert names(tmp_path) == ["a.json"]


def test_bytes_are_written_as_they_are(tmp_path) -> None:
    write_bytes(tmp_path / "x", b"\0\r\n")
    assert (tmp_path / "x").read_bytes() == b"\0\r\n"


def test_outputs_are_checked_before_work_starts(tmp_path) -> None:
    check_output(tmp_path / "new.json", None)
    assert names(tmp_path) == []
    with pytest.raises(IsADirectoryError, match="it is a folder; give a file name"):
        check_output(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*absent; make it first"):
        check_output(tmp_path / "absent" / "a.json")
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match="is no folder"):
        check_output(tmp_path / "file" / "a.json")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="choose another place"):
        check_output(tmp_path / "a.json")
