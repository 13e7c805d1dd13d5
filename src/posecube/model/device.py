"""Where networks run: a name on the command line to a torch device."""

from __future__ import annotations

import torch

from posecube.errors import UserError

DEVICES = ("auto", "cpu", "cuda", "mps")


def choose_device(name: str = "auto") -> torch.device:
    """The device of a name; "auto" takes a GPU where there is one: CUDA before Apple's before the CPU.

    Raises:
        UserError: If the name is unknown, or the device is not there.
    """
    if name not in DEVICES:
        raise UserError(f"unknown device {name!r}; known: {', '.join(DEVICES)}")
    if name == "auto":
        return torch.device(next((gpu for gpu in ("cuda", "mps") if _is_there(gpu)), "cpu"))
    if not _is_there(name):
        kind = "CUDA GPU" if name == "cuda" else "Apple GPU"
        raise UserError(f"device {name} is not there: torch {torch.__version__} finds no {kind}; take auto or cpu")
    return torch.device(name)


def _is_there(name: str) -> bool:
    if name == "cuda":
        return torch.cuda.is_available()
    return name == "cpu" or torch.backends.mps.is_available()
