"""Files of other frameworks are read whole or refused in one line, and nothing in them ever runs."""

import os
import pickle
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import Tensor

from checkpoints import framework_types, mmaction2_content, pyskl_content
from posecube.checkpoints.checkpoint_file import read_checkpoint

STATE = {
    "backbone.conv.weight": torch.arange(24.0).reshape(2, 3, 4),
    "backbone.bn.num_batches_tracked": torch.tensor(7),
    "head.bias": torch.tensor([0.5, -0.5], dtype=torch.float16),
    "head.turned": torch.arange(6.0).reshape(2, 3).T,
    "head.part": torch.arange(10.0)[3:5],
    "head.none": torch.empty(0, 3),
}


def saved(path: Path, content: Any, *, legacy: bool = False) -> Path:
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ValueError, match=" ") as caught:
        read_checkpoint(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def assert_is_state(found: Any) -> None:
    assert list(found) == list(STATE)
    for name, tensor in STATE.items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor)


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("framework", ["pyskl", "MMAction2"])
def test_checkpoints_of_both_frameworks(tmp_path: Path, framework: str, legacy: bool) -> None:
    with framework_types() as types:
        content = pyskl_content(STATE) if framework == "pyskl" else mmaction2_content(STATE, types)
        path = saved(tmp_path / "it.pth", content, legacy=legacy)
    found = read_checkpoint(path)
    assert_is_state(found.tensors)
    assert found.framework == framework
    assert found.config.startswith("model = dict")


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_any_pickle_protocol(tmp_path: Path, protocol: int) -> None:
    with framework_types() as types:
        torch.save(mmaction2_content(STATE, types), tmp_path / "it.pth", pickle_protocol=protocol)
    assert_is_state(read_checkpoint(tmp_path / "it.pth").tensors)


@pytest.mark.parametrize("wrapper", ["", "module.", "model.", "module.model.", "_orig_mod."])
@pytest.mark.parametrize("below", [False, True])
def test_what_wraps_names_is_taken_off(tmp_path: Path, wrapper: str, below: bool) -> None:
    content: dict[str, Any] = {wrapper + name: tensor for name, tensor in STATE.items()}
    content = {"state_dict": content} if below else content
    for source in (content, saved(tmp_path / "it.pth", content)):
        assert_is_state(read_checkpoint(source).tensors)


def test_parameters_shared_numbers_and_versions(tmp_path: Path) -> None:
    module = torch.nn.BatchNorm1d(3)
    state = module.state_dict(keep_vars=True)  # with torch's _metadata
    state["again"] = state["weight"]
    found = read_checkpoint(saved(tmp_path / "it.pth", {"state_dict": state})).tensors
    assert torch.equal(found["again"], torch.ones(3)) and found["num_batches_tracked"] == 0


def test_safetensors(tmp_path: Path) -> None:
    save_file({name: tensor.contiguous() for name, tensor in STATE.items()}, tmp_path / "it.safetensors")
    found = read_checkpoint(tmp_path / "it.safetensors").tensors
    assert {name: tensor.tolist() for name, tensor in found.items()} == {k: v.tolist() for k, v in STATE.items()}


def test_picture_statistics_are_no_weights() -> None:
    assert list(read_checkpoint({**STATE, "data_preprocessor.mean": torch.zeros(3)}).tensors) == list(STATE)


