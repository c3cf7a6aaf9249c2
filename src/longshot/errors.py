"""Every error that a person can meet.

Each message is one line that says what must hold, what came, and what to do.

    LongshotError
    ├── SettingError            an option outside of what it may be
    ├── ReadingError            a file, folder or table that cannot be read
    ├── EmptyDocumentError      a document without a single token
    ├── ExamplesError           examples that do not make a labelled set
    ├── ModelError              a model that cannot be used
    │   ├── ModelNotFoundError      no such model is here or within reach
    │   ├── ModelIntegrityError     its files are missing, altered or incomplete
    │   └── ModelOutputError        it gave something that is no number
    ├── SavedClassifierError    a saved classifier of another version or recipe
    ├── OutputError             a result that cannot be written
    ├── ProjectError            a project that cannot be used as asked
    │   ├── NotInProjectError       no such document, label or audit is in it
    │   └── ProjectBusyError        another process writes it
    └── MissingExtraError       an optional library that is not installed

SettingError, EmptyDocumentError and ExamplesError are ValueErrors too, as scikit-learn
expects of an estimator.
"""

_MOST_CHARACTERS = 200


def first_line(error: Exception) -> str:
    r"""Give the kind and the first line of what another library raised.

    Examples
    --------
    >>> first_line(ValueError("no such layer\nsee the manual"))
    'ValueError: no such layer'
    """
    return one_line(f"{type(error).__name__}: {error}".splitlines()[0])


def one_line(text: str) -> str:
    r"""Give what another library or a stranger's file says as a short line.

    Examples
    --------
    >>> one_line("no such layer:\n  13")
    'no such layer: 13'
    """
    return " ".join(text.split())[:_MOST_CHARACTERS]


class LongshotError(Exception):
    """The root of all errors that longshot raises on purpose."""


class SettingError(LongshotError, ValueError):
    """An option lies outside of what it may be."""


class ReadingError(LongshotError):
    """A file, folder or table cannot be read."""


class EmptyDocumentError(LongshotError, ValueError):
    """A document holds no token, so that it has no vector."""


class ExamplesError(LongshotError, ValueError):
    """The examples do not make a labelled set."""


class ModelError(LongshotError):
    """A model cannot be used."""


class ModelNotFoundError(ModelError):
    """No model of that name is here, and none can be fetched."""


class ModelIntegrityError(ModelError):
    """Files of a model are missing, altered or incomplete."""


class ModelOutputError(ModelError):
    """A model gave values that are not finite numbers."""


class SavedClassifierError(LongshotError):
    """A saved classifier does not fit this version or recipe."""


class OutputError(LongshotError):
    """A result cannot be written."""


class ProjectError(LongshotError):
    """A project cannot be used as asked."""


class NotInProjectError(ProjectError):
    """A project holds nothing of that name."""


class ProjectBusyError(ProjectError):
    """Another process writes the project, and this one waited in vain."""


class LongshotWarning(UserWarning):
    """Something was done another way than asked, and the result stands all the same."""


class MissingExtraError(LongshotError):
    """An optional library is needed and not installed.

    Examples
    --------
    >>> print(MissingExtraError.naming("h5py", extra="elmo"))
    h5py must be installed for this; it is not. Run: pip install 'longshot[elmo]'
    """

    @classmethod
    def naming(cls, library: str, *, extra: str) -> "MissingExtraError":
        """Name the missing library and the extra that brings it."""
        return cls(
            f"{library} must be installed for this; it is not. "
            f"Run: pip install 'longshot[{extra}]'"
        )
