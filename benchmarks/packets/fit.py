"""Finds the weights under which the true boundaries of packets are likeliest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from scipy.optimize import minimize

from benchmarks.packets.joining import Packet
from longshot.packets.cues import CUES
from longshot.packets.units import UnitKind
from longshot.packets.weights import Weights, log_likelier

PRECISION = 1e-3
"""Of the Gaussian prior on each weight, for each packet: so little that it decides only
where packets say nothing."""

N_OTHER = 3

DOUBTS: dict[UnitKind, float] = {"page": 0.0, "passage": 0.2}
PRICES: dict[UnitKind, float | None] = {"page": None, "passage": 0.4}
"""Of :class:`~longshot.packets.weights.Weights`. With doubts of 0.05, 0.2 and 0.4
boundaries of sets left out were found alike; with prices of 0.3 to 0.45, too: the
greater, the fewer boundaries that are none, and the fewer of those that are there."""

_MOST_STEPS = 60
_MOST_PACKETS, _MOST_SPANS = 96, 1 << 22
"""Of a batch: packets side by side, and pairs of units that a document may span."""


def fitted(
    packets: Sequence[Packet],
    kind: UnitKind,
    *,
    left_out: Sequence[str] = (),
    precision: float = PRECISION,
) -> Weights:
    """Fit by maximum likelihood, given the cues and what the classifier says.

    Of passages only the boundaries must come out true. Labels are summed over: where a
    classifier takes all passages of a lease for an invoice, they still belong together,
    and weights that were fitted to true labels would trust no neighbour's. A page tells
    its label better: fitted without labels, weights took contracts apart with an F1 of
    92 %, not of 97 %.

    Parameters
    ----------
    packets
        Files whose documents are known.
    kind
        What their units are.
    left_out
        Cues that are worth nothing.
    precision
        Of the prior.
    """
    names, doubt = CUES[kind], DOUBTS[kind]
    batches = [_Batch.of(one, doubt, kind == "page") for one in _batches(packets)]
    kept = np.array([name not in left_out for name in names] + [True] * N_OTHER)
    start = np.concatenate([np.zeros(len(names)), [0.5, 0.5, 0.0]])

    def loss(terms: np.ndarray) -> tuple[float, np.ndarray]:
        total, slopes = 0.0, np.zeros(len(terms))
        for batch in batches:
            given = torch.tensor(terms * kept, requires_grad=True)
            of_batch = batch.surprise(given) / len(packets)
            (slope,) = torch.autograd.grad(of_batch, given)
            total += float(of_batch.detach())
            slopes += slope.numpy() * kept
        prior = terms - start
        return total + precision / 2 * float(prior @ prior), slopes + precision * prior

    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS}
    )
    terms = found.x * kept
    first, inner, same = terms[len(names) :].tolist()
    return Weights(
        cues=terms[: len(names)],
        first=first,
        inner=inner,
        same=same,
        doubt=doubt,
        price=PRICES[kind],
    )


def _batches(packets: Sequence[Packet]) -> Iterator[list[Packet]]:
    """Put packets of about the same length together, fewer of them the longer."""
    batch: list[Packet] = []
    for packet in sorted(packets, key=lambda one: len(one.labels)):
        n_spans = (len(batch) + 1) * len(packet.labels) ** 2
        if batch and (len(batch) == _MOST_PACKETS or n_spans > _MOST_SPANS):
            yield batch
            batch = []
        batch.append(packet)
    yield batch


@dataclass(frozen=True, slots=True)
class _Batch:
    """Packets side by side, filled up to the same length."""

    cues: torch.Tensor
    likelier: torch.Tensor
    lengths: torch.Tensor
    begins: torch.Tensor
    is_true: torch.Tensor
    is_unit: torch.Tensor
    is_class: torch.Tensor

    @classmethod
    def of(cls, packets: Sequence[Packet], doubt: float, with_labels: bool) -> "_Batch":
        n_units = max(len(one.labels) for one in packets)
        n_classes = max(one.log_probabilities.shape[1] for one in packets)
        shape = (len(packets), n_units)
        cues = np.zeros((*shape, packets[0].cues.shape[1]))
        likelier = np.zeros((*shape, n_classes))
        lengths = np.zeros((*shape, n_units))
        begins, is_unit = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        is_class = np.zeros((len(packets), n_classes), dtype=bool)
        is_true = np.full((*shape, n_classes), not with_labels)
        for row, one in enumerate(packets):
            n, k = one.log_probabilities.shape
            cues[row, :n] = one.cues
            lengths[row, :n, :n] = _length_weights(one)
            likelier[row, :n, :k] = log_likelier(one.log_probabilities, doubt)
            begins[row, :n], is_unit[row, :n] = one.begins, True
            is_class[row, :k] = True
            is_true[row, np.arange(n), one.labels] = True
        made = (cues, likelier, lengths, begins, is_true, is_unit, is_class)
        return cls(*map(torch.tensor, made))

    def surprise(self, terms: torch.Tensor) -> torch.Tensor:
        """Give the sum of the true boundaries' negative log-likelihoods."""
        n_cues = self.cues.shape[2]
        boundary = self.cues @ terms[:n_cues]
        first, inner, same = terms[n_cues:]
        n_classes = self.is_class.sum(dim=1, dtype=torch.float64)
        log_other = -torch.log(torch.exp(same) + n_classes - 1)
        share_of_other = torch.exp(log_other)[:, None]
        share_of_same = torch.exp(same + log_other)[:, None]
        no_class = torch.where(self.is_class, 0.0, -1e9)
        start = first * self.likelier[:, 0] + no_class - torch.log(n_classes)[:, None]
        inner_sums = torch.cumsum(inner * self.likelier, dim=1)

        def new(before: torch.Tensor) -> torch.Tensor:
            total = torch.logsumexp(before, dim=1, keepdim=True)
            share = torch.exp(before - total)
            any_label = share_of_other + (share_of_same - share_of_other) * share
            return torch.log(any_label) + total

        # As ``packets.chain`` sums over divisions; for the truth over labels at most,
        # and without the lengths of its documents, which no weight changes.
        begun = [start - inner_sums[:, 0]]
        of_all, of_true = start, torch.where(self.is_true[:, 0], start, -1e9)
        for unit in range(1, boundary.shape[1]):
            begins_here = boundary[:, unit, None] + first * self.likelier[:, unit]
            begins_here = begins_here + no_class
            begun.append(new(of_all) + begins_here - inner_sums[:, unit])
            spans = torch.stack(begun, dim=1) + self.lengths[:, unit, : unit + 1, None]
            ended = torch.logsumexp(spans, dim=1) + inner_sums[:, unit]
            is_unit, begins = self.is_unit[:, unit, None], self.begins[:, unit, None]
            of_all = torch.where(is_unit, ended, of_all)
            on = of_true + inner * self.likelier[:, unit]
            true = torch.where(begins, new(of_true) + begins_here, on)
            true = torch.where(self.is_true[:, unit], true, -1e9)
            of_true = torch.where(is_unit, true, of_true)
        return (torch.logsumexp(of_all, 1) - torch.logsumexp(of_true, 1)).sum()


def _length_weights(packet: Packet) -> Float[np.ndarray, "last first"]:
    """Weigh the length of a document from each unit to each; of none, where unknown."""
    n_units = len(packet.labels)
    if packet.lengths is None:
        return np.zeros((n_units, n_units))
    ends = np.cumsum(packet.units.n_tokens)
    n_tokens = ends[:, None] - (ends - packet.units.n_tokens)[None]
    return packet.lengths.log_likelier(np.maximum(n_tokens, 1.0).ravel()).reshape(
        n_units, n_units
    )
