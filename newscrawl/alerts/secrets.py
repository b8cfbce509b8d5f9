"""What nobody may read: sealing it, and telling whether two are the same without opening them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from newscrawl import durable
from newscrawl.errors import NewscrawlError

SHORTEST_KEY = 32
"""Characters. A key is random: as many as `openssl rand -hex 32` prints are plenty."""


class SecretsError(NewscrawlError):
    """There is no key, or it is not the one that something was sealed with."""


class Secrets:
    """Seals with one key. Nothing of the key or of what is sealed is in its errors or its repr."""

    def __init__(self, key: str, named: str) -> None:
        """`named` is how errors call the key. Raises SecretsError for one that can be guessed."""
        if len(key) < SHORTEST_KEY:
            raise SecretsError(
                f"{named}: a key has at least {SHORTEST_KEY} characters; "
                "`openssl rand -hex 32` prints one"
            )
        self._named = named
        self._fernet = Fernet(urlsafe_b64encode(_derived(key, "seal")))
        self._hashing = _derived(key, "fingerprint")

    @classmethod
    def of(cls, key: str, file: Path, *, fresh: bool = False) -> Secrets:
        """With the key of the environment, else that of the file.

        `fresh`: where there is no file, it is made, with a random key; only where nothing is
        sealed yet. Raises SecretsError where there is none, and where others can read it.
        """
        if key:
            return cls(key, "NEWSCRAWL_SECRET_KEY")
        if fresh and not file.exists():
            _make(file)
        return cls(_read(file), str(file))

    def seal(self, text: str) -> str:
        """The text, unreadable without the key: ASCII, each time another."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def opened(self, sealed: str) -> str:
        """What was sealed. Raises SecretsError where that was with another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise SecretsError(
                f"{self._named}: not the key that the addresses of subscribers are sealed with: "
                "bring that one back"
            ) from None

    def fingerprint(self, text: str) -> str:
        """32 hex digits that only this key makes of the text."""
        made = hmac.new(self._hashing, text.encode(), hashlib.sha256)
        return made.hexdigest()[:32]


def new_token() -> str:
    """A secret of an address on the web: 43 characters that stand in a URL as they are."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """By which a token is found: its SHA-256, 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _derived(key: str, purpose: str) -> bytes:
    return hmac.new(key.encode(), f"newscrawl {purpose}".encode(), hashlib.sha256).digest()


def _make(file: Path) -> None:
    try:
        durable.keep_key(file, secrets.token_hex(32))
    except OSError as error:
        raise SecretsError(f"{file}: cannot be written: {error.strerror}") from error


def _read(file: Path) -> str:
    try:
        if not durable.is_private(file):
            raise SecretsError(f"{file}: others can read this key, or own it: chmod 600 {file}")
        held = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise SecretsError(
            f"{file}: missing: the addresses of subscribers are sealed with it: bring it back, or "
            "set NEWSCRAWL_SECRET_KEY where that was the key"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SecretsError(f"{file}: cannot be read: {type(error).__name__}") from error
    if not held.isprintable():
        raise SecretsError(f"{file}: holds no key: bring it back from where you keep it")
    return held