class Call:
    """Pickles as a call of whatever it is given."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.call


DANGEROUS = {
    "posix.system": Call(os.system, "touch touched"),
    "builtins.eval": Call(eval, "open('touched', 'w')"),
    "builtins.exec": Call(exec, "open('touched', 'w')"),
    "builtins.getattr": Call(getattr, "text", "upper"),
    "io.open": Call(open, "touched", "w"),
    "shutil.rmtree": Call(shutil.rmtree, "folder"),
    "torch.serialization.load": Call(torch.load, "other.pth"),
    "torch.hub.load": Call(torch.hub.load, "other/repository", "model"),
    "numpy.load": Call(np.load, "other.npy", None, True),
    "torch.nn.modules.linear.Linear": torch.nn.Linear(1, 1),
}


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("name", DANGEROUS)
@pytest.mark.parametrize("place", ["meta", "state_dict", "top", "key"])
def test_code_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str, legacy: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    evil = DANGEROUS[name]
    content = {
        "meta": {"meta": {"a": [evil]}, "state_dict": STATE},
        "state_dict": {"state_dict": {**STATE, "a": evil}},
        "top": evil,
        "key": {"state_dict": STATE, (evil,): 1},
    }[place]
    assert f"holds code ({name}" in refusal(saved(tmp_path / "it.pth", content, legacy=legacy))
    assert [path.name for path in tmp_path.iterdir()] == ["it.pth"]


@pytest.mark.parametrize("protocol", [2, 4])
def test_code_in_a_bare_pickle(tmp_path: Path, protocol: int) -> None:
    (tmp_path / "it.pth").write_bytes(pickle.dumps({"state_dict": DANGEROUS["posix.system"]}, protocol))
    assert "holds code (posix.system)" in refusal(tmp_path / "it.pth")


def test_a_name_of_a_stranger_does_not_break_the_line(tmp_path: Path) -> None:
    pickled = b"\x80\x02cevil\x1b[31m\nname with spaces\n."
    (tmp_path / "it.pth").write_bytes(pickled)
    assert "holds code (evil??31m.name?with?spaces)" in refusal(tmp_path / "it.pth")


FOREIGN = {
    b"": "is empty",
    b"a letter\nof two lines\n": "is a text file",
    b"<!DOCTYPE html>\n<html>\xc3\xa9</html>": "is a web page",
    b"\n  <html><body>404</body></html>": "is a web page",
    b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n": "pointer of git LFS",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR": "damaged or cut short",
    b"PK\x03\x04 cut short": "damaged or cut short",
    pickle.dumps([1, 2]): "a pickle, but not one of torch.save",
    pickle.dumps({"state_dict": np.zeros(3)}): "a pickle, but not one of torch.save",
    b'\x40\0\0\0\0\0\0\0{"__metadata__":{"posecube_card":"{}"}}': "posecube weights already",
}


@pytest.mark.parametrize("content", FOREIGN)
def test_files_that_are_no_checkpoints(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "it.pth").write_bytes(content)
    assert FOREIGN[content] in refusal(tmp_path / "it.pth")


def test_archives_that_are_no_checkpoints(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "it.pth", "w") as archive:
        archive.writestr("letter.txt", "words")
    assert "a zip archive, but not one of torch.save" in refusal(tmp_path / "it.pth")
    np.savez(tmp_path / "arrays.npz", a=np.zeros(3))
    assert "a zip archive, but not one of torch.save" in refusal(tmp_path / "arrays.npz")


def test_places_that_hold_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no checkpoint .*absent\.pth"):
        read_checkpoint(tmp_path / "absent.pth")
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "holds no state dict"),
        ([1, 2], "holds no state dict"),
        ({"state_dict": {}}, "holds no state dict"),
        ({"a": 1, "b": torch.zeros(2)}, "got no tensor at a"),
        ({"state_dict": {"a": "b", "c": 1, "d": 2, "e": 3}}, "got no tensor at a, c, d and 1 more"),
        ({"a": torch.zeros(1), "module.a": torch.zeros(1)}, "holds two networks"),
    ],
)
def test_contents_without_a_state_dict(tmp_path: Path, content: Any, message: str) -> None:
    assert message in refusal(saved(tmp_path / "it.pth", content))
    if isinstance(content, dict):
        with pytest.raises(ValueError, match=message):
            read_checkpoint(content)


def packed(source: Path, target: Path) -> Path:
    """The same archive with its records compressed, as no torch writes them."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return target


def test_bombs(tmp_path: Path) -> None:
    path = saved(tmp_path / "it.pth", {"a": torch.zeros(100_000)})
    assert "damaged" in refusal(packed(path, tmp_path / "packed.pth"))
    assert "damaged" in refusal(saved(tmp_path / "wide.pth", {"a": torch.zeros(1).expand(10**6, 10**6)}))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One checkpoint in each form."""
    folder = tmp_path_factory.mktemp("files")
    with framework_types() as types:
        content = mmaction2_content(STATE, types)
        for name, legacy in {"zip": False, "legacy": True}.items():
            saved(folder / name, content, legacy=legacy)
    save_file({name: tensor.contiguous() for name, tensor in STATE.items()}, folder / "safetensors")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def outcome(path: Path, content: bytes) -> dict[str, Tensor] | None:
    path.write_bytes(content)
    try:
        return dict(read_checkpoint(path).tensors)
    except ValueError as error:
        assert "\n" not in str(error)
        return None


@pytest.mark.parametrize("form", ["zip", "legacy", "safetensors"])
def test_every_cut_is_refused(files: dict[str, bytes], form: str, tmp_path: Path) -> None:
    whole = files[form]
    assert outcome(tmp_path / "it.pth", whole) is not None
    for end in range(0, len(whole), 41):
        assert outcome(tmp_path / "it.pth", whole[:end]) is None, end


@given(data=st.data(), form=st.sampled_from(["zip", "legacy", "safetensors"]))
def test_damaged_bytes_give_tensors_or_one_line(
    files: dict[str, bytes], data: st.DataObject, form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(files[form])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    outcome(tmp_path_factory.getbasetemp() / "damaged.pth", bytes(content))
