"""The settings of a server: what it serves, where, and its limits."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from longshot.errors import SettingError
from longshot.machine.locations import state_folder
from longshot.recipe import PrecisionSetting, Recipe


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerSettings:
    """What is served, where, and how much of it at once.

    Attributes
    ----------
    projects
        Folders of projects, or addresses of their databases.
    model, precision
        What reads texts that belong to no project.
    cache
        Whether vectors are kept on disk, so that no text is encoded twice.
    host, port
        Where the server listens. Without keys, only this computer can reach it.
    keys_file
        The API keys; ``longshot keys add`` writes it. None for none.
    state
        The folder of jobs under way; the user's own by default.
    most_body_bytes
        Of one request.
    most_upload_bytes
        Of the files uploaded in one request; they are kept on disk.
    most_document_characters
        Of one text: ten million are the pages of some 5,000 sheets.
    most_texts
        In one request; 2,048 is what OpenAI's endpoint takes.
    most_seconds
        Until a request is answered; one that takes longer is given up.
    most_waiting
        Requests under way at once; further ones are told when to come again.
    most_parsing_bytes, most_parsing_seconds
        Memory and time to read one uploaded file, in a process of its own.
    kept_classifiers
        Sets of examples whose fitted classifier is kept for the next request.

    Raises
    ------
    SettingError
        If a limit is not at least 1, the port is none, or the host can be reached from
        elsewhere and there are no keys.
    """

    projects: tuple[str, ...] = ()
    model: str = Recipe().model
    precision: PrecisionSetting = Recipe().precision
    cache: bool = True
    host: str = "127.0.0.1"
    port: int = 8000
    keys_file: Path | None = None
    state: Path | None = None
    most_body_bytes: int = 32_000_000
    most_upload_bytes: int = 1_000_000_000
    most_document_characters: int = 10_000_000
    most_texts: int = 2_048
    most_seconds: int = 600
    most_waiting: int = 128
    most_parsing_bytes: int = 2_000_000_000
    most_parsing_seconds: int = 120
    kept_classifiers: int = 32

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if name.startswith(("most_", "kept_")) and value < 1:
                option = name.replace("_", "-")
                raise SettingError(
                    f"{name} must be at least 1; got {value}. Raise --{option}."
                )
        if not 0 <= self.port < 1 << 16:
            raise SettingError(
                f"port must be in [0, 65535]; got {self.port}. Change --port."
            )
        if self.keys_file is None and not is_loopback(self.host):
            raise SettingError(
                "host must be this computer's own (127.0.0.1) where there are no keys; "
                f"got {self.host}. Run `longshot keys add NAME` and give --keys-file, "
                "or leave --host out."
            )

    @property
    def state_folder(self) -> Path:
        """Where jobs and uploaded files are kept."""
        return state_folder() if self.state is None else self.state


def is_loopback(host: str) -> bool:
    """Tell whether a host's name can only mean this computer.

    Examples
    --------
    >>> is_loopback("localhost"), is_loopback("[::1]"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
