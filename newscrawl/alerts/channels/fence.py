"""What a process that runs foreign code may do, judged by Python's own audit events.

They are raised whoever calls, and a hook cannot be removed again.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import sysconfig
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

from newscrawl.addresses import AllowedPrivate, is_public, pair

MOST_MEMORY = 1 << 30
"""Bytes of data."""
NOTED = 4
"""Addresses that were refused: those of one name."""
_CODE = ("stdlib", "platstdlib", "purelib", "platlib")
_READABLE = ("/usr/share/zoneinfo", "/etc/ssl")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORBIDDEN = frozenset(
    {
        *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork"),
        *("os.forkpty", "pty.spawn", "os.remove", "os.rename", "os.mkfifo", "os.mknod"),
        *("os.chmod", "os.chown", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.truncate"),
        *("socket.bind", "syslog.openlog", "syslog.syslog", "shutil.rmtree", "shutil.copyfile"),
    }
)


class Fence:
    """The hook, and whether it has kept anything from a private address."""

    def __init__(self, allowed: AllowedPrivate) -> None:
        self._allowed = frozenset(numbers(allowed))
        self._readable = tuple(_readable())
        self.private = False
        self.pairs: dict[str, None] = {}
        """What would have allowed it, in order; numbers only, for a name may be a secret."""
        self._judges: dict[str, Callable[[tuple[Any, ...]], None]] = {
            "open": self._judge_file,
            "socket.connect": self._judge_target,
            "socket.sendto": self._judge_target,
            "socket.sendmsg": self._judge_target,
        }

    def install(self) -> None:
        """For the rest of the process."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(event)
        judge = self._judges.get(event)
        if judge is not None:
            judge(arguments)

    def _judge_target(self, arguments: tuple[Any, ...]) -> None:
        """A number is judged. A name, looked up behind our backs, and a path get no further."""
        connection, address = arguments[0], arguments[-1]
        if address is None:  # goes where it is connected to
            return
        if connection.family not in (socket.AF_INET, socket.AF_INET6):
            raise PermissionError("not a socket of the Internet")
        if not is_public(address[0]) and tuple(address[:2]) not in self._allowed:
            self.private = True
            self._note(str(address[0]), int(address[1]))
            raise PermissionError("a private address")

    def _note(self, host: str, port: int) -> None:
        if _is_number(host) and len(self.pairs) < NOTED:
            self.pairs[pair(host, port)] = None

    def _judge_file(self, arguments: tuple[Any, ...]) -> None:
        path, _mode, flags = arguments
        if isinstance(path, int):  # open already
            return
        real = os.path.realpath(os.fsdecode(path))
        if real == os.devnull:
            return
        if flags & _WRITING or not real.startswith(self._readable):
            raise PermissionError("a file")


def _is_number(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _readable() -> Iterator[str]:
    """The folders of Python and of what is installed, and of what both need."""
    paths = sysconfig.get_paths()
    installed = [path for path in sys.path if path.endswith("-packages")]
    for path in (*(paths[name] for name in _CODE), *installed, *_READABLE):
        yield os.path.realpath(path) + os.sep


def numbers(allowed: AllowedPrivate) -> list[tuple[str, int]]:
    """The socket addresses of what an operator has allowed."""
    found = []
    for host, port in allowed.pairs:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            continue
        found += [(str(answer[4][0]), port) for answer in answers]
    return found
