"""One writer at a time: who is refused, who takes over, what is left behind."""

import errno
import logging
import subprocess
import sys
import textwrap

import pytest

from posecube.skeleton.layouts import PENN13
from posecube.store import SkeletonStore, StoreWriter, write_lock
from posecube.store.write_lock import LOCK_NAME, WriteLock

CLASSES = ("walk", "run", "jump")
# A process that holds a store's lock until it is killed, or until it is told to end.
HOLDER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from posecube.store.write_lock import WriteLock
    lock = WriteLock(Path(sys.argv[1]))
    print("locked", flush=True)
    sys.stdin.readline()
    """
)


@pytest.fixture
def holder(tmp_path):
    started = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None and started.stdout.readline() == "locked\n"
    yield started
    started.kill()
    started.communicate()


def test_another_process_is_refused_with_the_holders_number(tmp_path, holder) -> None:
    with pytest.raises(BlockingIOError, match=f"is being written by process {holder.pid}: wait until") as raised:
        WriteLock(tmp_path)
    assert "\n" not in str(raised.value)


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path, holder) -> None:
    holder.kill()
    holder.wait()
    assert (tmp_path / LOCK_NAME).read_text() == str(holder.pid), "a killed process cannot tidy up"
    lock = WriteLock(tmp_path)
    lock.release()
    assert not (tmp_path / LOCK_NAME).exists()


def test_a_process_that_ends_leaves_no_file(tmp_path, holder) -> None:
    holder.communicate("end\n")
    assert holder.returncode == 0 and not list(tmp_path.iterdir())


def test_a_lock_is_released_once_or_with_its_last_owner(tmp_path) -> None:
    lock = WriteLock(tmp_path)
    with pytest.raises(BlockingIOError, match="by this process"):
        WriteLock(tmp_path)
    lock.release()
    other = WriteLock(tmp_path)
    lock.release()
    with pytest.raises(BlockingIOError):
        WriteLock(tmp_path)
    del other
    WriteLock(tmp_path).release()


def test_no_folder_no_lock(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        WriteLock(tmp_path / "none")


def test_a_file_system_without_locks_is_warned_of(tmp_path, monkeypatch, caplog) -> None:
    def refuse(_lock, *_arguments, **_options) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(write_lock.FileLock, "acquire", refuse)
    with caplog.at_level(logging.WARNING):
        WriteLock(tmp_path).release()
    assert "knows no locks" in caplog.text and not list(tmp_path.iterdir())


class TestStores:
    def test_a_second_writer_is_refused_until_the_first_finishes(self, tmp_path, make_sequence) -> None:
        path = tmp_path / "store"
        first = StoreWriter(path, layout=PENN13, classes=CLASSES)
        first.add(make_sequence())
        first.flush()
        with pytest.raises(BlockingIOError, match="/store is being written by this process"):
            StoreWriter.append(path)
        assert len(SkeletonStore.open(path)) == 1, "readers are let in"
        first.finish()
        with StoreWriter.append(path) as second:
            second.add(make_sequence(1))
        assert len(SkeletonStore.open(path)) == 2 and not (path / LOCK_NAME).exists()

    def test_two_may_not_begin_one_store(self, tmp_path) -> None:
        path = tmp_path / "store"
        path.mkdir()
        lock = WriteLock(path)
        with pytest.raises(BlockingIOError, match="being written"):
            StoreWriter(path, layout=PENN13, classes=CLASSES)
        lock.release()
        (path / LOCK_NAME).touch()  # somebody was killed before anything was written
        with StoreWriter(path, layout=PENN13, classes=CLASSES):
            pass
        assert [file.name for file in path.iterdir()] == ["manifest.json"]

    def test_whoever_fails_lets_go(self, tmp_path, make_sequence) -> None:
        path = tmp_path / "store"
        with pytest.raises(RuntimeError), StoreWriter(path, layout=PENN13, classes=CLASSES) as failed:
            failed.add(make_sequence())
            raise RuntimeError
        with pytest.raises(ValueError, match="new classes must come after") as kept:
            StoreWriter.append(path, classes=("run",))
        with pytest.raises(ValueError, match="clips_per_shard must be at least 1"):
            StoreWriter.append(path, clips_per_shard=0)
        StoreWriter.append(path).finish()
        assert kept.value.__traceback__ is not None, "the writer that failed is still referred to"
