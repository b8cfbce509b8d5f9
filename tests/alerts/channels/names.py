"""Names that are looked up as a test wants."""

from __future__ import annotations

import socket


class Resolver:
    def __init__(self, monkeypatch):
        self.names = {}
        self.asked = []
        real = socket.getaddrinfo

        def getaddrinfo(host, port, *rest, **more):
            if more.get("flags", 0) & socket.AI_NUMERICHOST:  # which asks nobody
                return real(host, port, *rest, **more)
            name = host.decode() if isinstance(host, bytes) else host
            self.asked.append(name)
            if name not in self.names:
                return real(host, port, *rest, **more)
            answers = self.names[name]
            found = answers.pop(0) if len(answers) > 1 else answers[0]
            return [
                (
                    socket.AF_INET6 if ":" in one else socket.AF_INET,
                    socket.SOCK_STREAM,
                    socket.IPPROTO_TCP,
                    "",
                    (one, port, 0, 0) if ":" in one else (one, port),
                )
                for one in found
            ]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    def knows(self, name, *answers):
        self.names[name] = [list(one) for one in answers]
