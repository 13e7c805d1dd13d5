"""Checkpoint files of other frameworks: their tensors by name, read without running anything that is stored in them.

torch.save writes a pickle of everything but the tensors' numbers, which lie beside it: in a zip archive since torch
1.6, before that behind the pickle in the same file. ``checkpoint_pickle`` reads the pickle, and only the numbers of the
state dict are read: not the optimizer's.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import torch
from safetensors.torch import load as load_safetensors
from torch import Tensor

from posecube.checkpoints.checkpoint_pickle import CodeRefusedError, Storage, StoredTensor, read_pickle
from posecube.errors import UserError

WRAPPERS = ("module", "model", "_orig_mod")  # what parallel training, a trainer and torch.compile put before names
STATE_KEYS = ("state_dict", "model", "model_pos")  # what state dicts lie under; MotionBERT's have the last two
NOT_OF_THE_NETWORK = ("data_preprocessor.",)  # mean and spread of pictures
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001
COUNT_BYTES = 8
PEEK_BYTES = 512
BIG_ENDIAN = "was written by a big-endian machine, which posecube does not read; load and save it on another one"


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint file says about a network.

    Attributes:
        tensors: The state dict, without what wraps its names.
        framework: Which one wrote it, "pyskl" or "MMAction2"; empty where it does not say.
        config: The training's configuration as text, where it is kept.
        where: What errors call it.
    """

    tensors: Mapping[str, Tensor]
    framework: str = ""
    config: str = ""
    where: str = "the state dict"


def read_checkpoint(source: str | Path | Mapping[str, Any]) -> Checkpoint:
    """The tensors of a checkpoint: a file of torch.save (of any age) or of safetensors, or a dict that was read before.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no checkpoint, damaged, or names anything but tensors, plain values and types of the
            frameworks that write checkpoints.
    """
    if isinstance(source, Mapping):
        return _checkpoint(source, "the state dict", read=lambda tensor: tensor)
    path = Path(source)
    if path.is_dir():
        raise UserError(f"{path} is a folder, not a checkpoint: expected a .pth, .pt or .safetensors file")
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint {path}: expected a .pth, .pt or .safetensors file")
    with path.open("rb") as file:
        start = file.read(PEEK_BYTES)
        reason = _foreign(start)
        if reason:
            raise UserError(f"{path} is not a checkpoint: {reason}")
        file.seek(0)
        try:
            return _read(file, start, f"checkpoint {path}")
        except CodeRefusedError as error:
            raise UserError(
                f"{path} holds code ({error}); not read: a checkpoint of tensors and plain values is needed"
            ) from None
        except _NoStateDictError as error:
            raise UserError(str(error)) from None
        except Exception as error:  # the bytes of a stranger can make a reader raise anything
            raise UserError(
                f"{path} is not a checkpoint that can be read: it is damaged or cut short ({type(error).__name__}); "
                "copy it again"
            ) from None


class _NoStateDictError(ValueError):
    """What was read is sound and holds no state dict."""


def _foreign(start: bytes) -> str:
    """What a file is that cannot be a checkpoint, by its first bytes; nothing if it may be one."""
    if not start:
        return "it is empty"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        return "it is a web page; download the file itself"
    if text.startswith(b"version https://git-lfs"):
        return "it is a pointer of git LFS; fetch the file itself with `git lfs pull`"
    if all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in start):
        return "it is a text file"
    if b'"posecube_card"' in start:
        return "it is posecube weights already; load it as such"
    return ""


def _read(file: BinaryIO, start: bytes, where: str) -> Checkpoint:
    if start.startswith(b"PK"):
        return _read_zip(file, where)
    if start[8:9] == b"{":  # behind the length of its JSON head
        return _read_safetensors(file, where)
    return _read_legacy(file, where)


def _read_zip(file: BinaryIO, where: str) -> Checkpoint:
    """The form of torch 1.6 and later: NAME/data.pkl, and the numbers in NAME/data/KEY."""
    with zipfile.ZipFile(file) as archive:
        records = {record.filename: record for record in archive.infolist()}
        pickles = [name for name in records if name.endswith("/data.pkl") and name.count("/") == 1]
        if len(pickles) != 1:
            raise _NoStateDictError(f"{where} is a zip archive, but not one of torch.save")
        folder = pickles[0].removesuffix("data.pkl")
        if f"{folder}constants.pkl" in records:
            raise _NoStateDictError(f"{where} is a TorchScript program; a checkpoint of torch.save is needed")
        # torch stores records as they are: packed ones, or more bytes than the file has, would be a bomb.
        is_packed = any(record.compress_type for record in records.values())
        if is_packed or sum(record.file_size for record in records.values()) > file.seek(0, io.SEEK_END):
            raise zipfile.BadZipFile
        if f"{folder}byteorder" in records and archive.read(f"{folder}byteorder") != b"little":
            raise _NoStateDictError(f"{where} {BIG_ENDIAN}")
        content = read_pickle(io.BytesIO(archive.read(pickles[0]))).value
        numbers = _Numbers(lambda storage: archive.read(f"{folder}data/{storage.key}"))
        return _checkpoint(content, where, read=numbers.tensor)


