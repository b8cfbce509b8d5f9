"""Calendars of OpenTimestamps: what they promise, and what they have made of it.

A promise says that a digest will stand in a block of Bitcoin. Hours later the calendar can tell
the way from the digest to that block; from then on nobody needs the calendar any more. Whether the
block says so only somebody with Bitcoin's headers can tell: `ots verify`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpSHA256
from opentimestamps.core.serialize import (
    BytesDeserializationContext,
    BytesSerializationContext,
    DeserializationError,
)
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp

from newscrawl.addresses import AllowedPrivate
from newscrawl.errors import UsageError
from newscrawl.ops.asking import NotStamped, asked, posted

ACCEPT = [("Accept", "application/vnd.opentimestamps.v1")]


class Completed(NamedTuple):
    """A stamp after its calendars were asked what they have made of their promises."""

    content: bytes
    """Of the file; with what they told."""
    blocks: tuple[int, ...]
    """Of Bitcoin, in which it stands; none: it is a promise still."""
    refused: tuple[str, ...]
    """What failed, for a person. That a calendar has nothing to tell yet is no failure."""


def promised(urls: Iterable[str], message: bytes, allowed: AllowedPrivate) -> bytes:
    """The promises of all calendars that answer; one is enough. Raises NotStamped."""
    digest = sha256(message).digest()
    made, refused = Timestamp(digest), list[NotStamped]()
    for url in urls:
        try:
            answer = posted(f"{url.rstrip('/')}/digest", ACCEPT, digest, allowed)
            made.merge(_timestamp(answer, digest))
        except NotStamped as error:
            refused.append(error)
    if not any(made.all_attestations()):
        raise refused[0]
    return _written(DetachedTimestampFile(OpSHA256(), made))


def read(content: bytes, message: bytes) -> DetachedTimestampFile:
    """A file that was kept. Raises NotStamped for what is no stamp of the message."""
    context = BytesDeserializationContext(content)
    try:
        found = DetachedTimestampFile.deserialize(context)
        context.assert_eof()
    except (DeserializationError, ValueError) as error:
        raise NotStamped("no file of OpenTimestamps") from error
    if found.file_digest != sha256(message).digest():
        raise NotStamped("it stamps something else")
    return found


def completed(content: bytes, message: bytes, allowed: AllowedPrivate) -> Completed:
    """Ask the calendars of a stamp for the way to a block, unless it has one.

    Raises NotStamped for what is no stamp of the message.
    """
    file = read(content, message)
    refused: list[str] = []
    if not _blocks(file.timestamp):
        for below, uri in list(_promises(file.timestamp)):
            try:
                _complete(below, uri, allowed)
            except (NotStamped, UsageError) as error:
                refused.append(str(error))
    return Completed(_written(file), _blocks(file.timestamp), tuple(refused))


def _complete(below: Timestamp, uri: str, allowed: AllowedPrivate) -> None:
    answer = asked("GET", f"{uri.rstrip('/')}/timestamp/{below.msg.hex()}", ACCEPT, b"", allowed)
    if answer.status == 404:
        return  # not yet
    if answer.status != 200:
        raise NotStamped(f"{uri}: answered {answer.status}")
    below.merge(_timestamp(answer.body, below.msg))


def _promises(timestamp: Timestamp) -> Iterator[tuple[Timestamp, str]]:
    """Every promise below, with what it is of."""
    for attestation in timestamp.attestations:
        if isinstance(attestation, PendingAttestation):
            yield timestamp, attestation.uri
    for below in timestamp.ops.values():
        yield from _promises(below)


def _blocks(timestamp: Timestamp) -> tuple[int, ...]:
    found = (each for _message, each in timestamp.all_attestations())
    heights = {each.height for each in found if isinstance(each, BitcoinBlockHeaderAttestation)}
    return tuple(sorted(heights))


def _timestamp(answer: bytes, digest: bytes) -> Timestamp:
    context = BytesDeserializationContext(answer)
    try:
        found = Timestamp.deserialize(context, digest)
        context.assert_eof()
    except (DeserializationError, ValueError) as error:
        raise NotStamped("the answer is none of OpenTimestamps") from error
    return found


def _written(file: DetachedTimestampFile) -> bytes:
    context = BytesSerializationContext()
    file.serialize(context)
    return bytes(context.getbytes())
