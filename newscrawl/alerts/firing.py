"""Whom a new version is news for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from newscrawl.alerts.standing import Standing
from newscrawl.catalogue.matches import Kind
from newscrawl.catalogue.versions import Version
from newscrawl.query.subject import Subject, subject_of


@dataclass(frozen=True, slots=True)
class Fired:
    """A version, and the subscriptions that it is news for."""

    version: Version
    subscriptions: list[int]
    """Ascending."""

    @property
    def kind(self) -> Kind:
        return "new" if self.version.n == 1 else "edited"


def fired(
    standing: Standing, versions: Iterable[Version], before: Mapping[int, Version]
) -> Iterator[Fired]:
    """What each version comes to, those left out that are news for nobody.

    `before`: the version that could be found until then, by the sequence number of the new one.
    An edited article is news for those whom its text before did not concern.
    """
    for version in versions:
        if version.article.silent or version.state == "quarantined" or version.taken_down:
            continue
        found = standing.matching(_subject(version))
        former = before.get(version.seq)
        if found and former is not None:
            known = set(standing.matching(_subject(former)))
            found = [each for each in found if each not in known]
        if found:
            yield Fired(version, found)


def _subject(version: Version) -> Subject:
    return subject_of(version.article, version.paper_title)
