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
from opentimestamps.core.op import OpSHA256
from opentimestamps.core.serialize import (
    BytesDeserializationContext,
    BytesSerializationContext,
    DeserializationError,
)
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from newscrawl import __version__
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.alerts.channels.guard import Bounds
from newscrawl.alerts.channels.posting import FAILURES, Headers, NotSent, request
from newscrawl.alerts.channels.reasons import failure
from newscrawl.alerts.channels.webhook import SECURE, target
from newscrawl.alerts.outcome import Later, Refused
from newscrawl.archive.proof import Stamp
from newscrawl.errors import NewscrawlError, UsageError

GRANTED = 0
SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
EXAMPLES = "rfc3161:https://HOST/PATH or opentimestamps:https://HOST,https://HOST"


class NotStamped(NewscrawlError):
    """No stamp was got, or it is not one of this head."""


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
        return _STAMPING[self.scheme](self, _message(head), allowed)


def fault(stamp: Stamp, head: str, roots: Sequence[x509.Certificate] = ()) -> str | None:
    """What is wrong with a stamp of a head that was kept; None where nothing is."""
    try:
        if stamp.kind == "tsr":
            _judge(stamp.content, _message(head), None, roots)
        else:
            _read_ots(stamp.content, _message(head))
    except NotStamped as error:
        return str(error)
    return None


def _message(head: str) -> bytes:
    return f"{head}\n".encode()


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
    answer = _post(stamper.urls[0], headers, asked.as_bytes(), allowed)
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
    """The promises of all calendars that answer; one is enough."""
    digest = sha256(message).digest()
    made, refused = Timestamp(digest), list[NotStamped]()
    for url in stamper.urls:
        headers = [("Accept", "application/vnd.opentimestamps.v1")]
        try:
            answer = _post(f"{url.rstrip('/')}/digest", headers, digest, allowed)
            made.merge(_promise(answer, digest))
        except NotStamped as error:
            refused.append(error)
    if not any(made.all_attestations()):
        raise refused[0]
    context = BytesSerializationContext()
    DetachedTimestampFile(OpSHA256(), made).serialize(context)
    return Stamp("ots", context.getbytes())


def _promise(answer: bytes, digest: bytes) -> Timestamp:
    context = BytesDeserializationContext(answer)
    try:
        promise = Timestamp.deserialize(context, digest)
        context.assert_eof()
    except (DeserializationError, ValueError) as error:
        raise NotStamped("the answer is none of OpenTimestamps") from error
    return promise


def _read_ots(content: bytes, message: bytes) -> None:
    """Raises NotStamped for what is no stamp of the message."""
    context = BytesDeserializationContext(content)
    try:
        found = DetachedTimestampFile.deserialize(context)
        context.assert_eof()
    except (DeserializationError, ValueError) as error:
        raise NotStamped("no file of OpenTimestamps") from error
    if found.file_digest != sha256(message).digest():
        raise NotStamped("it stamps something else")


_STAMPING: Mapping[str, Callable[[Stamper, bytes, AllowedPrivate], Stamp]] = {
    "rfc3161": _rfc3161,
    "opentimestamps": _opentimestamps,
}


def _post(url: str, headers: Headers, body: bytes, allowed: AllowedPrivate) -> bytes:
    """The body of the answer. Raises NotStamped, which names no more of the address than its host.

    A failure of the network says the setting that would allow a private address.
    """
    sent = [("User-Agent", f"newscrawl/{__version__}"), *headers]
    with Bounds() as bounds:
        try:
            to = target(parsed(url))
            answer = request("POST", to, sent, body, allowed, bounds, read=True)
        except NotSent as error:
            outcome = failure(error.__cause__, over=bounds.over)
        except FAILURES as error:
            outcome = failure(error, over=bounds.over)
        else:
            if answer.status == 200:
                return answer.body
            outcome = Later(f"answered {answer.status}")
    assert isinstance(outcome, Later | Refused)
    raise NotStamped(f"{shown(url)}: {outcome.reason}")
