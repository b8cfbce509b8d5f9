"""What is asked of the process that runs Apprise, and what it answers: a line of JSON each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Literal

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.rendering.formats import Format


@dataclass(frozen=True, slots=True)
class Job:
    """Send a body, or without one only read the address."""

    url: str = field(repr=False)
    seconds: float
    most: int
    """Bytes of an answer that are read."""
    allowed: tuple[tuple[str, int], ...] = ()
    title: str = ""
    body: str = ""
    format: Format = "plain"

    def dumped(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def loaded(cls, text: bytes) -> Job:
        values = json.loads(text)
        values["allowed"] = tuple((host, port) for host, port in values["allowed"])
        return cls(**values)

    def pairs(self) -> AllowedPrivate:
        return AllowedPrivate(frozenset(self.allowed))


Verdict = Literal["known", "unknown", "local", "sent", "private", "failed"]
"""The address is read; it is not; it is for this machine alone; what became of the body."""


@dataclass(frozen=True, slots=True)
class Report:
    verdict: Verdict
    body_bytes: int = 0
    """The longest body, as Apprise knows it."""
    titled: bool = True
    """Whether the service has a place for a title."""
    status: int = 0
    """Of the last answer, where there was one."""
    retry_after: str = ""
    refused: bool = False
    """Whether a failure would come again, whenever it is tried."""
    code: int = 0
    """What a robot calls a refusal for good; see `robots`."""
    allow: str = ""
    """`host:port,host:port`: what would have allowed a private address."""

    def dumped(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def loaded(cls, text: bytes) -> Report:
        """Raises ValueError for what a process leaves that was killed."""
        values = json.loads(text)
        if not isinstance(values, dict):
            raise ValueError("not a report")  # noqa: TRY004 - one error for all that is none
        return cls(**values)
