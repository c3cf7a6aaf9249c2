"""Who is let in, and how much may come."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from longshot.errors import ReadingError, SettingError
from longshot.server import ServerSettings
from longshot.server.access.guard import needs_write
from longshot.server.access.keys import KeyFile
from longshot.server.app import make_app
from longshot.server.settings import is_loopback

ADDRESS = "http://127.0.0.1:8000"


def code_of(response: object) -> str:
    return response.json()["error"]["code"]  # type: ignore[attr-defined,no-any-return]


# --- without keys ---------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_the_own_computer_may_call(client: TestClient, host: str) -> None:
    assert client.get("/v1/jobs", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", ""],
)
def test_a_rebound_name_is_refused(client: TestClient, host: str) -> None:
    response = client.get("/v1/jobs", headers={"host": host})
    assert (response.status_code, code_of(response)) == (403, "host_not_allowed")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_another_sites_page_may_not_call(
    client: TestClient, headers: dict[str, str]
) -> None:
    response = client.get("/v1/jobs", headers=headers)
    assert (response.status_code, code_of(response)) == (403, "cross_site")


def test_the_own_page_may_call(client: TestClient) -> None:
    headers = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}
    assert client.get("/v1/jobs", headers=headers).status_code == 200


def test_a_link_of_another_site_may_lead_to_the_page(client: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    response = client.get("/", headers=headers, follow_redirects=False)
    assert response.status_code == 307


def test_no_other_site_may_show_the_page_in_a_frame(client: TestClient) -> None:
    policy = client.get("/health").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy


def test_without_keys_only_this_computer_is_served() -> None:
    with pytest.raises(SettingError, match="longshot keys add"):
        ServerSettings(host="0.0.0.0")


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.8.8.8", True), ("::1", True), ("0.0.0.0", False), ("10.0.0.1", False)],
)
def test_loopback_is_told_from_what_others_reach(host: str, own: bool) -> None:
    assert is_loopback(host) is own


# --- with keys ------------------------------------------------------------------------


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    file = KeyFile(tmp_path / "keys.json")
    return {"read": file.add("reader", "read"), "write": file.add("writer", "write")}


@pytest.fixture
def guarded(tmp_path: Path, keys: dict[str, str]) -> TestClient:
    settings = ServerSettings(
        state=tmp_path, host="0.0.0.0", keys_file=tmp_path / "keys.json", cache=False
    )
    return TestClient(make_app(settings), base_url="http://example.org")


def test_a_request_without_key_is_refused(guarded: TestClient) -> None:
    response = guarded.get("/v1/jobs")
    assert (response.status_code, code_of(response)) == (401, "key_missing")
    assert response.headers["www-authenticate"] == "Bearer"


def test_an_unknown_key_is_refused(guarded: TestClient) -> None:
    response = guarded.get("/v1/jobs", headers={"authorization": "Bearer no"})
    assert (response.status_code, code_of(response)) == (401, "key_unknown")


def test_a_key_is_taken_from_each_place_where_clients_put_it(
    guarded: TestClient, keys: dict[str, str]
) -> None:
    key = keys["read"]
    assert guarded.get("/v1/jobs", headers={"x-api-key": key}).status_code == 200
    bearer = {"authorization": f"Bearer {key}"}
    assert guarded.get("/v1/jobs", headers=bearer).status_code == 200
    assert guarded.get("/v1/jobs", auth=("anyone", key)).status_code == 200


def test_a_reading_key_changes_nothing(
    guarded: TestClient, keys: dict[str, str]
) -> None:
    headers = {"authorization": f"Bearer {keys['read']}"}
    response = guarded.delete("/v1/jobs/1", headers=headers)
    assert (response.status_code, code_of(response)) == (403, "key_cannot_write")
    headers = {"authorization": f"Bearer {keys['write']}"}
    assert guarded.delete("/v1/jobs/1", headers=headers).status_code == 404


def test_whether_the_server_is_up_needs_no_key(guarded: TestClient) -> None:
    assert guarded.get("/health").status_code == 200


def test_what_is_no_known_question_needs_the_right_to_write() -> None:
    assert not needs_write("POST", "/v1/classify")
    assert not needs_write("POST", "/label-studio/mail/predict")
    assert needs_write("POST", "/label-studio/mail/webhook")
    assert needs_write("POST", "/v1/whatever-comes-later")


def test_a_key_cannot_be_read_from_its_file(
    tmp_path: Path, keys: dict[str, str]
) -> None:
    kept = (tmp_path / "keys.json").read_text()
    assert keys["read"] not in kept
    assert [key.name for key in KeyFile(tmp_path / "keys.json").read()] == [
        "reader",
        "writer",
    ]


def test_a_removed_key_counts_no_more(tmp_path: Path, keys: dict[str, str]) -> None:
    file = KeyFile(tmp_path / "keys.json")
    file.remove("reader")
    assert [key.name for key in file.read()] == ["writer"]
    with pytest.raises(SettingError, match="there is none for reader"):
        file.remove("reader")


def test_a_name_has_one_key(tmp_path: Path, keys: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="reader has one"):
        KeyFile(tmp_path / "keys.json").add("reader", "read")


def test_a_server_with_keys_has_at_least_one(tmp_path: Path) -> None:
    settings = ServerSettings(state=tmp_path, keys_file=tmp_path / "keys.json")
    with pytest.raises(SettingError, match="longshot keys add NAME"):
        make_app(settings)


def test_a_file_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("[]")
    with pytest.raises(ReadingError, match="longshot keys add"):
        KeyFile(tmp_path / "keys.json").read()


# --- how much -------------------------------------------------------------------------


def test_a_body_that_tells_it_is_too_large_is_not_read(client: TestClient) -> None:
    headers = {"content-length": "64000001"}
    response = client.post("/v1/jobs", headers=headers, content=b"")
    assert (response.status_code, code_of(response)) == (413, "body_too_large")
