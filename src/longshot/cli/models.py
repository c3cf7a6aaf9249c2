"""``longshot models``: which models can be used here."""

from longshot.cli.failures import telling_mistakes


@telling_mistakes
def models() -> None:
    """List the models on this machine: the bundled one, and those fetched before."""
    from longshot.cli.printing import print_models
    from longshot.encoders import usable_models

    print_models(usable_models())
