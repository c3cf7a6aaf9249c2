"""The loss: windows of one class alike, others not.

The supervised contrastive loss of Khosla and others (2020, https://arxiv.org/abs/
2004.11362), their L_out, over the windows of a batch.
"""

from collections.abc import Iterable
from typing import Any

import torch

TEMPERATURE = 0.1


class SupervisedContrastiveLoss(torch.nn.Module):
    """A loss as sentence-transformers' trainer wants it.

    Parameters
    ----------
    model
        Gives a batch's ``sentence_embedding``.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model
        self.losses: list[float] = []

    def forward(
        self, sentence_features: Iterable[dict[str, Any]], labels: torch.Tensor
    ) -> torch.Tensor:
        """Give the loss of a batch, and keep it in ``losses``."""
        [features] = sentence_features
        vectors = self.model(features)["sentence_embedding"]
        loss = supervised_contrastive(vectors, labels.view(-1))
        self.losses.append(float(loss.detach()))
        return loss


def supervised_contrastive(
    vectors: torch.Tensor, labels: torch.Tensor, temperature: float = TEMPERATURE
) -> torch.Tensor:
    """Give the mean over windows of how surprising those of their own class are.

    Examples
    --------
    >>> vectors = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    >>> near = supervised_contrastive(vectors, torch.tensor([0, 0, 1, 1]))
    >>> far = supervised_contrastive(vectors, torch.tensor([0, 1, 0, 1]))
    >>> bool(near < far)
    True
    """
    units = torch.nn.functional.normalize(vectors.float(), dim=1)
    itself = torch.eye(len(units), dtype=torch.bool, device=units.device)
    cosines = (units @ units.T / temperature).masked_fill(itself, float("-inf"))
    log_shares = cosines.log_softmax(dim=1).masked_fill(itself, 0.0)
    alike = (labels[:, None] == labels[None]) & ~itself
    n_alike = alike.sum(dim=1)
    surprises = -(log_shares * alike).sum(dim=1) / n_alike.clamp(min=1)
    return surprises[n_alike > 0].mean()
