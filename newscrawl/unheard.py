"""Heartbeats that were not heard: noted by whoever sent them, for `newscrawl status` to tell of."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl import durable
from newscrawl.home import Home


@dataclass(frozen=True, slots=True)
class Unheard:
    """That the last heartbeat of a work was not heard."""

    work: str
    """A paper's spider, or `deliver`."""
    since: str
    """When the first in a row was not: ISO 8601, UTC."""
    why: str
    """Says nothing of the address."""


def note(home: Home, work: str, why: str | None, now: str) -> None:
    """Note why the last one was not heard; None: it was, or nobody is to hear. Raises OSError."""
    path = home.unheard / work
    if why is None:
        path.unlink(missing_ok=True)
        return
    before = next((each for each in noted(home) if each.work == work), None)
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.replace(path, f"{before.since if before else now}\n{why}\n")


def noted(home: Home) -> list[Unheard]:
    """What is noted, by the name of the work."""
    if not home.unheard.is_dir():
        return []
    paths = (each for each in sorted(home.unheard.iterdir()) if each.suffix != ".new")
    parts = ((path.name, path.read_text().partition("\n")) for path in paths)
    return [Unheard(name, since, why.strip()) for name, (since, _, why) in parts]
