"""The restricted pickle reader: plain data of both numpy generations comes through, nothing else does."""

import io
import os
import pickle
import struct
import subprocess
import sys
import textwrap
from collections import OrderedDict, defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecube.datasets.pyskl.plain_pickle import parse_plain_pickle, plain, read_plain_pickle

PROTOCOLS = range(6)


def read(path, content):
    path.write_bytes(content)
    return read_plain_pickle(path)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.float16).reshape(1, 2, 3),
        np.arange(6, dtype=np.float32).reshape(2, 3).T,
        np.arange(24, dtype=">f8").reshape(2, 3, 4)[:, ::2],
        np.array([True, False]),
        np.array(["a", "bcd"]),
        np.array([b"a", b"bcd"]),
        np.empty((0, 17, 2)),
        np.array(3.5),
    ],
    ids=lambda array: f"{array.dtype}-{array.shape}",
)
def test_arrays(tmp_path, protocol, array):
    got = plain(read(tmp_path / "x.pkl", pickle.dumps(array, protocol)))
    assert got.dtype == array.dtype
    np.testing.assert_array_equal(got, array)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_plain_containers_and_scalars(tmp_path, protocol):
    content = {
        "list": [1, 2.5, "text", None, True, b"bytes", (1, 2)],
        "ordered": OrderedDict(a=1),
        "default": defaultdict(list, train=["a"]),
        "sets": [{1, 2}, frozenset("ab")],
        "long": [2**70, -(2**40), "é" * 300, "\ud800"],
        "scalars": [np.int64(3), np.float16(0.5), np.bool_(True), np.str_("name")],
        "bytearray": bytearray(b"abc"),
    }
    assert read(tmp_path / "x.pkl", pickle.dumps(content, protocol)) == content


@pytest.mark.parametrize("protocol", [0, 2])
def test_both_generations_of_numpy(tmp_path, protocol):
    array = np.arange(5, dtype=np.float32)
    new = pickle.dumps([array, np.int64(4)], protocol).replace(b"numpy.core", b"numpy._core")
    old = new.replace(b"numpy._core", b"numpy.core")
    assert b"numpy._core.multiarray" in new
    for content in (old, new):
        got, four = read(tmp_path / "x.pkl", content)
        np.testing.assert_array_equal(plain(got), array)
        assert four == 4


@settings(max_examples=60, deadline=None)
@given(
    array=hnp.arrays(
        st.sampled_from(["<f2", "<f4", ">f8", "i1", "<u2", ">i8"]), hnp.array_shapes(min_dims=0, min_side=0)
    ),
    protocol=st.sampled_from(PROTOCOLS),
)
def test_any_array(tmp_path_factory, array, protocol):
    got = plain(read(tmp_path_factory.mktemp("any") / "x.pkl", pickle.dumps(array, protocol)))
    assert got.dtype == array.dtype
    np.testing.assert_array_equal(got, array)


