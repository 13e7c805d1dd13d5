"""Files appear whole or not at all."""

import json
import os
import threading
from pathlib import Path

import pytest

from posecube.errors import UserError
from posecube.files import STDOUT, append_line, atomic_path, check_output, write_bytes, write_json, write_text


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


def test_an_output_is_no_input_by_whatever_name(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    video = tmp_path / "a.mp4"
    video.touch()
    (tmp_path / "link.mp4").symlink_to(video)
    os.link(video, tmp_path / "hard.mp4")
    (tmp_path / "folder").mkdir()
    for name in ("a.mp4", "link.mp4", "hard.mp4", "./folder/../a.mp4"):
        with pytest.raises(UserError, match=r"it is the input.*, which would be lost; choose another name"):
            check_output(name, inputs=[tmp_path / "absent", video])
    check_output(tmp_path / "b.mp4", inputs=[video])


def test_two_outputs_are_two_files(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="two outputs are one file"):
        check_output("a.json", tmp_path / "a.json")
    check_output(os.devnull, os.devnull, "a.json")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_device_that_takes_nothing_is_refused() -> None:
    with pytest.raises(OSError, match="cannot write /dev/full: No space left on device"):
        check_output("/dev/full")


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path, capsysbinary) -> None:
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    check_output(pipe)  # does not wait for a reader
    for write in (write_bytes, lambda path, content: _write_through_a_name(path, content)):
        reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
        reader.start()
        write(pipe, b"content")
        reader.join(10)
    assert got == [b"content"] * 2 and pipe.is_fifo() and names(tmp_path) == ["pipe"]
    write_text(os.devnull, "content")
    assert not Path(os.devnull).is_file()
    write_text(STDOUT, "ä")
    assert capsysbinary.readouterr().out == "ä".encode() and names(tmp_path) == ["pipe"]


def _write_through_a_name(path, content) -> None:
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def test_a_link_stays_a_link(tmp_path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text(tmp_path / "link", "content")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "content"


def test_lines_are_there_as_they_are_added(tmp_path) -> None:
    path = tmp_path / "lines"
    path.write_text("of an earlier run")
    for number in range(2):
        append_line(path, str(number), is_first=number == 0)
    assert path.read_text() == "0\n1\n"
