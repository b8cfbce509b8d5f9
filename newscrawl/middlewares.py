"""Downloader middlewares, thin: refusals, snapshots of every response, one pace per host."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from newscrawl import items
from newscrawl.addresses import AllowedPrivate, is_public, pair
from newscrawl.catalogue.snapshots import Place
from newscrawl.extensions import Refused, session_of
from newscrawl.pace import Pace


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on the addresses that may be connected to. Literal addresses come by here too."""

    def __init__(self, receiver: Any, host: str, port: int, allowed: AllowedPrivate) -> None:
        self._receiver = receiver
        self._host = host
        self._port = port
        self._any = allowed.allows(host, port)
        self._passed = 0
        self._refused = 0

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        if self._any or is_public(address.host):
            self._passed += 1
            self._receiver.addressResolved(address)
        else:
            self._refused += 1

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._refused and not self._passed:
            GuardedResolver.refused.add((self._host, self._port))
        self._receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Resolves names to public addresses only, so that nothing else is ever connected to."""

    refused: set[tuple[str, int]] = set()  # noqa: RUF012 - one resolver, one reactor
    """Hosts and ports of which every address was refused."""

    allowed = AllowedPrivate()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        cls.allowed = AllowedPrivate.parse(crawler.settings.get("ALLOW_PRIVATE", ""))
        return super().from_crawler(crawler, reactor)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        receiver: Any = _PublicOnly(resolutionReceiver, hostName, portNumber, self.allowed)
        return super().resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )


_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Refusals:
    """Names and counts what was refused: a private address, a body beyond the bounds."""

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in _PORTS:
            raise self._refused("scheme", f"not an http address: {request.url[:200]}")

    def process_response(self, request: Request, response: Response) -> Response:
        location = response.headers.get("Location")
        if location is not None and response.status in _REDIRECTS:
            target = urljoin(request.url, location.decode("latin-1").strip())
            if urlsplit(target).scheme not in _PORTS:
                raise self._refused("scheme", f"redirect to {target[:200]}")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        parts = urlsplit(request.url)
        host = (parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0))
        if host in GuardedResolver.refused:
            raise self._refused(
                "private",
                f"{pair(*host)} is a private address; list it in NEWSCRAWL_ALLOW_PRIVATE "
                "if it may be fetched",
            ) from exception
        if isinstance(exception, DownloadCancelledError):
            raise self._refused("oversize", "larger than DOWNLOAD_MAXSIZE") from exception

    def _refused(self, kind: str, reason: str) -> Refused:
        if self._stats is not None:
            self._stats.inc_value(f"refused/{kind}")
        return Refused(reason)


class Snapshots:
    """Keeps every response exactly as it came, before anything is decoded or followed."""

    def __init__(self, crawler: Crawler) -> None:
        self._session = session_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        record_id = items.new_record_id()
        captured_at = datetime.now(UTC)
        snapshot = items.Snapshot(
            record_id=record_id,
            requested_url=request.meta.get("redirect_urls", [request.url])[0],
            url=response.url,
            captured_at=captured_at,
            status=response.status,
            headers=_headers(response),
            body=response.body,
            method=request.method,
            request_headers=_sent(request),
        )
        place = request.meta.get("place") or self._place(request, captured_at)
        self._session.keep(place, snapshot)
        request.meta["record_id"] = record_id
        request.meta["captured_at"] = captured_at
        return response

    def _place(self, request: Request, now: datetime) -> Place:
        """The place of what no edition asked for."""
        kind = "robots" if urlsplit(request.url).path == "/robots.txt" else "other"
        return Place(self._session.paper, now.date().isoformat(), kind)


class Politeness:
    """Waits for the host's next turn, which all newscrawl processes share."""

    def __init__(self, crawler: Crawler) -> None:
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._pace = Pace(session_of(crawler).home.run / "pace")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if self._delay:
            host = urlsplit(request.url).netloc.lower()
            await asyncio.sleep(self._pace.reserve(host, self._delay))


def _sent(request: Request) -> items.Headers:
    """The headers of a request as it was sent: the HTTP client itself adds the host."""
    headers = _headers(request)
    if any(name.lower() == b"host" for name, _value in headers):
        return headers
    return ((b"Host", urlsplit(request.url).netloc.rpartition("@")[2].encode()), *headers)


def _headers(message: Request | Response) -> items.Headers:
    return tuple(
        (name, value) for name, values in message.headers.items() for value in values or ()
    )
