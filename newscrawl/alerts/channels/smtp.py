"""SMTP over a guarded connection, step by step, so that it is known how far it came."""

from __future__ import annotations

import smtplib
import socket
from email.message import EmailMessage
from typing import IO

from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.channels.guard import Bounds, connected, trusted
from newscrawl.alerts.channels.mailto import Mailbox
from newscrawl.alerts.channels.reasons import failure
from newscrawl.alerts.outcome import Later, Outcome, Refused, Sent


class _Said(Exception):
    """What a server answers instead of what it should, and to what."""

    def __init__(self, code: int, to: str) -> None:
        super().__init__(code, to)
        self.code = code
        self.to = to

    def outcome(self) -> Outcome:
        """Never, only where the recipient or the message is at fault."""
        reason = f"answered {self.code} to {self.to}"
        return Refused(reason) if self.code >= 500 and self.to in _FINAL else Later(reason)


class _Unsafe(Exception):
    """The server offers no TLS, and without it nothing may be said."""


class _Bounded:
    """A server's lines, whole ones only, counted."""

    def __init__(self, lines: IO[bytes], bounds: Bounds) -> None:
        self._lines = lines
        self._bounds = bounds

    def readline(self, size: int) -> bytes:
        line = self._lines.readline(size)
        self._bounds.read(len(line))
        if line and len(line) < size and not line.endswith(b"\n"):
            raise ConnectionResetError
        return line

    def close(self) -> None:
        self._lines.close()


class _Client(smtplib.SMTP):
    """smtplib's, on our connections and within our bounds."""

    def __init__(self, mailbox: Mailbox, allowed: AllowedPrivate, bounds: Bounds) -> None:
        super().__init__(local_hostname="localhost", timeout=bounds.left())
        self._host = mailbox.host
        self._bounds = bounds
        connection = connected(mailbox.host, mailbox.port, allowed, bounds)
        self.local_hostname = _literal(connection)
        self.sock = self._secured(connection) if mailbox.implicit else connection

    def _secured(self, connection: socket.socket) -> socket.socket:
        try:
            return trusted().wrap_socket(connection, server_hostname=self._host)
        except OSError:
            connection.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Bounded(self.sock.makefile("rb"), self._bounds)
        return super().getreply()


def _literal(connection: socket.socket) -> str:
    """How a client without a name of its own says hello."""
    address = connection.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


_FINAL = frozenset({"the recipient", "the message"})


def send(
    mailbox: Mailbox, letter: EmailMessage, allowed: AllowedPrivate, bounds: Bounds
) -> Outcome:
    """One e-mail to one recipient."""
    client = None
    try:
        client = _Client(mailbox, allowed, bounds)
        _greet(client, mailbox, named=allowed.allows(mailbox.host, mailbox.port))
        _expect(250, client.mail(mailbox.sender), "the sender")
        _expect(250, client.rcpt(mailbox.recipient), "the recipient")
        _expect(250, client.data(letter.as_bytes()), "the message")
    except _Said as said:
        return said.outcome()
    except smtplib.SMTPResponseException as error:
        return _Said(error.smtp_code, _STEPS.get(type(error), "the connection")).outcome()
    except _Unsafe:
        return Refused("no encrypted connection is offered")
    except smtplib.SMTPNotSupportedError:
        return Refused("no login is offered")
    except (smtplib.SMTPException, OSError, ValueError) as error:  # also of garbled base64
        return failure(error, over=bounds.over)
    finally:
        if client is not None:
            client.close()
    return Sent(receipt=letter["Message-ID"])


_STEPS: dict[type[Exception], str] = {
    smtplib.SMTPDataError: "the message",
    smtplib.SMTPAuthenticationError: "the login",
}


def _greet(client: _Client, mailbox: Mailbox, *, named: bool) -> None:
    """Up to the login. A password goes over TLS only, but to a host that the operator named."""
    _expect(220, client.getreply(), "the connection")
    client.ehlo_or_helo_if_needed()
    secure = mailbox.implicit
    if not secure and client.has_extn("starttls"):
        client.starttls(context=trusted())
        client.ehlo_or_helo_if_needed()
        secure = True
    if not secure and (mailbox.encrypted or (mailbox.user and not named)):
        raise _Unsafe
    if mailbox.user:
        client.login(mailbox.user, mailbox.password)


def _expect(code: int, answered: tuple[int, bytes], to: str) -> None:
    if answered[0] != code and not (code == 250 and answered[0] == 251):
        raise _Said(answered[0], to)