class Runs:
    """Pickles as a call of whatever it is given."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def hostile_pickles(marker):
    """Programs that would leave a file behind, or take hold of something that could."""
    command = f"touch {marker}"
    for protocol in PROTOCOLS:
        yield f"system{protocol}", pickle.dumps(Runs(os.system, command), protocol)
        yield f"inside{protocol}", pickle.dumps({"annotations": [{"keypoint": Runs(os.system, command)}]}, protocol)
        yield f"eval{protocol}", pickle.dumps(Runs(eval, f"__import__('os').system('{command}')"), protocol)
    for name in (
        "builtins getattr",
        "numpy load",
        "numpy fromfile",
        "numpy.core.multiarray fromstring",
        "posix system",
    ):
        yield name, b"c" + name.replace(" ", "\n").encode() + b"\n."
    # A dotted name that begins with one that is allowed.
    dotted = b"\x80\x04\x8c\x05numpy\x8c\x0endarray.tofile\x93."
    yield "dotted", dotted
    yield "builtins through numpy", b"\x80\x04\x8c\x05numpy\x8c\x0c__builtins__\x93."
    yield "object array", pickle.dumps(np.array([1, "x", None], dtype=object))
    yield "structured array", pickle.dumps(np.zeros(2, dtype=[("a", "f4")]))
    yield "date array", pickle.dumps(np.zeros(2, dtype="M8[s]"))
    yield "own class", pickle.dumps(Runs(np.random.default_rng, 0))
    yield "persistent id", b"Pabc\n."
    yield "png", b"\x89PNG\r\n\x1a\n"
    # Shapes that do not fit the content.
    array = pickle.dumps(np.zeros(1000, np.uint8), 2)
    yield "wrong size", array.replace(struct.pack("<H", 1000), struct.pack("<H", 2000), 1)
    # BUILD on the allowed names themselves, to bend them.
    yield "build on a function", b"cnumpy.core.multiarray\n_reconstruct\n(NN(V__code__\nI1\ndtb."
    yield "build on a class", b"ccollections\nOrderedDict\n(NN(V__init__\nI1\ndtb."
    yield "extension", b"\x82\x01."
    yield "new object of an allowed name", b"\x80\x02cnumpy\nndarray\n)\x81."
    # Sizes that the file does not have.
    yield "long bytes", b"\x80\x04\x8e" + struct.pack("<Q", 2**40) + b"x."
    yield "long bytearray", b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b"x."


def test_hostile_pickles_do_nothing(tmp_path):
    marker = tmp_path / "ran"
    for name, content in hostile_pickles(marker):
        path = tmp_path / "hostile.pkl"
        path.write_bytes(content)
        try:
            got = read_plain_pickle(path)
        except ValueError as error:
            assert "\n" not in str(error), name
            assert str(path) in str(error), name
        else:
            pytest.fail(f"{name} was read: {got!r}")
        assert not marker.exists(), name
    # What was allowed before still is: nothing has been bent.
    np.testing.assert_array_equal(plain(read(tmp_path / "x.pkl", pickle.dumps(np.arange(3)))), [0, 1, 2])


def test_the_message_names_the_name(tmp_path):
    with pytest.raises(
        ValueError, match=r"x.pkl was not loaded: a skeleton pickle holds .* this one names posix.system"
    ):
        read(tmp_path / "x.pkl", pickle.dumps(Runs(os.system, "true")))
    with pytest.raises(ValueError, match="this one has arrays of dtype 'O8'"):
        read(tmp_path / "x.pkl", pickle.dumps(np.array([None])))


def test_a_large_number_of_a_remembered_object_takes_no_memory(tmp_path):
    # Python's unpickler keeps a list as long as the largest number: these nine bytes make it fill 32 GB.
    assert read(tmp_path / "x.pkl", b"\x80\x02]r\xff\xff\xff\xff.") == []


@pytest.mark.parametrize("content", [b"", b"hello", b"\x80\x04", b"\x80\x09.", b"\xff\xd8\xff\xe0"])
def test_no_pickle_at_all(tmp_path, content):
    with pytest.raises(ValueError, match="is no readable pickle"):
        read(tmp_path / "x.pkl", content)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="no pickle file at"):
        read_plain_pickle(tmp_path / "x.pkl")


@settings(max_examples=150, deadline=None)
@given(
    damage=st.binary(max_size=12),
    start=st.integers(0, 700),
    length=st.integers(0, 60),
    protocol=st.sampled_from(PROTOCOLS),
)
def test_damage_is_a_value_error_or_plain_data(tmp_path_factory, damage, start, length, protocol):
    buffer = io.BytesIO()
    pickle.dump({"split": {"a": ["b"]}, "annotations": [{"keypoint": np.zeros((1, 2, 17, 2))}]}, buffer, protocol)
    content = buffer.getvalue()
    start %= len(content)
    try:
        read(tmp_path_factory.mktemp("damage") / "x.pkl", content[:start] + damage + content[start + length :])
    except ValueError as error:
        assert "\n" not in str(error)


def test_objects_that_the_pickle_shares():
    keypoint, size = np.arange(2000.0), (480, 640)
    content = pickle.dumps([{"keypoint": keypoint, "size": size}, {"keypoint": keypoint, "size": size}])
    for clip in parse_plain_pickle(content, name="x"):
        np.testing.assert_array_equal(plain(clip["keypoint"]), keypoint)
        assert clip["size"] == size


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_cut_at_any_byte(tmp_path, protocol):
    whole = pickle.dumps(
        {"split": {"a": ["b"]}, "annotations": [{"keypoint": np.ones((2, 3)), "label": 300}]}, protocol
    )
    path = tmp_path / "x.pkl"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"x.pkl is no readable pickle"):
            read_plain_pickle(path)
        with pytest.raises(ValueError, match="name is no readable pickle"):
            parse_plain_pickle(whole[:length], name="name")


def test_an_array_without_content(tmp_path):
    no_state = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R."
    with pytest.raises(ValueError, match="an array has no content"):
        plain(read(tmp_path / "x.pkl", no_state))


@pytest.mark.parametrize(("protocol", "times"), [(2, 2), (4, 1)])
def test_memory_is_that_of_the_numbers(tmp_path, protocol, times):
    """Protocol 2 writes bytes as text, and the pickle may refer to either: both stay until it has been read."""
    code = """
        import sys
        from pathlib import Path
        from posecube.datasets.pyskl.plain_pickle import read_plain_pickle

        def peak():
            return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024

        before = peak()
        count = sum(clip["keypoint"].array.shape[1] for clip in read_plain_pickle(Path(sys.argv[1])))
        print(count, peak() - before)
    """
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells a process's peak memory in this way")
    clips = [{"frame_dir": str(clip), "keypoint": np.zeros((2, 500, 17, 2), "f4")} for clip in range(600)]
    path = tmp_path / "x.pkl"
    path.write_bytes(pickle.dumps(clips, protocol))
    run = [sys.executable, "-c", textwrap.dedent(code), str(path)]
    count, grown = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    assert int(count) == 500 * 600
    numbers = 600 * clips[0]["keypoint"].nbytes / 2**20
    assert float(grown) < times * numbers + 30
