"""How a study is done."""

from dataclasses import dataclass

from longshot.errors import SettingError

FEWEST_USES = 2
"""A word that is used once cannot be compared with itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How a study is done.

    Attributes
    ----------
    inflected
        Whether regular English forms of a word count too.
    max_uses, n_random
        Uses drawn of each word, and random words that show what any two have in common.
    n_resamples
        Bootstrap samples.
    seed
        Of everything that is drawn.
    """

    inflected: bool = False
    max_uses: int = 1000
    n_random: int = 1000
    n_resamples: int = 500
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("max_uses", "n_random", "n_resamples"):
            if getattr(self, name) < FEWEST_USES:
                option = name.replace("_", "-")
                raise SettingError(
                    f"{name} must be at least {FEWEST_USES}; got "
                    f"{getattr(self, name)}. Raise --{option}."
                )
