"""The pickle inside a checkpoint, read without running anything that it names.

A pickle is a program: reading one with Python's own reader runs whatever it asks for. Here every name leads to a
stand-in of ours: those that tensors and containers need are rebuilt, types of the frameworks that write checkpoints
become placeholders that hold nothing, and every other name ends the reading.

Why not ``torch.load(weights_only=True)``, measured with torch 2.13: it reads the zip form and the one before it, but no
pickles of protocol 4 and 5, and the arrays, loss histories and configurations that MMEngine stores beside the weights
ended it where one stub stood for every unknown name; a stub for each type was not tried. Without ``weights_only`` torch
would run the program of a TorchScript file. It also reads the numbers of the optimizer, which are left where they lie
here.
"""

from __future__ import annotations

import math
import pickle
import re
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, NamedTuple, NoReturn

import torch

# Whole families whose objects say how a network was trained; nothing of them is imported.
FRAMEWORKS = ("mmengine", "mmcv", "mmaction", "mmpose", "mmdet", "pyskl", "addict", "yacs")
# Values that lie beside the tensors: times, paths, arrays of losses, containers. None of them is rebuilt.
VALUES = {
    "builtins": "list dict tuple set frozenset str int float bool complex bytes bytearray slice range object",
    "collections": "defaultdict deque Counter UserDict UserList",
    "copyreg": "_reconstructor",
    "_codecs": "encode",
    "datetime": "datetime date time timedelta timezone",
    "pathlib": "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    "argparse": "Namespace",
    "types": "SimpleNamespace",
    "uuid": "UUID",
    "numpy": "ndarray dtype bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 str_",
    "numpy.core.multiarray": "_reconstruct scalar",
    "numpy.core.numeric": "_frombuffer",
    "torch": "Size device Generator",
}
STORAGES = {
    "DoubleStorage": torch.float64, "FloatStorage": torch.float32, "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16, "LongStorage": torch.int64, "IntStorage": torch.int32,
    "ShortStorage": torch.int16, "CharStorage": torch.int8, "ByteStorage": torch.uint8, "BoolStorage": torch.bool,
}  # fmt: skip
_RENAMED = {"__builtin__": "builtins", "copy_reg": "copyreg", "pathlib._local": "pathlib"}
_SHOWN = 80  # characters of a name that a stranger chose


class CodeRefusedError(pickle.UnpicklingError):
    """The pickle names something that is neither a tensor nor a harmless value; the message is that name."""


class Storage(NamedTuple):
    """Numbers of a checkpoint that are not read yet.

    Attributes:
        key: Their name in the file.
        num_elements: How many there are, as the pickle says.
    """

    key: str
    dtype: torch.dtype
    num_elements: int


class StoredTensor(NamedTuple):
    """A tensor of a checkpoint that is not read yet; offset, shape and strides count elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class PickleContent(NamedTuple):
    """What a pickle says, and every storage that it names."""

    value: Any
    storages: Mapping[str, Storage]


def read_pickle(file: BinaryIO) -> PickleContent:
    """The next object of a file; tensors come as ``StoredTensor``, mappings as dicts, framework types as placeholders.

    Raises:
        CodeRefusedError: If the pickle names anything else.
        Exception: Any other, if it is damaged.
    """
    reader = _Reader(file, encoding="latin1")
    return PickleContent(reader.load(), reader.storages)


class _Sealed(type):
    """A class that a pickle cannot change."""

    def __setattr__(cls, name: str, value: object) -> NoReturn:
        raise pickle.UnpicklingError(f"changes {name}")


class Placeholder(metaclass=_Sealed):
    """Takes whatever a pickle makes of a framework's object, and holds nothing."""

    __slots__ = ()

    def __new__(cls, *_arguments: object, **_named: object) -> Placeholder:
        return object.__new__(cls)

    def __setstate__(self, *_state: object) -> None: ...

    def __setitem__(self, _key: object, _value: object) -> None: ...

    def append(self, *_values: object) -> None: ...

    extend = add = append


