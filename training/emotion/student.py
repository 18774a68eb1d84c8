"""The student: a small convolutional net whose every sum is one of whole numbers, so that it is exact anywhere."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

LEVELS = 127
TOP = 4.0
"""Beyond it a channel is as good as full."""
TABLE_TOP = 2.0
MEAN_GAIN = 2.0
"""Means are smaller than greatest values: so much they are raised before they are rounded."""


class _Rounded(torch.autograd.Function):
    @staticmethod
    def forward(ctx, values):
        return values.round()

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def rounded(values: torch.Tensor) -> torch.Tensor:
    return _Rounded.apply(values)


def weight_quantised(weight: torch.Tensor) -> torch.Tensor:
    """As it will be with whole numbers: one scale for each output."""
    scale = weight.detach().abs().flatten(1).amax(1).clamp_min(1e-6) / LEVELS
    scale = scale.view(-1, *[1] * (weight.dim() - 1))
    return rounded(weight / scale) * scale


class Student(nn.Module):
    def __init__(
        self, table: np.ndarray, *, width: int = 192, hidden: int = 160, outs: int = 35, layers: int = 2
    ) -> None:
        super().__init__()
        self.table = nn.Embedding(*table.shape)
        self.table.weight.data = torch.tensor(table, dtype=torch.float32)
        self.top, self.table_top, self.mean_gain = TOP, TABLE_TOP, MEAN_GAIN
        size = table.shape[1]
        self.convs = nn.ModuleList(nn.Linear(3 * (width if number else size), width) for number in range(layers))
        self.hidden = nn.Linear(2 * width, hidden)
        self.out = nn.Linear(hidden, outs)
        self.drop = nn.Dropout(0.3)
        self.word_drop = 0.1
        self.exact = True
        """Compute with whole numbers, as at run time; without, training is quicker."""

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """*ids* are padded with any number where *mask* is 0."""
        words = self._levels(self.table(ids), self.table_top, -self.table_top)
        kept = mask
        if self.training:
            kept = mask * (torch.rand_like(mask) > self.word_drop)
        state = words * kept.unsqueeze(-1)
        row = mask.unsqueeze(-1)
        for number, conv in enumerate(self.convs):
            three = torch.cat(
                [nn.functional.pad(state, (0, 0, 1, -1)), state, nn.functional.pad(state, (0, 0, -1, 1))], 2
            )
            out = nn.functional.linear(three, self._weight(conv), conv.bias)
            if number:
                out = out + state
            state = self._levels(out, self.top) * row
        most = state.amax(1)
        mean = self._levels(self.mean_gain * state.sum(1) / row.sum(1).clamp_min(1), self.top)
        pooled = self.drop(torch.cat([most, mean], 1))
        hidden = self._levels(nn.functional.linear(pooled, self._weight(self.hidden), self.hidden.bias), self.top)
        return nn.functional.linear(self.drop(hidden), self._weight(self.out), self.out.bias)

    def _weight(self, layer: nn.Linear) -> torch.Tensor:
        return weight_quantised(layer.weight) if self.exact else layer.weight

    def _levels(self, values: torch.Tensor, top: float, bottom: float = 0.0) -> torch.Tensor:
        values = values.clamp(bottom, top)
        return rounded(values * (LEVELS / top)) * (top / LEVELS) if self.exact else values
