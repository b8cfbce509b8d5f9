"""The `newscrawl` command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from newscrawl import __version__, search
from newscrawl.cli import (
    dictionary,
    doctor,
    importing,
    reindex,
    related,
    saved,
    schedule,
    show,
    status,
    story,
)
from newscrawl.terminal import run

Command = Callable[..., None]
COMMANDS: Mapping[str, Command | Mapping[str, Command]] = {
    "search": search.search,
    "show": show.show,
    "story": story.story,
    "related": related.related,
    "saved": saved.COMMANDS,
    "dictionary": dictionary.COMMANDS,
    "import": importing.import_file,
    "reindex": reindex.reindex,
    "status": status.status,
    "schedule": schedule.schedule,
    "doctor": doctor.doctor,
}
"""A command by its name, or those of a group by theirs."""
_GROUPS = {
    "dictionary": "Words that the segmenter shall not cut: names, places, new words.",
    "saved": "Searches kept by name: `newscrawl search QUERY --save NAME` keeps one.",
}


def app() -> typer.Typer:
    """The command with all its subcommands."""
    made = _typer()
    made.callback()(_newscrawl)
    for name, command in COMMANDS.items():
        if isinstance(command, Mapping):
            made.add_typer(_group(command), name=name, help=_GROUPS[name])
        else:
            _add(made, name, command)
    return made


def main() -> None:
    """Run the command; what a person has to know is one line on stderr."""
    run(app())


def _group(commands: Mapping[str, Command]) -> typer.Typer:
    made = _typer()
    for name, command in commands.items():
        _add(made, name, command)
    return made


def _add(made: typer.Typer, name: str, command: Command) -> None:
    context: dict[Any, Any] | None = search.LENIENT if command is search.search else None
    made.command(name, context_settings=context)(command)


def _typer() -> typer.Typer:
    return typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _newscrawl(
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Say which, and end."),
    ] = False,
) -> None:
    """Search, show and look after an archive of newspapers. To collect: scrapy crawl PAPER."""


def _say_version(given: bool) -> None:
    if given:
        print(f"newscrawl {__version__}")
        raise typer.Exit
