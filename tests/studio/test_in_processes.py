"""Work in several processes: every result, errors that come through, a process that dies."""

import errno
import os
import signal

import pytest

from posecube.studio.in_processes import map_as_done


@pytest.mark.parametrize("workers", [1, 2])
def test_every_result_comes(workers: int) -> None:
    assert sorted(map_as_done(abs, [-4, 3, -2, 1, 0], workers=workers)) == [0, 1, 2, 3, 4]
    assert list(map_as_done(abs, [], workers=workers)) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_through_as_it_is(workers: int) -> None:
    with pytest.raises(FileNotFoundError) as error:
        list(map_as_done(os.stat, [os.sep, "no such file"], workers=workers))
    assert (error.value.errno, error.value.filename) == (errno.ENOENT, "no such file")


def test_a_worker_that_dies() -> None:
    with pytest.raises(ChildProcessError, match="a worker process died, perhaps out of memory; the same command"):
        list(map_as_done(os._exit, [3, 3], workers=2))


def test_an_interrupt_is_the_parents_to_handle() -> None:
    assert list(map_as_done(signal.raise_signal, [signal.SIGINT] * 2, workers=2)) == [None, None]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
