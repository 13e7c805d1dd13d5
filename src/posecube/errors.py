"""UserError: what the user can mend; every other exception is a mistake of ours and shows its traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class UserError(ValueError):
    """What a user can mend: one line that says what was expected, what came, and what to do.

    It is a ValueError, so that who calls the library may catch it as one. The command line prints its line and exits
    with 2; any other ValueError is a bug and is shown whole.
    """


class MissingExtraError(UserError, ImportError):
    """A feature needs a package that is not installed; the message names the install line."""


@contextmanager
def extra(name: str, *, needed_for: str) -> Iterator[None]:
    """Import the packages of an extra in this block.

    Args:
        name: The extra, as in ``posecube[name]``.
        needed_for: What cannot be done without it, as a sentence begins.

    Raises:
        MissingExtraError: If a package is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{needed_for} needs {error.name}, which is not installed: pip install 'posecube[{name}]'"
        ) from error


def one_line(error: BaseException) -> str:
    """What a user is told of an error."""
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}"
    return " ".join(str(error).split()) or type(error).__name__
