"""Running a command for a person: errors are one line, the exit status says what happened."""

from __future__ import annotations

import sys

import typer

from newscrawl.errors import NewscrawlError

INTERRUPTED = 130


def run(made: typer.Typer) -> None:
    """Run a typer application and exit with its status."""
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
