"""What a file that an optional library would read is told to be set aside for."""


def documents_extra(what: str) -> str:
    """Complete the sentence that begins with a file's name."""
    return f"is {what}: pip install 'longshot[documents]' to read it"
