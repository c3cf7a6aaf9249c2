from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.report.classified.links import link_to

NAMES = st.text(
    st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), min_size=1
).filter(lambda name: name not in (".", ".."))


@given(NAMES)
def test_no_name_of_a_file_is_taken_for_a_scheme_or_ends_the_address(name: str) -> None:
    link = link_to(Path("/pile") / name, Path("/pile"))

    assert link.startswith("./")
    assert not set(link) & set("<>\"'#?: \\")


@pytest.mark.parametrize(
    ("file", "folder", "link"),
    [
        ("/a/pile/x.pdf", "/a", "./pile/x.pdf"),
        ("/a/pile/x.pdf", "/a/out/today", "../../pile/x.pdf"),
        ("/a/..x.txt", "/a", "./..x.txt"),
    ],
)
def test_links_lead_from_the_page_s_folder(file: str, folder: str, link: str) -> None:
    assert link == link_to(Path(file), Path(folder))
