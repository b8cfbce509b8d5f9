"""What the doctor says: what is not as it should be, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

REPAIR = "run `newscrawl doctor --repair`"


class Mend(StrEnum):
    """What `--repair` can do about a finding."""

    RECOVER = "recover"
    ADOPT = "adopt"
    REINDEX = "reindex"
    CATCH_UP = "catch up"
    MODE = "mode"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be."""

    part: str
    """home, clock, schedule, settings, ports, keys, catalogue, articles, archive, manifests, index,
    alerts or takedown.
    """
    what: str
    where: str
    remedy: str
    mend: Mend | None = None


def one_line(text: str) -> str:
    """Without line breaks."""
    return " ".join(text.split())
