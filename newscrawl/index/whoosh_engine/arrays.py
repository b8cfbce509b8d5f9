"""A file of named arrays: written once, read where they lie on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Numbers: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
"""A truth for every document of a part."""

_MAGIC = b"newscrawl arrays 1\n"
_ALIGNED = 64


def write(path: Path, arrays: Mapping[str, Sequence[Array]]) -> None:
    """Write one-dimensional arrays of numbers, each of which may be in pieces of one kind."""
    header = {
        name: (pieces[0].dtype.str, sum(each.size for each in pieces))
        for name, pieces in arrays.items()
    }
    head = _MAGIC + json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(head.ljust(_aligned(len(head) + 1) - 1) + b"\n")
        for pieces in arrays.values():
            for each in pieces:
                each.tofile(file)
            length = sum(each.nbytes for each in pieces)
            file.write(bytes(_aligned(length) - length))


def read(path: Path) -> dict[str, Array]:
    """Map a file's arrays into memory. Raises ValueError for a file that is none of ours."""
    mapped = np.memmap(path, mode="r")
    start = mapped[: 1 << 16].tobytes()
    end = start.find(b"\n", len(_MAGIC)) + 1
    if not start.startswith(_MAGIC) or not end:
        raise ValueError(f"{path}: not a file of arrays")
    arrays: dict[str, Array] = {}
    for name, (kind, size) in json.loads(start[len(_MAGIC) : end]).items():
        length = np.dtype(kind).itemsize * size
        if end + length > mapped.size:
            raise ValueError(f"{path}: cut off")
        arrays[name] = np.asarray(mapped[end : end + length]).view(kind)
        end += _aligned(length)
    return arrays


def _aligned(length: int) -> int:
    return -(-length // _ALIGNED) * _ALIGNED
