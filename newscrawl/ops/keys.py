"""The keys of a home against what was signed and sealed with them, while they can be brought back.

Without `removals.key` no note of what was erased is believed; without `secret.key` no address of
anybody is opened, and nothing that is kept under a legal hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from newscrawl import settings
from newscrawl.alerts.secrets import Secrets, SecretsError
from newscrawl.archive import removals
from newscrawl.archive.errors import ArchiveError
from newscrawl.catalogue import erasure, subscribers
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.ops import sealed
from newscrawl.ops.findings import Finding

BRING_KEY = (
    "bring it back from where you keep it, or from a backup that was made with --with-secrets: "
    "nothing is taken out of the archive without it; `newscrawl takedown --new-key` makes another "
    "where it is lost for good, and then these notes are believed no more"
)
BRING_NOTES = "bring removals.jsonl back from a backup, and with it the removals.key of that time"
BRING_OTHER = "bring back the one that it was, or set NEWSCRAWL_SECRET_KEY where that was the key"
BRING_HELD = "bring it back from a backup; where all are named it is the key that lacks"


def examine(home: Home, catalogue: Catalogue) -> Iterator[Finding]:
    """What lacks its key."""
    yield from _notes(home, catalogue)
    yield from _secret(home, catalogue)
    yield from _held(home)


def _notes(home: Home, catalogue: Catalogue) -> Iterator[Finding]:
    key, file = home.root / removals.KEY, home.root / removals.NOTES
    lines = removals.lines(home.root)
    if not lines:
        with catalogue.read() as view:
            gone = erasure.any_erased(view)
        if gone:
            what = "no note is left of what was erased: what is sealed of it is taken for changed"
            yield Finding("keys", what, str(file), BRING_NOTES)
        return
    if not key.exists():
        what = f"missing: what was erased is noted, and signed with it, {len(lines)} times"
        yield Finding("keys", what, str(key), BRING_KEY)
        return
    try:
        strange = len(lines) - sum(1 for _note in removals.notes(home.root))
    except ArchiveError as error:
        yield Finding("keys", str(error), str(key), BRING_KEY)
        return
    if strange:
        what = f"{strange} of {len(lines)} notes are not signed with {removals.KEY}, or unreadable"
        yield Finding("keys", what, str(file), BRING_NOTES)


def _secret(home: Home, catalogue: Catalogue) -> Iterator[Finding]:
    with catalogue.read() as view:
        one = subscribers.any_sealed(view)
    if one is None:
        return
    try:
        Secrets.of(settings.secret_key(), home.secret_key).opened(one)
    except SecretsError as error:
        yield Finding("keys", str(error), str(home.secret_key), BRING_OTHER)


def _held(home: Home) -> Iterator[Finding]:
    for path in sealed.files(home):
        try:
            deque(sealed.opened(home, path), maxlen=0)
        except (SecretsError, ValueError) as error:
            what = f"kept under a legal hold, and cannot be opened: {error}"
            yield Finding("keys", what, str(path), BRING_HELD)
