"""The `newscrawl` command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Annotated

import typer

from newscrawl import __version__
from newscrawl.terminal import run

Command = Callable[..., None]
COMMANDS: Mapping[str, str] = {
    "search": "newscrawl.search:search",
    "show": "newscrawl.cli.show:show",
    "diff": "newscrawl.cli.diff:diff",
    "changes": "newscrawl.cli.changes:changes",
    "story": "newscrawl.cli.story:story",
    "related": "newscrawl.cli.related:related",
    "saved": "newscrawl.cli.saved:COMMANDS",
    "subscribe": "newscrawl.cli.subscribe:subscribe",
    "subscriptions": "newscrawl.cli.subscriptions:COMMANDS",
    "backtest": "newscrawl.cli.backtest:backtest",
    "dictionary": "newscrawl.cli.dictionary:COMMANDS",
    "import": "newscrawl.cli.importing:import_file",
    "export": "newscrawl.cli.export:export",
    "policy": "newscrawl.cli.policy:COMMANDS",
    "retention": "newscrawl.cli.retention:COMMANDS",
    "deliver": "newscrawl.cli.deliver:deliver",
    "outbox": "newscrawl.cli.outbox:outbox",
    "feeds": "newscrawl.cli.feeds:feeds",
    "latency": "newscrawl.cli.latency:latency",
    "reindex": "newscrawl.cli.reindex:reindex",
    "takedown": "newscrawl.cli.takedown:takedown",
    "status": "newscrawl.cli.status:status",
    "serve": "newscrawl.cli.serve:serve_pages",
    "schedule": "newscrawl.cli.schedule:schedule",
    "watch": "newscrawl.cli.watch:watch",
    "doctor": "newscrawl.cli.doctor:doctor",
    "seal": "newscrawl.cli.seal:seal_days",
    "verify": "newscrawl.cli.verify:verify",
    "proof": "newscrawl.cli.proof:proof",
    "backup": "newscrawl.cli.backup:backup",
    "restore": "newscrawl.cli.restore:restore",
}
"""Where a command is, or the commands of a group: to load all takes 0.3 s longer than one."""
_GROUPS = {
    "dictionary": "Words that the segmenter shall not cut: names, places, new words.",
    "policy": "How much of the articles' text may go out: `newscrawl export` keeps to it.",
    "retention": "For how long each paper is kept; `apply` takes down what is older.",
    "saved": "Searches kept by name: `newscrawl search QUERY --save NAME` keeps one.",
    "subscriptions": "What people hear of: `newscrawl subscribe QUERY` begins one.",
}

_LENIENT = "newscrawl.search:LENIENT"
_CONTEXTS = {"search": _LENIENT, "subscribe": _LENIENT, "backtest": _LENIENT, "export": _LENIENT}
"""How a command is to be registered, where not as usual."""


def app(*wanted: str) -> typer.Typer:
    """The command with those of its subcommands that are wanted; with all, where none is one."""
    made = _typer()
    made.callback()(_newscrawl)
    for name in [each for each in wanted if each in COMMANDS] or COMMANDS:
        command = resolve_name(COMMANDS[name])
        if isinstance(command, Mapping):
            made.add_typer(_group(command), name=name, help=_GROUPS[name])
        else:
            _add(made, name, command)
    return made


def main() -> None:
    """Run the command; what a person has to know is one line on stderr."""
    run(app(*sys.argv[1:2]))


def _group(commands: Mapping[str, Command]) -> typer.Typer:
    made = _typer()
    for name, command in commands.items():
        _add(made, name, command)
    return made


def _add(made: typer.Typer, name: str, command: Command) -> None:
    context = resolve_name(_CONTEXTS[name]) if name in _CONTEXTS else None
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
