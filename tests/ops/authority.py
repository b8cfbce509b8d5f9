"""Somebody on loopback who stamps: an authority of RFC 3161 by openssl, and a calendar."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpPrepend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import Timestamp

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = %(name)s
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[authority]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = stamping
[stamping]
serial = %(folder)s/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """Keys and certificates in a folder, and answers to queries."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        folder.mkdir()
        self._folder = folder
        self.root = folder / "root.pem"
        """The certificate that all lead to."""
        (folder / "serial").write_text("01\n")
        (folder / "conf").write_text(CONFIGURATION % {"name": name, "folder": folder})
        made = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        made += ("-config", "conf", "-days", "2")
        self._openssl(*made, "-extensions", "root", "-keyout", "root.key", "-out", "root.pem")
        signed = ("-extensions", "authority", "-CA", "root.pem", "-CAkey", "root.key")
        signed += ("-subj", "/CN=stamps")
        self._openssl(*made, *signed, "-keyout", "tsa.key", "-out", "tsa.pem")

    def answer(self, query: bytes) -> bytes:
        (self._folder / "query").write_bytes(query)
        signer = ("-signer", "tsa.pem", "-inkey", "tsa.key")
        reply = ("ts", "-reply", "-config", "conf", "-queryfile", "query", "-out", "reply")
        self._openssl(*reply, *signer)
        return (self._folder / "reply").read_bytes()

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self._folder, capture_output=True, check=True)


def promise(digest: bytes, uri: str = "https://calendar.example") -> bytes:
    """What a calendar answers."""
    made = Timestamp(digest)
    below = made.ops.add(OpAppend(b"a nonce")).ops.add(OpSHA256())
    below.attestations.add(PendingAttestation(uri))
    return written(made)


def in_block(commitment: bytes, height: int) -> bytes:
    """What a calendar tells of a promise that it has kept."""
    made = Timestamp(commitment)
    below = made.ops.add(OpPrepend(b"the rest of a block's tree")).ops.add(OpSHA256())
    below.attestations.add(BitcoinBlockHeaderAttestation(height))
    return written(made)


def written(made: Timestamp) -> bytes:
    context = BytesSerializationContext()
    made.serialize(context)
    return bytes(context.getbytes())


@dataclass
class Server:
    """Answers every POST by what `answer` makes of its body."""

    answer: Callable[[bytes], bytes]
    url: str = ""
    status: int = 200
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Paths and headers, these in lower case."""
    told: dict[str, bytes] = field(default_factory=dict)
    """What it answers to a GET of a path; 404 to any other."""

    @property
    def pair(self) -> str:
        return self.url.removeprefix("http://")


@contextmanager
def serving(answer: Callable[[bytes], bytes]) -> Iterator[Server]:
    """Such a server on loopback."""
    server = Server(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append((self.path, headers))
            content = server.answer(body)
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            server.asked.append((self.path, {}))
            content = server.told.get(self.path)
            self.send_response(server.status if content is not None else 404)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_given: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}"
        thread = Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