def _read_legacy(file: BinaryIO, where: str) -> Checkpoint:
    """The form before torch 1.6: five pickles, then a count and the numbers of each storage."""
    if read_pickle(file).value != LEGACY_MAGIC:
        raise _NoStateDictError(f"{where} is a pickle, but not one of torch.save")
    if read_pickle(file).value != LEGACY_PROTOCOL:
        raise pickle.UnpicklingError
    if not read_pickle(file).value["little_endian"]:
        raise _NoStateDictError(f"{where} {BIG_ENDIAN}")
    content, storages = read_pickle(file)
    places: dict[str, tuple[int, int]] = {}
    for key in read_pickle(file).value:
        num_bytes = int.from_bytes(_exactly(file, COUNT_BYTES), "little") * storages[key].dtype.itemsize
        places[key] = (file.tell(), num_bytes)
        file.seek(num_bytes, io.SEEK_CUR)

    def stored(storage: Storage) -> bytes:
        start, num_bytes = places[storage.key]
        file.seek(start)
        return _exactly(file, num_bytes)

    return _checkpoint(content, where, read=_Numbers(stored).tensor)


def _read_safetensors(file: BinaryIO, where: str) -> Checkpoint:
    content = load_safetensors(file.read())
    return _checkpoint(content, where, read=lambda tensor: tensor)


class _Numbers:
    """Tensors out of the storages of a file, each read once."""

    def __init__(self, read: Callable[[Storage], bytes]) -> None:
        self._read = read
        self._storages: dict[str, Tensor] = {}

    def tensor(self, stored: StoredTensor) -> Tensor:
        storage = stored.storage
        if not all(stored.shape):
            return torch.empty(stored.shape, dtype=storage.dtype)
        if storage.key not in self._storages:
            content = bytearray(self._read(storage))
            if len(content) < storage.num_elements * storage.dtype.itemsize:
                raise EOFError
            self._storages[storage.key] = torch.frombuffer(content, dtype=storage.dtype)
        return self._storages[storage.key].as_strided(stored.shape, stored.strides, stored.offset)


def _exactly(file: BinaryIO, num_bytes: int) -> bytes:
    """The next bytes of a file that has them."""
    position = file.tell()
    if num_bytes > file.seek(0, io.SEEK_END) - position:
        raise EOFError
    file.seek(position)
    return file.read(num_bytes)


def _checkpoint(content: Any, where: str, *, read: Callable[[Any], Tensor]) -> Checkpoint:
    """The state dict of what a checkpoint holds, and its notes."""
    state, framework, config = content, "", ""
    if isinstance(content, Mapping):
        key = next((key for key in STATE_KEYS if isinstance(content.get(key), Mapping)), None)
        if key is not None:
            state = content[key]
            framework, config = _origin(content)
    if not isinstance(state, Mapping) or not state:
        raise _NoStateDictError(f"{where} holds no state dict: expected names and tensors, or those under 'state_dict'")
    strange = [str(name) for name, value in state.items() if not isinstance(value, StoredTensor | Tensor)]
    if strange:
        shown = ", ".join(" ".join(name.split())[:60] for name in strange[:3])
        raise _NoStateDictError(
            f"{where} holds no state dict: expected names and tensors, or those under 'state_dict', got no tensor at "
            f"{shown}{f' and {len(strange) - 3} more' if len(strange) > 3 else ''}"
        )
    tensors = {_unwrapped(str(name)): tensor for name, tensor in state.items()}
    if len(tensors) < len(state):
        raise _NoStateDictError(f"{where} holds two networks: some names differ in what wraps them only")
    needed = {name: read(it) for name, it in tensors.items() if not name.startswith(NOT_OF_THE_NETWORK)}
    return Checkpoint(needed, framework, config, where)


def _origin(content: Mapping[str, Any]) -> tuple[str, str]:
    """The framework that wrote a checkpoint, and the training's configuration."""
    meta = content.get("meta")
    meta = meta if isinstance(meta, Mapping) else {}
    config = next((meta[key] for key in ("config", "cfg") if isinstance(meta.get(key), str)), "")
    keys = {str(key) for key in (*content, *meta)}
    if any(key.startswith("pyskl") for key in keys) or "pyskl" in config:
        return "pyskl", config
    if any(key.startswith(("mmaction", "mmengine", "message_hub")) for key in keys) or "mmaction" in config:
        return "MMAction2", config
    return "", config


def _unwrapped(name: str) -> str:
    while (parts := name.partition("."))[0] in WRAPPERS and parts[2]:
        name = parts[2]
    return name
