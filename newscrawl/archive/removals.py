"""Signed notes of what was taken out of the archive: which records, when, in which scope.

`removals.jsonl` has a line for each archive file that was rewritten. A note says nothing of the
content, and is signed (Ed25519) with a key that lies beside it, `removals.key`, so that a removal
can be told from a loss, and from what somebody else has cut out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from newscrawl import durable, jsonl
from newscrawl.archive.errors import ArchiveError, disk_refuses

NOTES = "removals.jsonl"
KEY = "removals.key"


class Removed(NamedTuple):
    """A record that is in the archive no more."""

    record_id: str
    stored: str
    """SHA-256 of its gzip member."""
    leaf: str = ""
    """Its leaf in the manifest of its day; empty where none covers it."""


@dataclass(frozen=True, slots=True)
class Note:
    """Of one file that was rewritten."""

    file: str
    """Below the archive's root."""
    fresh: str
    """What took its place."""
    records: tuple[Removed, ...]
    at: str
    """ISO 8601, UTC."""
    scope: str
    category: str
    tombstone: str
    public_key: str = ""
    signature: str = ""

    @property
    def signed(self) -> bytes:
        """What the signature is of: the note itself as JSON, its keys in order."""
        values = asdict(self) | {"records": [list(each) for each in self.records]}
        del values["signature"]
        return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()

    def is_valid(self, public_key: str) -> bool:
        """Whether the holder of this key has signed it."""
        if self.public_key != public_key:
            return False
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
            signature = bytes.fromhex(self.signature)
            key.verify(signature, self.signed)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return signature.hex() == self.signature  # as it was written: capitals are a changed byte


class BadNote(NamedTuple):
    """What is not as it was written, of the notes or of their key."""

    where: Path
    line: int | None
    what: str
    cut: bool = False
    """Whether it is the end of a line that was not written to its end, or lacks but its break."""


def append(home: Path, note: Note) -> None:
    """Sign a note with the key of the home, made where there is none yet, and write it durably.

    Raises ArchiveError for a key that lacks or that others can read, and where the disk refuses.
    """
    require_key(home)
    key = make_key(home)
    note = replace(note, public_key=key.public_key().public_bytes_raw().hex())
    note = replace(note, signature=key.sign(note.signed).hex())
    jsonl.append(home / NOTES, _text(note).encode(), is_written)


def require_key(home: Path) -> None:
    """Raise ArchiveError where a key has signed notes and is lost: none is made in its place
    unasked, for it would be the end of theirs.
    """
    if not (home / KEY).exists() and (count := len(lines(home))):
        raise ArchiveError(
            f"{home / KEY}: missing, and {count} notes of {NOTES} are signed with it: bring it "
            "back from where you keep it, or from a backup that was made with --with-secrets, then "
            "`newscrawl takedown --resume`; `newscrawl takedown --new-key` where it is lost"
        )


def make_key(home: Path) -> Ed25519PrivateKey:
    """The key, a new one where there is none. Raises ArchiveError."""
    file = home / KEY
    try:
        if not file.exists():
            durable.keep_key(file, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    except OSError as error:
        raise disk_refuses(file, error) from error
    return _key(file)


def notes(home: Path) -> Iterator[Note]:
    """Those that the key of the home has signed, the oldest first; others say nothing.

    None is made here: where it was lost, no note is believed. Raises ArchiveError for a key that
    cannot be used.
    """
    held = lines(home)
    if not (held and (home / KEY).exists()):
        return
    public_key = _key(home / KEY).public_key().public_bytes_raw().hex()
    for note in filter(None, map(_note, held)):
        if note.is_valid(public_key):
            yield note


def successors(home: Path) -> dict[str, str]:
    """By each file that was rewritten, the one in which all that is left of it is now.

    Raises ArchiveError as `notes` does.
    """
    fresh = {note.file: note.fresh for note in notes(home)}
    found = {}
    for file in fresh:
        last = file
        while last in fresh:
            last = fresh[last]
        found[file] = last
    return found


def lines(home: Path) -> list[bytes]:
    """The whole lines of the notes, whoever has signed them."""
    return _parted(home)[0]


def faults(home: Path) -> Iterator[BadNote]:
    """Where a byte of the notes, or of their key, is not as it was written."""
    notes_file, key_file = home / NOTES, home / KEY
    if not notes_file.exists():
        return
    whole, rest = _parted(home)
    found = [_note(line) for line in whole]
    signers = {note.public_key for note in found if note and note.is_valid(note.public_key)}
    if not key_file.exists():
        yield BadNote(key_file, None, f"missing: no note of {NOTES} is believed")
        return
    try:
        key = _key(key_file)
        public_key = key.public_key().public_bytes_raw().hex()
        same = key_file.read_text("ascii") == key.private_bytes_raw().hex()
    except ArchiveError as error:
        yield BadNote(key_file, None, f"no note of {NOTES} is believed: {error}")
    else:
        if not same or (signers and public_key not in signers):
            yield BadNote(key_file, None, f"not the key that has signed {NOTES}")
        else:
            signers = {public_key}
    for number, (line, note) in enumerate(zip(whole, found, strict=True), 1):
        sound = note is not None and any(map(note.is_valid, signers))
        if not (note and sound and line == _text(note).encode()):
            yield BadNote(notes_file, number, "not as the key of the home has signed it")
    if rest:
        number, what = len(whole) + 1, "the note is cut off, or its end was changed"
        if whole and rest.startswith(whole[-1]):
            number, what = len(whole), "the line break behind it is missing, or was changed"
        yield BadNote(notes_file, number, what, cut=True)


def removed(home: Path) -> dict[str, Removed]:
    """By record id, what was taken out by a valid note; for who verifies the archive."""
    return {each.record_id: each for note in notes(home) for each in note.records}


def _parted(home: Path) -> tuple[list[bytes], bytes]:
    """The whole lines of the notes, and what a crash has left behind the last line break."""
    return jsonl.parted(home / NOTES, is_written)


def is_written(line: bytes) -> bool:
    """Whether a line is a note that was written to its end: whoever has signed it, it is right."""
    note = _note(line)
    return note is not None and note.is_valid(note.public_key)


def _text(note: Note) -> str:
    return json.dumps(asdict(note) | {"records": [list(each) for each in note.records]})


def _note(line: bytes) -> Note | None:
    """A note as its line has it; None for what is none."""
    try:
        values = json.loads(line)
        records = tuple(Removed(*each) for each in values.pop("records"))
        return Note(**values, records=records)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _key(file: Path) -> Ed25519PrivateKey:
    try:
        if not durable.is_private(file):
            raise ArchiveError(f"{file}: others can read this key, or own it: chmod 600 {file}")
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text("ascii").strip()))
    except (OSError, ValueError) as error:
        raise ArchiveError(
            f"{file}: cannot be used ({type(error).__name__}): bring the key back from a backup"
        ) from error
