"""Work in several processes: the same results in the same order, and errors that come through."""

import os

import pytest

from posecube.datasets.in_processes import map_in_order


def double(number):
    if number == 66:
        raise ValueError("sixty-six is too much")
    return 2 * number


def give_up(_number):
    os._exit(3)


def test_in_this_process():
    assert list(map_in_order(double, iter(range(60)), workers=1)) == list(range(0, 120, 2))
    assert list(map_in_order(double, [], workers=1)) == []


def test_in_two_processes_in_order_a_little_ahead_until_an_error():
    taken = []

    def items():
        for number in range(-100_000, 100_000):
            taken.append(number)
            yield number if len(taken) < 100 else 66

    results = map_in_order(double, items(), workers=2)
    assert [next(results) for _ in range(90)] == list(range(-200_000, -199_820, 2))
    assert len(taken) < 200
    with pytest.raises(ValueError, match="sixty-six is too much"):
        list(results)
    assert len(taken) < 200


def test_a_worker_that_dies():
    with pytest.raises(ChildProcessError, match="a worker process died, perhaps out of memory: give fewer workers"):
        list(map_in_order(give_up, range(3), workers=2))


def test_no_workers():
    with pytest.raises(ValueError, match="workers must be 1 or more, got 0"):
        map_in_order(double, [], workers=0)
