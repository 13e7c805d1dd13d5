"""Work in several processes: the same results in the same order, and errors that come through."""

import errno
import os
import signal

import pytest

from posecube.parallel import map_in_processes


def double(number):
    if number == 66:
        raise ValueError("sixty-six is too much")
    return 2 * number


def give_up(_number):
    os._exit(3)


def double_or_give_up(number):
    if number == 3:
        os._exit(3)
    return 2 * number


def never_mind(number):
    return f"{number} died"


def test_in_this_process() -> None:
    assert list(map_in_processes(double, iter(range(60)), workers=1)) == list(range(0, 120, 2))
    assert list(map_in_processes(double, [], workers=1)) == []


def test_in_two_processes_in_order_a_little_ahead_until_an_error() -> None:
    taken = []

    def items():
        for number in range(-100_000, 100_000):
            taken.append(number)
            yield number if len(taken) < 100 else 66

    results = map_in_processes(double, items(), workers=2, chunk=8)
    assert [next(results) for _ in range(90)] == list(range(-200_000, -199_820, 2))
    assert len(taken) < 200
    with pytest.raises(ValueError, match="sixty-six is too much"):
        list(results)
    assert len(taken) < 200


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_through_as_it_is(workers: int) -> None:
    with pytest.raises(FileNotFoundError) as error:
        list(map_in_processes(os.stat, [os.sep, "no such file"], workers=workers))
    assert (error.value.errno, error.value.filename) == (errno.ENOENT, "no such file")


def test_a_worker_that_dies_ends_the_work() -> None:
    with pytest.raises(ChildProcessError, match="a worker process died, perhaps out of memory: give fewer workers"):
        list(map_in_processes(give_up, range(3), workers=2))


@pytest.mark.parametrize("chunk", [1, 2])
def test_a_worker_that_dies_costs_its_item_alone_where_that_has_a_result(chunk: int) -> None:
    found = list(map_in_processes(double_or_give_up, range(6), workers=2, chunk=chunk, died=never_mind))
    assert found == [0, 2, 4, "3 died", 8, 10]


def test_an_interrupt_is_the_parents_to_handle() -> None:
    assert list(map_in_processes(signal.raise_signal, [signal.SIGINT] * 2, workers=2)) == [None, None]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_no_workers() -> None:
    with pytest.raises(ValueError, match="workers must be 1 or more, got 0"):
        map_in_processes(double, [], workers=0)
