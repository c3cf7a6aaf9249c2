"""The article's recipe, written down as plainly as the article writes it.

One window at a time, the last one padded to 512; all hidden states stacked; the last
four layers averaged, then the real tokens, then all of them over the document.
"""

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from longshot.encoders.minilm import minilm_folder

WINDOW_TOKENS = 510


class PlainLoop:
    """The loop, with its model and tokenizer loaded."""

    def __init__(self) -> None:
        folder = minilm_folder()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()

    def embed(self, text: str) -> np.ndarray:
        """Give the document's vector."""
        ids = self.tokenizer(
            text, add_special_tokens=False, truncation=False, verbose=False
        )["input_ids"]
        token_sums, n_tokens = torch.zeros(self.model.config.hidden_size), 0
        for start in range(0, len(ids), WINDOW_TOKENS):
            window = ids[start : start + WINDOW_TOKENS]
            states = self._states(window)
            token_sums += states[1 : len(window) + 1].sum(dim=0)
            n_tokens += len(window)
        return (token_sums / n_tokens).numpy()

    def _states(self, window: list[int]) -> torch.Tensor:
        cls, sep = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        framed = [cls, *window, sep]
        padding = WINDOW_TOKENS + 2 - len(framed)
        input_ids = torch.tensor([framed + [self.tokenizer.pad_token_id] * padding])
        mask = torch.tensor([[1] * len(framed) + [0] * padding])
        with torch.no_grad():
            output = self.model(
                input_ids, attention_mask=mask, output_hidden_states=True
            )
        stacked = torch.stack(output.hidden_states)
        return stacked[-4:, 0].mean(dim=0)
