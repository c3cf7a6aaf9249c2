"""A mail's subject and body are a document; its attachments know their mail."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import compat32
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.reading import read_documents, read_examples
from longshot.reading.containers.mail import parsed
from tests.broken_files import docx_bytes
from tests.reading.pdf_files import pdf_bytes
from tests.reading.reading import read


def mail(subject: str = "Rent", body: str = "The rent is due.") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "a@example.org"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(body)
    return message


def texts(path: Path) -> list[str]:
    return [one.text for one in read_documents(path)]


def write(path: Path, message: EmailMessage) -> Path:
    path.write_bytes(bytes(message))
    return path


@pytest.mark.parametrize("name", ["a.eml", "a.txt", "a"])
def test_subject_and_body_are_read(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, mail("Miete für Mai", "Die Miete ist fällig."))

    (document,) = read_documents(path)

    assert (name, "Miete für Mai\n\nDie Miete ist fällig.") == (
        document.id,
        document.text,
    )


def test_attachments_are_documents_that_know_their_mail(tmp_path: Path) -> None:
    message = mail()
    for ending, data in (("pdf", pdf_bytes(["The lease"])), ("docx", docx_bytes())):
        message.add_attachment(
            data, maintype="application", subtype=ending, filename=f"Büro.{ending}"
        )
    path = write(tmp_path / "mail.eml", message)

    body, pdf, docx = read_documents(path)

    assert "Rent\n\nThe rent is due." == body.text
    assert ("mail.eml/Büro.pdf", "The lease") == (pdf.id, pdf.text)
    assert f"{path}, in it Büro.pdf" == pdf.source
    assert 1 == len(pdf.pages)
    assert ("mail.eml/Büro.docx", "The rent is due.") == (docx.id, docx.text)


def test_attachments_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    message = mail()
    for text in ("one", "two"):
        message.add_attachment(text, filename="a.txt")
    path = write(tmp_path / "m.eml", message)

    ids = ["m.eml", "m.eml/a.txt", "m.eml/a (2).txt"]
    assert ids == [one.id for one in read_documents(path)]


def test_of_two_versions_the_plain_one_is_read(tmp_path: Path) -> None:
    message = mail()
    message.add_alternative("<p>The <b>rent</b> is due.</p>", subtype="html")
    path = write(tmp_path / "a.eml", message)

    assert ["Rent\n\nThe rent is due."] == texts(path)


def test_a_plain_version_that_says_nothing_gives_way(tmp_path: Path) -> None:
    message = mail(body="See HTML.")
    page = f"<html><body><p>{'The tenant pays the rent. ' * 9}</p></body></html>"
    message.add_alternative(page, subtype="html")
    path = write(tmp_path / "a.eml", message)

    (text,) = texts(path)
    assert "The tenant pays the rent." in text
    assert "See HTML" not in text


def test_pictures_that_the_body_shows_are_counted_and_left_out(tmp_path: Path) -> None:
    message = mail()
    page = "<html><body><p>The rent is due.</p><img src='cid:logo'></body></html>"
    message.add_alternative(page, subtype="html")
    payload = message.get_payload()
    assert isinstance(payload, list)
    shown = payload[1]
    assert isinstance(shown, EmailMessage)
    shown.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<logo>")
    path = write(tmp_path / "a.eml", message)

    (document,) = read_documents(path)

    assert ("a picture in its text left out",) == document.notes


def test_a_mail_in_a_mail_is_a_document_with_its_own_attachments(
    tmp_path: Path,
) -> None:
    inner = mail("Boiler", "It leaks.")
    inner.add_attachment("Photographs follow.", filename="a.txt")
    outer = mail()
    outer.add_attachment(inner)
    path = write(tmp_path / "a.eml", outer)

    documents = list(read_documents(path))

    ids = ["a.eml", "a.eml/Boiler.eml", "a.eml/Boiler.eml/a.txt"]
    assert ids == [one.id for one in documents]
    assert "Boiler\n\nIt leaks." == documents[1].text


@pytest.mark.parametrize("depth", [30, 1_000])
def test_mails_in_mails_are_bounded(tmp_path: Path, depth: int) -> None:
    head = b"Subject: %d\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    start = b"".join(head % number for number in range(depth))
    (tmp_path / "a.eml").write_bytes(start + b"Subject: rent\n\nThe rent is due.\n")
    (tmp_path / "good.txt").write_text("good")

    documents, set_aside = read(tmp_path)

    assert "good" == documents[-1].text
    assert 1 <= len(set_aside) <= 11
    assert "deep" in set_aside[-1].reason


RAW = b"Message-ID: <1@example.org>\nSubject: "


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            RAW + b"B\xfcro\n\nDie Miete f\xfcr das B\xfcro.",
            "Büro\n\nDie Miete für das Büro.",
        ),
        (RAW + b"=?x-none?Q?rent?=\n\ndue", "rent\n\ndue"),
        (RAW + b"=?utf-8?B?!!!?=\n\ndue", "due"),
        (
            RAW + b"a\nContent-Type: text/plain; charset=none\n"
            b"Content-Transfer-Encoding: base64\n\n!!notbase64!!",
            "a",
        ),
        (
            RAW + b"a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ndue",
            "a\n\ndue",
        ),
        (RAW + b"a\nContent-Type: multipart/mixed\n\nno parts", "a"),
    ],
)
def test_whatever_a_mail_declares_it_is_read(
    tmp_path: Path, data: bytes, text: str
) -> None:
    (tmp_path / "a.eml").write_bytes(data)

    documents, _ = read(tmp_path)

    assert [one.text.startswith(text) for one in documents] == [True]


LINES = (b"Subject: a", b"Content-Type: text/html", b"From me", b" folded", b"x", b"")
MULTIPART = b"Content-Type: multipart/mixed; boundary=b"


@given(
    pieces=st.lists(
        st.sampled_from([*LINES, MULTIPART, b"--b", b"--b--", b"B\xfcro"]), max_size=9
    ),
    end=st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
def test_a_mail_is_parsed_as_python_parses_it(pieces: list[bytes], end: bytes) -> None:
    data = end.join(pieces)

    expected = message_from_bytes(data, policy=compat32)

    found = parsed(data)
    assert expected.items() == found.items()
    assert expected.is_multipart() == found.is_multipart()
    assert expected.get_payload(decode=True) == found.get_payload(decode=True)


PARAMETERS = b";a=b" * 500_000
BODY = b"\n\nThe rent is due.\n"


@pytest.mark.parametrize(
    "data",
    [
        RAW + b"rent\nContent-Type: text/plain" + PARAMETERS + BODY,
        RAW + b'rent\nContent-Type: text/plain; a="' + PARAMETERS + BODY,
        RAW + b"rent\nContent-Disposition: inline" + PARAMETERS + BODY,
        RAW + b"rent\nContent-Type: multipart/mixed" + PARAMETERS + BODY,
        RAW + b"=?utf-8?q?rent?= " * 300_000 + BODY,
        RAW + b"rent\nContent-Type: multipart/alternative; boundary=b\n\n--b\n"
        b"Content-Type: text/plain" + BODY + b"--b\nContent-Type: text/html\n\n"
        b"" + b"<" * 1_000_000 + b"\n--b--\n",
    ],
    ids=["type", "quoted", "disposition", "multipart", "subject", "markup"],
)
def test_headers_that_no_person_wrote_take_no_time(tmp_path: Path, data: bytes) -> None:
    """Each took minutes: the time of what parses them grows with the square."""
    (tmp_path / "a.eml").write_bytes(data)

    (document,), set_aside = read(tmp_path)

    assert [] == set_aside
    assert "rent" in document.text[:20]
    assert document.text.endswith("The rent is due.")


def test_a_mail_of_too_many_parts_gives_its_text_and_a_line(tmp_path: Path) -> None:
    part = b"--b\nContent-Disposition: attachment; filename=a.txt\n\nrent\n"
    head = RAW + b"a\nContent-Type: multipart/mixed; boundary=b\n\n"
    (tmp_path / "a.eml").write_bytes(head + part * 50_001 + b"--b--\n")

    (document,), (aside,) = read(tmp_path)

    assert "a" == document.text
    assert "holds more than 50,000 files: split it" in aside.reason


def test_a_signature_is_noted_and_an_encrypted_mail_set_aside(tmp_path: Path) -> None:
    signed = mail()
    signed.add_attachment(
        b"x", maintype="application", subtype="pgp-signature", filename="s.asc"
    )
    write(tmp_path / "signed.eml", signed)
    (tmp_path / "locked.eml").write_bytes(
        RAW + b"a\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime\n\nMIIB"
    )

    (document,), (aside,) = read(tmp_path)

    assert ("its digital signature was left out",) == document.notes
    assert ("locked.eml", "is encrypted") == (aside.id, aside.reason)


def test_each_mail_of_a_mailbox_is_a_document(tmp_path: Path) -> None:
    line = b"From - Mon Jan  1 10:00:00 2024\n"
    first = mail(body="From here on\nit leaks.\n")
    second = mail("Second", "It ends.")
    second.add_attachment("A note.", filename="a.txt")
    written = bytes(first).replace(b"\nFrom here", b"\n>From here")
    (tmp_path / "Inbox").write_bytes(
        line + written + b"\n" + line + bytes(second) + b"\n"
    )

    documents, _ = read(tmp_path)

    ids = ["Inbox/1.eml", "Inbox/2.eml", "Inbox/2.eml/a.txt"]
    assert ids == [one.id for one in documents]
    assert "Rent\n\nFrom here on\nit leaks." == documents[0].text


def test_a_mail_of_a_mailbox_that_cannot_be_read_leaves_the_others(
    tmp_path: Path,
) -> None:
    """Mails are parsed where they are found: what is wrong with one is its own."""
    line = b"From - Mon Jan  1 10:00:00 2024\n"
    part = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
    deep = b"Subject: a\nMIME-Version: 1.0\n" + b"".join(
        part % (number, number) for number in range(1_000)
    )
    good = bytes(mail())
    (tmp_path / "a.mbox").write_bytes(
        b"\n".join([line + good, line + deep, line + good])
    )

    documents, set_aside = read(tmp_path)

    assert ["a.mbox/1.eml", "a.mbox/3.eml"] == [one.id for one in documents]
    assert ["a.mbox/2.eml"] == [one.id for one in set_aside]
    assert "nested too deep" in set_aside[0].reason


def test_a_saved_page_is_read_as_a_page(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Lease"
    message["MIME-Version"] = "1.0"
    message.set_content("<p>The rent is due.</p>", subtype="html")
    message.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<a>")
    path = write(tmp_path / "page.mht", message)

    assert ["Lease\n\nThe rent is due."] == texts(path)


def test_a_table_may_name_a_mail_by_its_path(tmp_path: Path) -> None:
    message = mail()
    message.add_attachment("A note.", filename="a.txt")
    write(tmp_path / "a.eml", message)
    (tmp_path / "labels.csv").write_text("path,label\na.eml,lease\n")

    (example,) = read_examples(tmp_path / "labels.csv")

    assert "Rent\n\nThe rent is due." == example.document.text


def test_an_outlook_message_is_read_with_what_is_in_it(tmp_path: Path) -> None:
    pytest.importorskip("oxmsg")
    path = Path(__file__).parents[1] / "files" / "mail.msg"

    documents = list(read_documents(path))

    assert [
        ("mail.msg", "Rent für Mai\n\nThe rent of the office is due in May."),
        (
            "mail.msg/Boiler.msg",
            "Boiler\n\nThe boiler of the school was found to leak.",
        ),
    ] == [(one.id, one.text) for one in documents if "html" not in one.id]
    assert "Die Miete für das Büro beträgt 1.250 €." in documents[1].text
