"""Compiling of the inner loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from posecube.errors import extra

with extra("studio", needed_for="posecube_studio"):
    import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile a loop over pixels at its first call and keep the machine code beside the source.

    Rounding stays that of the source, without shortcuts, so that every machine gives the same depth. A compiled
    function may call only those of its own file: numba notices no change of another one. The named tuples that it
    takes keep their module's name, or old machine code fails to load in a folder that has some.
    """
    try:
        made = numba.njit(cache=True, error_model="numpy")(function)
    except RuntimeError:  # neither the package's folder nor the user's can be written
        made = numba.njit(error_model="numpy")(function)
    return cast(_Function, made)
