"""How an encoder is fine-tuned."""

from dataclasses import dataclass

from longshot.errors import SettingError


@dataclass(frozen=True, kw_only=True, slots=True)
class TuningSettings:
    """How an encoder is fine-tuned.

    Attributes
    ----------
    steps
        At most so many batches; it stops earlier where held-out examples say so.
    batch_windows
        Windows of a batch.
    window_tokens
        Tokens of a window, without special ones.
    learning_rate
        At its height; it rises over the first tenth of the steps and then falls.
    seed
        Of what is held out, of the batches and of dropout.

    Raises
    ------
    SettingError
        If a setting is outside of what it may be.
    """

    steps: int = 200
    batch_windows: int = 32
    window_tokens: int = 128
    learning_rate: float = 3e-5
    seed: int = 0

    def __post_init__(self) -> None:
        least = {"steps": 1, "batch_windows": 4, "window_tokens": 8, "seed": 0}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise SettingError(
                    f"{name} must be at least {smallest}; got {getattr(self, name)}. "
                    f"Raise --{name.replace('_', '-')}."
                )
        if not 0 < self.learning_rate < 1:
            raise SettingError(
                f"learning_rate must be between 0 and 1; got {self.learning_rate:g}. "
                "Change --learning-rate."
            )
