"""Running a command for a person: errors are one line, the exit status says what happened."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import typer

from newscrawl.errors import NewscrawlError

INTERRUPTED = 130


def run(made: typer.Typer) -> None:
    """Run a typer application and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show, it names
    try:
        sys.exit(made(standalone_mode=False))
    except NewscrawlError as error:
        print(error, file=sys.stderr)
        sys.exit(error.status)
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except typer.TyperException as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(error.exit_code)
