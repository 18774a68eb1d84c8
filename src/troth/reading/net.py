"""A small convolutional net over the words of many texts at once, computed in whole numbers.

Weights are int8, and what one layer hands the next is a whole number from 0 to 127. Every sum is then a whole number
below 2**24, which float32 holds exactly: however a machine orders its additions, and however many texts are read
together, the result is the same to the last bit, at the speed of a float32 matrix product. (Quantised nets: Jacob et al.
2018, arXiv:1712.05877; convolutions over words: Kim 2014, arXiv:1408.5882.)

Texts are laid one after another with a blank row between them, so no text is padded to the length of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from troth.reading.weights import Weights, numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 400
"""About so many words go through the layers at once: what they need then fits into the processor's cache."""
LEVELS = 127
EXACT = 2**24
"""Up to here float32 holds every whole number."""


class Layer(NamedTuple):
    """A matrix of whole numbers, held as float32, with the scale and the bias of each of its outputs."""

    matrix: NDArray[Any]
    scale: NDArray[Any]
    bias: NDArray[Any]


class Pass(NamedTuple):
    """One block of texts on its way through the net."""

    starts: list[int]
    """The row at which each text starts."""
    states: list[NDArray[Any]]
    """The rows before the first layer and after each convolution, as whole numbers."""
    most: NDArray[Any]
    """The greatest value of each channel, one row a text."""
    hidden: NDArray[Any]
    logits: NDArray[Any]


class Net:
    """A table of words, convolutions over three, the greatest and the mean value of each channel, two linear layers."""

    def __init__(self, weights: Weights) -> None:
        self._np = np = numpy()
        arrays = weights.arrays
        self._top, self._mean_gain = float(weights.says["top"]), float(weights.says["mean_gain"])
        self._table = np.concatenate([arrays["table"], np.zeros((1, arrays["table"].shape[1]), np.int8)])
        self._convs = [self._layer(arrays, f"conv{number}", 3) for number in range(int(weights.says["convs"]))]
        self._hidden = self._layer(arrays, "hidden", 1)
        self._out = self._layer(arrays, "out", 1)

    def _layer(self, arrays: dict[str, NDArray[Any]], name: str, words: int) -> Layer:
        np = self._np
        matrix = arrays[f"{name}.matrix"].astype(np.float32)
        channels = matrix.shape[1] // words
        if LEVELS * np.abs(matrix).sum(0).reshape(words, channels).sum(0).max() >= EXACT:
            raise ValueError(f"The sums of {name} would not be exact.")
        return Layer(matrix, arrays[f"{name}.scale"], arrays[f"{name}.bias"])

    def passes(self, texts: Sequence[Sequence[int]]) -> Iterator[tuple[int, Pass]]:
        """The *texts*, none of them empty, block by block; with the number of each block's first text."""
        first = 0
        for block in _blocks(texts):
            yield first, self._pass(block)
            first += len(block)

    def _pass(self, texts: Sequence[Sequence[int]]) -> Pass:
        np = self._np
        blank = len(self._table) - 1
        flat, starts = [blank], []
        for text in texts:
            starts.append(len(flat))
            flat += text
            flat.append(blank)
        rows = np.array(flat)
        written = (rows != blank).astype(np.float32)[:, None]
        states = [self._table[rows].astype(np.float32)]
        for number, conv in enumerate(self._convs):
            states.append(self._convolved(states[-1], conv, stays=number > 0) * written)
        most = np.maximum.reduceat(states[-1], starts, axis=0)
        counts = np.array([len(text) for text in texts], np.float32)[:, None]
        mean = np.add.reduceat(states[-1], starts, axis=0) / counts * np.float32(self._mean_gain)
        both = np.concatenate([most, np.rint(np.minimum(mean, LEVELS))], axis=1)
        hidden = self._levels(self._linear(both, self._hidden))
        return Pass(starts, states, most, hidden, self._linear(hidden, self._out))

    def _convolved(self, state: NDArray[Any], conv: Layer, *, stays: bool) -> Any:
        """Each row with its neighbours before and after it; *stays* adds what was there (He et al. 2015)."""
        np = self._np
        channels = len(conv.bias)
        each = state @ conv.matrix
        total = each[:, channels : 2 * channels].copy()
        total[1:] += each[:-1, :channels]
        total[:-1] += each[1:, 2 * channels :]
        total *= conv.scale
        total += conv.bias
        if stays:
            total += state * np.float32(self._top / LEVELS)
        return self._levels(total)

    def _linear(self, values: NDArray[Any], layer: Layer) -> Any:
        return values @ layer.matrix * layer.scale + layer.bias

    def _levels(self, values: NDArray[Any]) -> Any:
        np = self._np
        values *= np.float32(LEVELS / self._top)
        return np.rint(np.clip(values, 0, LEVELS, out=values), out=values)

    def shares(self, of: Pass, text: int, count: int, out: int) -> list[float]:
        """How much each of the *count* words of a text adds to its output *out*: gradient times input.

        (Simonyan et al. 2013, arXiv:1312.6034, times the input as in Shrikumar et al. 2017, arXiv:1704.02685.)
        """
        rows = slice(of.starts[text], of.starts[text] + count)
        channels = of.most.shape[1]
        hidden = self._out.matrix[:, out] * self._hidden.scale * (of.hidden[text] > 0)
        pooled = self._hidden.matrix @ hidden
        state = of.states[-1][rows]
        gradient = (state == of.most[text]) * pooled[:channels] + pooled[channels:] * (self._mean_gain / count)
        for number in reversed(range(len(self._convs))):
            gradient *= of.states[number + 1][rows] > 0
            gradient = self._back(gradient, self._convs[number], stays=number > 0)
        return (gradient * of.states[0][rows]).sum(1).tolist()  # type: ignore[no-any-return]

    def _back(self, gradient: NDArray[Any], conv: Layer, *, stays: bool) -> Any:
        np = self._np
        scaled = gradient * (conv.scale * (LEVELS / self._top))
        blank = np.zeros((1, scaled.shape[1]), scaled.dtype)
        three = np.concatenate(
            [np.concatenate([scaled[1:], blank]), scaled, np.concatenate([blank, scaled[:-1]])], axis=1
        )
        before = three @ conv.matrix.T
        return before + gradient if stays else before


def _blocks(texts: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    first = words = 0
    for number, text in enumerate(texts):
        words += len(text)
        if words >= BLOCK:
            yield texts[first : number + 1]
            first, words = number + 1, 0
    if first < len(texts):
        yield texts[first:]
