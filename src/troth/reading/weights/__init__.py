"""The weights that ship, and how they are read: one file a model, checked before it is believed.

A file is one line of JSON and then the arrays, raw and little-endian, in the order the line lists them. The line names
the format, the model's version, the arrays with type and shape, and the SHA-256 of everything after it. Nothing in a file
is ever run. `training/README.md` says how the files are made.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "troth weights 1"
_TYPES = ("int8", "uint8", "float32")


class WeightsUnusable(Exception):
    """A file of weights is not there, or not as it was made."""


@dataclass(frozen=True)
class Weights:
    version: str
    """Changes whenever an array does."""
    says: dict[str, Any]
    """What else the model needs to know: scales, thresholds, names."""
    arrays: dict[str, NDArray[Any]]


def load(name: str, *, folder: Traversable | None = None) -> Weights:
    """The weights of the model *name*. Raises `WeightsUnusable` if they are missing or were changed on their way."""
    file = (folder or files("troth.reading.weights")).joinpath(f"{name}.weights")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise WeightsUnusable(f"The weights {file} cannot be read ({error}); install Troth again.") from error
    line, _, body = content.partition(b"\n")
    try:
        header = json.loads(line)
        written_as, arrays = header["format"], list(header["arrays"])
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsUnusable(f"{file} is not a file of weights; install Troth again.") from error
    if written_as != FORMAT:
        raise WeightsUnusable(f"{file} is in the format {written_as!r}; this Troth reads {FORMAT!r}.")
    if hashlib.sha256(body).hexdigest() != header.get("sha256"):
        raise WeightsUnusable(f"{file} was changed or cut short since it was made; install Troth again.")
    return Weights(header["version"], header["says"], _cut(arrays, body))


@cache
def numpy() -> Any:
    """NumPy, imported by who reads a message and nobody else, and set to one thread.

    On matrices as small as ours two threads wait for each other many times longer than they compute (forty times, on a
    busy machine); many messages are read by many processes.
    """
    import numpy as np  # slow to import
    from threadpoolctl import threadpool_limits  # it asks the libraries that NumPy has loaded

    threadpool_limits(limits=1, user_api="blas")
    return np


def _cut(listed: list[dict[str, Any]], body: bytes) -> dict[str, NDArray[Any]]:
    np = numpy()
    arrays = {}
    start = 0
    for array in listed:
        kind = np.dtype(array["type"]).newbyteorder("<")
        count = int(np.prod(array["shape"], dtype=np.int64))
        arrays[array["name"]] = np.frombuffer(body, kind, count, start).reshape(array["shape"])
        start += count * kind.itemsize
    return arrays


def packed(arrays: dict[str, NDArray[Any]], *, version: str, says: dict[str, Any]) -> bytes:
    """The content of a file with these *arrays*; what `training` writes and `load` reads."""
    for name, array in arrays.items():
        if array.dtype.name not in _TYPES:
            raise TypeError(f"{name} is {array.dtype.name}; weights are one of {', '.join(_TYPES)}.")
    body = b"".join(array.astype(array.dtype.newbyteorder("<"), order="C").tobytes() for array in arrays.values())
    header = {
        "format": FORMAT,
        "version": version,
        "sha256": hashlib.sha256(body).hexdigest(),
        "says": says,
        "arrays": [
            {"name": name, "type": array.dtype.name, "shape": list(array.shape)} for name, array in arrays.items()
        ],
    }
    return json.dumps(header, ensure_ascii=False).encode() + b"\n" + body
