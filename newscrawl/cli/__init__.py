"""The `newscrawl` command."""

from __future__ import annotations

from collections.abc import Callable

import typer

from newscrawl import search
from newscrawl.cli import doctor, importing, reindex, schedule, show, status, story
from newscrawl.terminal import run

COMMANDS: dict[str, Callable[..., None]] = {
    "search": search.search,
    "show": show.show,
    "story": story.story,
    "import": importing.import_file,
    "reindex": reindex.reindex,
    "status": status.status,
    "schedule": schedule.schedule,
    "doctor": doctor.doctor,
}


def app() -> typer.Typer:
    """The command with all its subcommands."""
    made = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    made.callback()(_newscrawl)
    for name, command in COMMANDS.items():
        context = search.LENIENT if command is search.search else None
        made.command(name, context_settings=context)(command)
    return made


def main() -> None:
    """Run the command; what a person has to know is one line on stderr."""
    run(app())


def _newscrawl() -> None:
    """Search, show and look after an archive of newspapers. To collect: scrapy crawl PAPER."""
