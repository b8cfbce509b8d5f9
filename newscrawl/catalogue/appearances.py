"""A story as it appeared: its articles, and what each left out or changed of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from newscrawl.catalogue import versions
from newscrawl.catalogue.stories import Member
from newscrawl.text.changes import Change, changes


@dataclass(frozen=True, slots=True)
class Appearance:
    """An article of a story, and how it differs from the first appearance."""

    member: Member
    changes: list[Change]
    """In the order of reading; none of the first appearance itself."""


def appearances(connection: Connection, members: Sequence[Member]) -> list[Appearance]:
    """Some members of a story, each compared with the first of them."""
    held = versions.by_seq(connection, [member.seq for member in members])
    bodies = [held[member.seq].article.paragraphs for member in members]
    return [
        Appearance(member, changes(bodies[0], body))
        for member, body in zip(members, bodies, strict=True)
    ]
