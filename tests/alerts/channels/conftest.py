from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from newscrawl.alerts.channels.guard import trusted


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A file with a key and its own certificate, for localhost and 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certificate):
    """A server's side of TLS, with a certificate that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate, monkeypatch):
    """This process, and what it starts, trusts that certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusted.cache_clear()
    yield
    trusted.cache_clear()


@pytest.fixture
def resolver(monkeypatch):
    """Names that tests know, each with one list of addresses per look-up; the last one stays."""
    return Resolver(monkeypatch)


class Resolver:
    def __init__(self, monkeypatch):
        import socket

        self.names = {}
        self.asked = []
        real = socket.getaddrinfo

        def getaddrinfo(host, port, *rest, **more):
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
