"""``longshot models``: a list, and a model by its short name."""

from tests.cli.conftest import Run


def test_short_names_are_named(run: Run) -> None:
    result = run("models", "get", "bert")
    assert result.exit_code == 1
    assert "must be one of minilm, mpnet; got bert" in result.stderr
