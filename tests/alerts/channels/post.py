"""A post office on loopback: a real SMTP server that keeps what it gets."""

from __future__ import annotations

import email
import email.policy
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from newscrawl.addresses import AllowedPrivate


@dataclass
class Office:
    """An SMTP server, what it has got and what it says instead of yes."""

    port: int = 0
    got: list = field(default_factory=list)
    says: dict = field(default_factory=dict)
    secured: bool = False
    user: str = ""

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "MAIL" in self.says:
            return self.says["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.secured = session.ssl is not None
        if "DATA" in self.says:
            return self.says["DATA"]
        self.got.append(envelope)
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.user = data.login.decode()
        return AuthResult(success=data.password == b"right", handled=False)

    @property
    def allowed(self):
        return AllowedPrivate.parse(f"localhost:{self.port},127.0.0.1:{self.port}")

    def letter(self, number=0):
        return email.message_from_bytes(self.got[number].content, policy=email.policy.default)


class _OnAnyPort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def office(tls=None, *, implicit=None, auth=False, **says):
    made = Office(says={name.replace("_", "@"): text for name, text in says.items()})
    controller = _OnAnyPort(
        made,
        hostname="127.0.0.1",
        port=0,
        ssl_context=implicit,
        tls_context=tls,
        authenticator=made.authenticate if auth else None,
        auth_require_tls=False,
    )
    controller.start()
    made.port = controller.port
    try:
        yield made
    finally:
        controller.stop()


def url(port, scheme="mailto", login="", **more):
    options = "".join(f"&{name}={text}" for name, text in more.items())
    return (
        f"{scheme}://{login}localhost:{port}/?from=alerts@news.example&to=reader@b.example{options}"
    )
