"""Running a command for a person: errors are one line, the exit status says what happened."""

from __future__ import annotations

import sys

import click
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
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
