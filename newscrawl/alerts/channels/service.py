"""Apprise itself: reads an address, sends a body. Runs in the child only; see `child`."""

from __future__ import annotations

import contextlib
import sys
from typing import Any
from urllib.parse import urlsplit

import requests
from apprise import Apprise, AppriseAsset
from apprise.common import NotifyFormat, NotifyType, OverflowMode
from apprise.manager_plugins import NotificationManager

from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.channels.jobs import Job, Report
from newscrawl.alerts.channels.retry import refuses
from newscrawl.alerts.channels.robots import number, refusal

_FORMATS = {
    "plain": NotifyFormat.TEXT,
    "markdown": NotifyFormat.MARKDOWN,
    "html": NotifyFormat.HTML,
}
_PIECE = 8_192
_CODES = dict.fromkeys(("sctapi.ftqq.com", "api2.pushdeer.com", "qmsg.zendee.cn"), "code")
"""Hosts whose refusals Apprise takes for success, and where in their answers there is a 0 for it;
at any other host it is `errcode`, or Apprise looks itself.
"""
_BAD_GATEWAY = 502


def ready() -> None:
    """Loads the services, all of them, as Apprise does."""
    NotificationManager().load_modules()  # type: ignore[no-untyped-call]


def describe(job: Job) -> Report:
    """What kind of service an address is for."""
    service = _service(job)
    if service is None:
        return Report("unknown")
    if not _over_http(service):
        return Report("local")
    return Report("known", body_bytes=int(service.body_maxlen), titled=service.title_maxlen > 0)


def send(job: Job) -> Report:
    """One body, once."""
    service = _service(job)
    if service is None or not _over_http(service):
        return Report("unknown")
    answers = _Answers(job.most, parsed(job.url).scheme)
    wanted = _FORMATS[job.format]
    # Undeclared, it is passed on as it is where the service thinks of another format.
    declared = wanted if wanted in service._formats() or job.format == "plain" else None
    sent = service.notify(
        body=job.body,
        title=job.title,
        notify_type=NotifyType.INFO,
        overflow=OverflowMode.UPSTREAM,
        body_format=declared,
    )
    return Report(
        "sent" if sent else "failed",
        status=answers.status,
        retry_after=answers.after,
        refused=answers.refused,
        code=answers.code,
    )


def _service(job: Job) -> Any:
    """The service of an address, or None. Its redirects are off, whatever the address says."""
    asset = AppriseAsset(
        app_id="newscrawl",
        app_desc="newscrawl",
        http_redirects=False,
        interpret_emojis=False,
        storage_mode="memory",
        allow_templates=False,
        image_url_mask="",
        image_url_logo="",
    )
    service = Apprise.instantiate(job.url, asset=asset, suppress_exceptions=True)
    if service is None or _mails(service):
        return None
    service.redirects = False
    # Several seconds between a token and the message, of the few there are: the pace is kept by us.
    service.request_rate_per_sec = 0
    return service


def _mails(service: Any) -> bool:
    """Whether ntfy is to write to an e-mail address as well, however that was spelt."""
    return service.service_name == "ntfy" and bool(service.email)


def _over_http(service: Any) -> bool:
    """The others speak to this machine: its desktop, its log, a program of its own."""
    return hasattr(sys.modules[type(service).__module__], "requests")


class _Answers:
    """Every request of the process: without redirects and the environment, its answer cut off
    at a length, and no success where a code in it says so, which 企业微信 and 钉钉 call 200.
    """

    def __init__(self, most: int, scheme: str) -> None:
        self.status: int = 0
        self.after = ""
        self.code: int = 0
        self._refused: list[bool | None] = []
        """Of each request: whether it was refused for good; None where it was taken."""
        send_on = requests.Session.send

        def send(
            session: requests.Session, request: requests.PreparedRequest, **more: Any
        ) -> requests.Response:
            more |= {"allow_redirects": False, "stream": True, "proxies": {}}
            self._refused.append(False)  # as long as there is no answer
            response = send_on(session, request, **more)
            _read(response, most)
            self._note(response, scheme)
            return response

        requests.Session.send = send  # type: ignore[method-assign,assignment]

    @property
    def refused(self) -> bool:
        """Whether it was, and nothing failed that may go well another time."""
        return self._refused[-1:] == [True] and False not in self._refused

    def _note(self, response: requests.Response, scheme: str) -> None:
        self.code = refusal(scheme, response.content)
        named = _CODES.get(urlsplit(response.url).hostname or "", "errcode")
        if response.ok and number(response.content, named):
            response.status_code = _BAD_GATEWAY
        self.status = int(response.status_code or 0)
        self.after = response.headers.get("Retry-After", "")
        refused = bool(self.code) or refuses(self.status)
        self._refused[-1] = None if response.ok and not refused else refused


def _read(response: requests.Response, most: int) -> None:
    read = bytearray()
    with contextlib.closing(response):
        for piece in response.iter_content(_PIECE):
            read += piece
            if len(read) > most:
                break
    response._content = bytes(read[:most])
    response._content_consumed = True
