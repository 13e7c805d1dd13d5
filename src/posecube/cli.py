"""The command line: gathers the commands, runs one, and turns errors into one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from posecube import __version__
from posecube.commands import COMMANDS
from posecube.errors import UserError, one_line

BUG = "this is a bug in posecube: please report it with the lines above and the command that you gave"


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when it did its work, 2 when the user can mend what was wrong, 1 for a bug of ours."""
    options = build_parser().parse_args(arguments)
    try:
        COMMANDS[options.command].run(options)
    except (UserError, OSError) as error:
        if options.traceback:
            raise
        print(f"posecube: error: {one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("posecube: interrupted; what was finished is kept", file=sys.stderr)
        return 130
    except Exception:
        import traceback  # here: help must not wait for it

        traceback.print_exc()
        print(f"posecube: {BUG}", file=sys.stderr)
        return 1
    return 0


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = OneLineParser(prog="posecube", description="Recognise human actions from skeletons.")
    parser.add_argument("--version", action="version", version=f"posecube {__version__}")
    parser.add_argument("--traceback", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        module.add_arguments(commands.add_parser(name, help=module.HELP))
    return parser


if __name__ == "__main__":
    sys.exit(main())
