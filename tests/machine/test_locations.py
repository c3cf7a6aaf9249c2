"""Caches and states lie where each operating system wants them."""

import sys
from pathlib import Path

import pytest

from longshot.machine.locations import cache_folder, state_folder


@pytest.mark.parametrize(
    ("platform", "variables", "cache", "state"),
    [
        ("linux", {}, "~/.cache/longshot", "~/.local/state/longshot"),
        (
            "linux",
            {"XDG_CACHE_HOME": "/fast", "XDG_STATE_HOME": "/kept"},
            "/fast/longshot",
            "/kept/longshot",
        ),
        (
            "linux",
            {"XDG_CACHE_HOME": " "},
            "~/.cache/longshot",
            "~/.local/state/longshot",
        ),
        ("freebsd14", {}, "~/.cache/longshot", "~/.local/state/longshot"),
        (
            "darwin",
            {},
            "~/Library/Caches/longshot",
            "~/Library/Application Support/longshot",
        ),
        (
            "darwin",
            {"XDG_CACHE_HOME": "/fast"},
            "/fast/longshot",
            "~/Library/Application Support/longshot",
        ),
        (
            "win32",
            {"LOCALAPPDATA": "/Users/a/AppData/Local"},
            "/Users/a/AppData/Local/longshot/longshot/Cache",
            "/Users/a/AppData/Local/longshot/longshot",
        ),
        (
            "win32",
            {},
            "~/AppData/Local/longshot/longshot/Cache",
            "~/AppData/Local/longshot/longshot",
        ),
        ("linux", {"LONGSHOT_CACHE": "/a", "LONGSHOT_STATE": "/b"}, "/a", "/b"),
    ],
)
def test_folders_are_those_of_the_operating_system(
    platform: str,
    variables: dict[str, str],
    cache: str,
    state: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LONGSHOT_CACHE", "LONGSHOT_STATE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert Path(cache).expanduser() == cache_folder()
    assert Path(state).expanduser() == state_folder()