class _Table(dict, metaclass=_Sealed):
    """An OrderedDict of the pickle without its attributes: torch's state dicts carry version numbers there."""

    __slots__ = ()

    def __setstate__(self, *_state: object) -> None: ...


class _Function:
    """A call that the pickle may make and not change."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)

    def __setstate__(self, *_state: object) -> NoReturn:
        raise pickle.UnpicklingError("changes a function")


class _Reader(pickle._Unpickler):  # Python's own, not C's: that one keeps a list as long as a pickle likes
    def __init__(self, file: BinaryIO, *, encoding: str) -> None:
        super().__init__(file, encoding=encoding)
        self.storages: dict[str, Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        # numpy 2 renamed numpy.core to numpy._core, Python 3 and 3.13 what the table says.
        module = _RENAMED.get(module, module).replace("numpy._core", "numpy.core")
        rebuilt = {
            ("collections", "OrderedDict"): _Table,
            ("torch._utils", "_rebuild_tensor"): _Function(_tensor),
            ("torch._utils", "_rebuild_tensor_v2"): _Function(_tensor),
            ("torch._utils", "_rebuild_parameter"): _Function(_first),
            ("torch._utils", "_rebuild_parameter_with_state"): _Function(_first),
            ("torch._tensor", "_rebuild_from_type_v2"): _Function(_of_a_type),
            ("builtins", "getattr"): _Function(_attribute),
        }.get((module, name))
        if rebuilt is not None:
            return rebuilt
        if module in ("torch", "torch.storage") and name in STORAGES:
            return STORAGES[name]
        if _is_harmless(module, name):
            return Placeholder
        raise CodeRefusedError(re.sub(r"[^\w.<>-]", "?", f"{module}.{name}")[:_SHOWN])

    def persistent_load(self, pid: Any) -> Storage:
        kind, dtype, key, _device, num_elements, *view = pid  # a view: no torch since 0.4 writes them
        if kind != "storage" or not isinstance(dtype, torch.dtype) or not isinstance(key, str) or any(view):
            raise pickle.UnpicklingError("an unknown kind of storage")
        if type(num_elements) is not int or num_elements < 0:
            raise pickle.UnpicklingError("a storage without a size")
        return self.storages.setdefault(key, Storage(key, dtype, num_elements))


def _is_harmless(module: str, name: str) -> bool:
    family = module.partition(".")[0]
    is_dtype = isinstance(getattr(torch, name, None), torch.dtype) if module == "torch" else module == "numpy.dtypes"
    return family in FRAMEWORKS or name in VALUES.get(module, "").split() or is_dtype


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_gradient: Any) -> StoredTensor:
    """A tensor that lies within its storage."""
    numbers = (offset, *shape, *strides)
    if not isinstance(storage, Storage) or not all(type(it) is int and it >= 0 for it in numbers):
        raise pickle.UnpicklingError("a tensor without a storage or a shape")
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    # Strides of 0 make a tensor of any size out of one number: no weights are stored like that.
    if 0 not in shape and max(last + 1, math.prod(shape)) > storage.num_elements:
        raise pickle.UnpicklingError("a tensor larger than its storage")
    return StoredTensor(storage, offset, tuple(shape), tuple(strides))


def _first(content: Any, *_rest: Any) -> Any:
    return content


def _of_a_type(rebuild: Any, _type: Any, arguments: Any, _state: Any) -> Any:
    """A tensor that had attributes of its own; they are left behind."""
    if not isinstance(rebuild, _Function):
        raise pickle.UnpicklingError("an unknown kind of tensor")
    return rebuild(*arguments)


def _attribute(holder: Any, _name: Any, *_default: Any) -> Any:
    """A framework type's method, as MMEngine stores those of its loss histories."""
    if holder is Placeholder or isinstance(holder, Placeholder):
        return Placeholder
    raise CodeRefusedError("builtins.getattr")
