"""What a user can mend, and what only we can."""

import pytest

from posecube.errors import MissingExtraError, UserError, extra


def test_a_user_error_is_a_value_error_for_callers_of_the_library() -> None:
    assert issubclass(UserError, ValueError)


def test_a_missing_package_names_the_line_that_installs_it() -> None:
    line = r"^rendering needs no_such_package, which is not installed: pip install 'posecube\[studio\]'$"
    with pytest.raises(MissingExtraError, match=line), extra("studio", needed_for="rendering"):
        import no_such_package  # noqa: F401


def test_other_errors_of_an_extra_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), extra("studio", needed_for="rendering"):
        _ = 1 / 0
