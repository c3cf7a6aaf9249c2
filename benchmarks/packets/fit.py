"""Finds the weights under which the true divisions of packets are likeliest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import minimize

from benchmarks.packets.joining import Packet
from longshot.packets.cues import CUES
from longshot.packets.weights import Weights

PRECISION = 1e-3
"""Of the Gaussian prior on each weight, for each packet: so little that it decides only
where packets say nothing."""

N_OTHER = 3


def fitted(
    packets: Sequence[Packet],
    *,
    left_out: Sequence[str] = (),
    precision: float = PRECISION,
) -> Weights:
    """Fit by maximum likelihood, given the cues and what the classifier says.

    Parameters
    ----------
    packets
        Files whose documents are known.
    left_out
        Cues that are worth nothing.
    precision
        Of the prior.
    """
    batch = _Batch.of(packets)
    kept = np.array([name not in left_out for name in CUES] + [True] * N_OTHER)

    def loss(terms: np.ndarray) -> tuple[float, np.ndarray]:
        given = torch.tensor(terms * kept, requires_grad=True)
        total = batch.surprise(given)
        (slope,) = torch.autograd.grad(total, given)
        slopes = slope.numpy() * kept
        prior = terms - _start()
        penalty = precision / 2 * float(prior @ prior)
        return float(total.detach()) + penalty, slopes + precision * prior

    found = minimize(
        loss, _start(), jac=True, method="L-BFGS-B", options={"maxiter": 150}
    )
    return weights_of(found.x * kept)


def weights_of(terms: np.ndarray) -> Weights:
    """Read the terms of the optimiser as weights."""
    first, inner, same = terms[len(CUES) :].tolist()
    return Weights(cues=terms[: len(CUES)], first=first, inner=inner, same=same)


def _start() -> np.ndarray:
    return np.concatenate([np.zeros(len(CUES)), [0.5, 0.5, 0.0]])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Batch:
    """Packets side by side, filled up to the same length."""

    cues: torch.Tensor
    likelier: torch.Tensor
    begins: torch.Tensor
    labels: torch.Tensor
    is_unit: torch.Tensor
    is_class: torch.Tensor

    @classmethod
    def of(cls, packets: Sequence[Packet]) -> "_Batch":
        n_units = max(len(one.labels) for one in packets)
        n_classes = max(one.log_probabilities.shape[1] for one in packets)
        shape = (len(packets), n_units)
        cues = np.zeros((*shape, len(CUES)))
        likelier, labels = (
            np.zeros((*shape, n_classes)),
            np.zeros(shape, dtype=np.int64),
        )
        begins, is_unit = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        is_class = np.zeros((len(packets), n_classes), dtype=bool)
        for row, one in enumerate(packets):
            n, k = one.log_probabilities.shape
            cues[row, :n], labels[row, :n] = one.cues, one.labels
            likelier[row, :n, :k] = one.log_probabilities + np.log(k)
            begins[row, :n], is_unit[row, :n] = one.begins, True
            is_class[row, :k] = True
        made = (cues, likelier, begins, labels, is_unit, is_class)
        names = ("cues", "likelier", "begins", "labels", "is_unit", "is_class")
        return cls(
            **{
                name: torch.tensor(value)
                for name, value in zip(names, made, strict=True)
            }
        )

    def surprise(self, terms: torch.Tensor) -> torch.Tensor:
        """Give the mean negative log-likelihood of the truth."""
        boundary = self.cues @ terms[: len(CUES)]
        first, inner, same = terms[len(CUES) :]
        n_classes = self.is_class.sum(dim=1, dtype=torch.float64)
        log_other = -torch.log(torch.exp(same) + n_classes - 1)
        log_same = same + log_other
        of_truth = torch.gather(self.likelier, 2, self.labels[..., None])[..., 0]
        later = self.begins & (torch.arange(boundary.shape[1]) > 0)
        is_same = later & (torch.roll(self.labels, 1, dims=1) == self.labels)
        weight = (
            torch.where(later, boundary, 0.0)
            + torch.where(self.begins, first, inner) * of_truth
            + torch.where(is_same, log_same[:, None], 0.0)
            + torch.where(later & ~is_same, log_other[:, None], 0.0)
        )
        true = torch.where(self.is_unit, weight, 0.0).sum(dim=1) - torch.log(n_classes)
        return (self._total(boundary, first, inner, log_same, log_other) - true).mean()

    def _total(
        self,
        boundary: torch.Tensor,
        first: torch.Tensor,
        inner: torch.Tensor,
        log_same: torch.Tensor,
        log_other: torch.Tensor,
    ) -> torch.Tensor:
        """Give the logarithm of what all divisions weigh: see ``packets.chain``."""
        n_classes = self.is_class.sum(dim=1, dtype=torch.float64)
        no_class = torch.where(self.is_class, 0.0, -1e9)
        forward = first * self.likelier[:, 0] + no_class - torch.log(n_classes)[:, None]
        same, other = torch.exp(log_same)[:, None], torch.exp(log_other)[:, None]
        for unit in range(1, boundary.shape[1]):
            of_all = torch.logsumexp(forward, dim=1, keepdim=True)
            share = torch.exp(forward - of_all)
            new = torch.log(other + (same - other) * share) + of_all
            new = new + boundary[:, unit, None] + first * self.likelier[:, unit]
            on = forward + inner * self.likelier[:, unit]
            moved = torch.logaddexp(on, new + no_class)
            forward = torch.where(self.is_unit[:, unit, None], moved, forward)
        return torch.logsumexp(forward, dim=1)
