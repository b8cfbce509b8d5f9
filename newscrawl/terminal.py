"""Running a command for a person: errors are one line, the exit status says what happened."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper

import typer

from newscrawl.errors import NewscrawlError, UsageError

INTERRUPTED = 130


def run(made: typer.Typer) -> None:
    """Run a typer application and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show, it names
    try:
        status = made(standalone_mode=False)
        with printing():  # what is still to be written
            pass
        sys.exit(status)
    except NewscrawlError as error:
        print(error, file=sys.stderr)
        sys.exit(error.status)
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except typer.TyperException as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(error.exit_code)


@contextmanager
def printing() -> Iterator[None]:
    """Where whoever reads the output goes away inside, this process ends without a word, as
    programs do (`… | head`). For the main thread, and where nothing is written but the output.
    """
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        yield
        sys.stdout.flush()
    finally:
        signal.signal(signal.SIGPIPE, before)


def many(count: int, what: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def number(option: str, least: int, most: int | None = None) -> Callable[[str], int]:
    """Reads an option's value. Raises UsageError that says what the option takes."""
    takes = f"a number from {least}" + (f" to {most:,}" if most is not None else " on")

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least or (most is not None and value > most):
            raise UsageError(f"{option} {text}: must be {takes}")
        return value

    return read
