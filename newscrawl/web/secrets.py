"""The secrets in addresses: what is kept of them is their SHA-256."""

from __future__ import annotations

import hashlib

from starlette.exceptions import HTTPException

_LONGEST = 128


def digest_of(secret: str) -> str:
    """By which a secret is looked up: how long that takes tells nothing of any other secret.

    Raises HTTPException, 404, for what is too long to be one.
    """
    if len(secret) > _LONGEST:
        raise HTTPException(404)
    return hashlib.sha256(secret.encode()).hexdigest()
