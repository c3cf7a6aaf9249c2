"""ELMo's network: characters to three layers of states (Peters et al. 2018).

The arithmetic is AllenNLP's, so that published weights give the published vectors: a
convolution over each word's characters, highway layers, a projection, and on top two
stacks of LSTMs, one per direction, whose state is projected and clipped.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn


@dataclass(frozen=True, kw_only=True, slots=True)
class ElmoOptions:
    """What ``options.json`` says.

    Attributes
    ----------
    dim
        Of one direction's state after its projection, and of a word.
    cell_dim
        Of an LSTM's memory.
    n_layers
        LSTM layers of each direction.
    cell_clip, state_clip
        The greatest size of a memory's and a state's numbers; None for no limit.
    skips
        Whether each layer but the first adds what it read to what it gives.
    character_dim, word_characters
        Of a character's vector, and characters of a word.
    filters
        Widths and numbers of the convolutions.
    n_highway
        Highway layers.
    activation
        ``relu`` or ``tanh``, after the convolutions.
    """

    dim: int
    cell_dim: int
    n_layers: int
    cell_clip: float | None
    state_clip: float | None
    skips: bool
    character_dim: int
    word_characters: int
    filters: tuple[tuple[int, int], ...]
    n_highway: int
    activation: str

    @property
    def n_filters(self) -> int:
        """Numbers that the convolutions give for a word."""
        return sum(number for _, number in self.filters)


class LstmState(NamedTuple):
    """What an LSTM hands on, per row: its projected state and its memory."""

    state: Tensor
    memory: Tensor


ElmoState = list[list[LstmState]]
"""By direction, then layer."""

N_CHARACTERS = 262


class CharacterEncoder(nn.Module):
    """Characters to one vector per word."""

    def __init__(self, options: ElmoOptions) -> None:
        super().__init__()
        n_filters = options.n_filters
        self.characters = nn.Embedding(N_CHARACTERS, options.character_dim)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(options.character_dim, number, width)
            for width, number in options.filters
        )
        self.transforms = nn.ModuleList(
            nn.Linear(n_filters, n_filters) for _ in range(options.n_highway)
        )
        self.gates = nn.ModuleList(
            nn.Linear(n_filters, n_filters) for _ in range(options.n_highway)
        )
        self.projection = nn.Linear(n_filters, options.dim)
        self._activation = torch.tanh if options.activation == "tanh" else torch.relu

    def forward(self, words: Tensor) -> Tensor:
        """Encode words (``word character``)."""
        characters = self.characters(words).transpose(1, 2)
        found = [convolve(characters).amax(dim=2) for convolve in self.convolutions]
        encoded = self._activation(torch.cat(found, dim=1))
        for transform, gate in zip(self.transforms, self.gates, strict=True):
            share = torch.sigmoid(gate(encoded))
            encoded = share * torch.relu(transform(encoded)) + (1 - share) * encoded
        projected: Tensor = self.projection(encoded)
        return projected


class ProjectedLstm(nn.Module):
    """An LSTM in one direction whose state is projected and clipped."""

    def __init__(self, options: ElmoOptions, *, backward: bool) -> None:
        super().__init__()
        self.from_input = nn.Linear(options.dim, 4 * options.cell_dim)
        self.from_state = nn.Linear(options.dim, 4 * options.cell_dim, bias=False)
        self.projection = nn.Linear(options.cell_dim, options.dim, bias=False)
        self._cell_clip = options.cell_clip
        self._state_clip = options.state_clip
        self._backward = backward

    def forward(
        self, inputs: Tensor, present: Tensor, initial: LstmState
    ) -> tuple[Tensor, LstmState]:
        """Read rows of words (``row token dim``); absent words change nothing."""
        gates_of_inputs = self.from_input(inputs)
        state, memory = initial
        outputs = torch.zeros_like(inputs)
        steps = range(inputs.shape[1])
        for step in reversed(steps) if self._backward else steps:
            gates = gates_of_inputs[:, step] + self.from_state(state)
            new_state, new_memory = self._step(gates, memory)
            here = present[:, step, None]
            state = torch.where(here, new_state, state)
            memory = torch.where(here, new_memory, memory)
            outputs[:, step] = new_state * here
        return outputs, LstmState(state, memory)

    def _step(self, gates: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        in_gate, candidate, forget_gate, out_gate = gates.chunk(4, dim=1)
        kept = torch.sigmoid(forget_gate) * memory
        memory = kept + torch.sigmoid(in_gate) * torch.tanh(candidate)
        memory = _clipped(memory, self._cell_clip)
        state = self.projection(torch.sigmoid(out_gate) * torch.tanh(memory))
        return _clipped(state, self._state_clip), memory


class Elmo(nn.Module):
    """The whole network."""

    def __init__(self, options: ElmoOptions) -> None:
        super().__init__()
        self.options = options
        self.words = CharacterEncoder(options)
        self.directions = nn.ModuleList(
            nn.ModuleList(
                ProjectedLstm(options, backward=backward)
                for _ in range(options.n_layers)
            )
            for backward in (False, True)
        )

    def forward(
        self, characters: Tensor, state: ElmoState | None = None
    ) -> tuple[list[Tensor], ElmoState]:
        """Read rows of framed words.

        Parameters
        ----------
        characters
            ``row token character``; 0 throughout where a row has no word any more.
        state
            What an earlier call gave, to go on from there; None starts from zeros.

        Returns
        -------
        tuple
            The layers (``row token dim``, both directions side by side; layer 0 is the
            word's vector twice), and the state at the end of each row.
        """
        state = state or self._zeros(len(characters))
        present = (characters > 0).any(dim=2)
        words = self._words(characters) * present[..., None]
        by_direction, new_state = [], []
        for lstms, states in zip(self.directions, state, strict=True):
            read, end = self._read(lstms, words, present, states)
            by_direction.append(read)
            new_state.append(end)
        layers = [
            torch.cat([forth, back], dim=2)
            for forth, back in zip(*by_direction, strict=True)
        ]
        return layers, new_state

    def _words(self, characters: Tensor) -> Tensor:
        """Encode each distinct word once."""
        flat = characters.flatten(0, 1)
        distinct, places = torch.unique(flat, dim=0, return_inverse=True)
        encoded: Tensor = self.words(distinct)[places]
        return encoded.view(*characters.shape[:2], -1)

    def _read(
        self,
        lstms: nn.Module,
        words: Tensor,
        present: Tensor,
        states: list[LstmState],
    ) -> tuple[list[Tensor], list[LstmState]]:
        layers, ends = [words], []
        for lstm, initial in zip(lstms.children(), states, strict=True):
            read, end = lstm(layers[-1], present, initial)
            if self.options.skips and len(layers) > 1:
                read = read + layers[-1]
            layers.append(read)
            ends.append(end)
        return layers, ends

    def _zeros(self, n_rows: int) -> ElmoState:
        zero = LstmState(
            torch.zeros(n_rows, self.options.dim),
            torch.zeros(n_rows, self.options.cell_dim),
        )
        return [[zero] * self.options.n_layers for _ in range(2)]


def _clipped(values: Tensor, limit: float | None) -> Tensor:
    return values if limit is None else values.clamp(-limit, limit)
