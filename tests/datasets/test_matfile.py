"""Level 5 MATLAB files, against scipy as an independent reader and writer."""

import io

import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.datasets.matfile import read_variables

DTYPES = ["f8", "f4", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"]
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)


def written(variables, **options):
    file = io.BytesIO()
    scipy.io.savemat(file, variables, **options)
    return file.getvalue()


@settings(max_examples=80, deadline=None)
@given(
    name=NAMES,
    array=hnp.arrays(st.sampled_from(DTYPES), hnp.array_shapes(min_dims=2, max_dims=3, max_side=9)),
    do_compression=st.booleans(),
)
def test_numbers(name, array, do_compression):
    content = written({name: array, "after": np.ones((1, 3))}, do_compression=do_compression)
    got = read_variables(content)
    np.testing.assert_array_equal(got[name], array)
    np.testing.assert_array_equal(got[name], scipy.io.loadmat(io.BytesIO(content))[name])
    np.testing.assert_array_equal(got["after"], [[1, 1, 1]])


@pytest.mark.parametrize("do_compression", [True, False])
@pytest.mark.parametrize("text", ["a", "bowl", "clean_and_jerk", ""])
def test_text(text, do_compression):
    assert read_variables(written({"action": text, "after": 1}, do_compression=do_compression))["action"] == text


def test_leaves_out_what_is_neither():
    content = written({"cell": np.array(["a", 1], dtype=object), "struct": {"a": 1}, "imaginary": 1j, "number": 2})
    assert list(read_variables(content)) == ["number"]


@pytest.mark.parametrize("content", [b"", b"hello", b"x" * 200])
def test_no_such_file(content):
    with pytest.raises(ValueError, match="not a MATLAB level 5 file"):
        read_variables(content)


def test_older_level():
    with pytest.raises(ValueError, match="not a MATLAB level 5 file"):
        read_variables(written({"x": np.ones((20, 20))}, format="4"))


@pytest.mark.parametrize("do_compression", [True, False])
@pytest.mark.parametrize("length", [129, 135, 150, 180, 200])
def test_cut_short(do_compression, length):
    content = written({"x": np.random.default_rng(0).normal(size=(9, 9))}, do_compression=do_compression)
    with pytest.raises(ValueError, match="damaged"):
        read_variables(content[:length])


@settings(max_examples=300, deadline=None)
@given(
    damage=st.binary(max_size=20), start=st.integers(0, 900), length=st.integers(0, 900), do_compression=st.booleans()
)
def test_damage_is_a_value_error_at_worst(damage, start, length, do_compression):
    content = written({"x": np.arange(60.0).reshape(6, 10), "action": "bowl"}, do_compression=do_compression)
    try:
        read_variables(content[:start] + damage + content[start + length :])
    except ValueError as error:
        assert "\n" not in str(error)
