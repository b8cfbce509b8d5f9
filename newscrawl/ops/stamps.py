"""Having a head stamped: by an authority of RFC 3161, or by calendars of OpenTimestamps.

What is stamped is the line `HEAD`, its line break included. An answer is looked at before it is
kept. All of it goes over the guarded connections of the messages, without redirects and proxies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.channels.webhook import SECURE
from newscrawl.archive.proof import Stamp
from newscrawl.errors import UsageError
from newscrawl.ops import calendars
from newscrawl.ops.asking import NotStamped, posted

GRANTED = 0
SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
EXAMPLES = "rfc3161:https://HOST/PATH or opentimestamps:https://HOST,https://HOST"


@dataclass(frozen=True, slots=True)
class Stamper:
    """Who stamps."""

    scheme: str
    urls: tuple[str, ...]
    roots: tuple[x509.Certificate, ...] = ()
    """Certificates that an authority's must lead to; without any, its signature is not judged."""

    @classmethod
    def parse(cls, text: str, roots: str = "") -> Stamper | None:
        """From the settings; None where nobody is to stamp. Raises UsageError."""
        if not text:
            return None
        scheme, _, rest = text.partition(":")
        urls = tuple(filter(None, (part.strip() for part in rest.split(","))))
        most = {"rfc3161": 1, "opentimestamps": 20}.get(scheme, 0)
        if not 1 <= len(urls) <= most or any(parsed(url).scheme not in SECURE for url in urls):
            raise UsageError(f"NEWSCRAWL_STAMP: must be {EXAMPLES}")
        return cls(scheme, urls, tuple(_certificates(Path(roots))) if roots else ())

    def stamp(self, head: str, allowed: AllowedPrivate) -> Stamp:
        """Raises NotStamped."""
        return _STAMPING[self.scheme](self, stamped_line(head), allowed)


def stamped_line(head: str) -> bytes:
    """What is stamped of a head."""
    return f"{head}\n".encode()


def fault(stamp: Stamp, head: str, roots: Sequence[x509.Certificate] = ()) -> str | None:
    """What is wrong with a stamp of a head that was kept; None where nothing is."""
    try:
        if stamp.kind == "tsr":
            _judge(stamp.content, stamped_line(head), None, roots)
        else:
            calendars.read(stamp.content, stamped_line(head))
    except NotStamped as error:
        return str(error)
    return None


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise UsageError(f"NEWSCRAWL_STAMP_CA: {path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"NEWSCRAWL_STAMP_CA: {path}: no PEM certificates") from error


def _rfc3161(stamper: Stamper, message: bytes, allowed: AllowedPrivate) -> Stamp:
    builder = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256)
    asked = builder.cert_request(cert_request=True).nonce(nonce=True).build()
    headers = [
        ("Content-Type", "application/timestamp-query"),
        ("Accept", "application/timestamp-reply"),
    ]
    answer = posted(stamper.urls[0], headers, asked.as_bytes(), allowed)
    _judge(answer, message, asked.nonce, stamper.roots)
    return Stamp("tsr", answer)


def _judge(
    answer: bytes, message: bytes, nonce: int | None, roots: Sequence[x509.Certificate]
) -> None:
    """Raises NotStamped for an answer that is no stamp of the message."""
    try:
        response = decode_timestamp_response(answer)
        if response.status != GRANTED:
            raise NotStamped(f"the authority refused it, with status {response.status}")
        imprint = response.tst_info.message_imprint
        granted = imprint.hash_algorithm, bytes(imprint.message), response.tst_info.nonce
    except ValueError as error:
        raise NotStamped("the answer is none of RFC 3161") from error
    if granted[:2] != (SHA256, sha256(message).digest()):
        raise NotStamped("the answer stamps something else")
    if nonce is not None and granted[2] != nonce:
        raise NotStamped("the answer is to another question: its nonce is not ours")
    if roots:
        _judge_signature(response, message, roots)


def _judge_signature(
    response: TimeStampResponse, message: bytes, roots: Sequence[x509.Certificate]
) -> None:
    builder = VerifierBuilder()
    for each in roots:
        if each.issuer == each.subject:
            builder = builder.add_root_certificate(each)
        else:
            builder = builder.add_intermediate_certificate(each)
    try:
        builder.build().verify_message(response, message)
    except (VerificationError, ValueError) as error:
        raise NotStamped("its signature does not lead to NEWSCRAWL_STAMP_CA") from error


def _opentimestamps(stamper: Stamper, message: bytes, allowed: AllowedPrivate) -> Stamp:
    return Stamp("ots", calendars.promised(stamper.urls, message, allowed))


_STAMPING: Mapping[str, Callable[[Stamper, bytes, AllowedPrivate], Stamp]] = {
    "rfc3161": _rfc3161,
    "opentimestamps": _opentimestamps,
}
