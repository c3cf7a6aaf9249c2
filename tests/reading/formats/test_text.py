import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.text import decode

FRENCH = "Le café était fermé à cause de la fête de Noël ; les élèves étaient déçus.\n"
GERMAN = "Die Kündigungsfrist beträgt drei Monate. Für Schäden haftet der Käufer.\n"
SPANISH = "El contrato entrará en vigor el día de su firma, según lo acordado.\n"
POLISH = "Umowa wchodzi w życie z dniem podpisania. Może być zmieniona, jeśli była.\n"
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy. Smlouva nabývá účinnosti podpisem.\n"
RUSSIAN = "Настоящий договор вступает в силу с момента его подписания сторонами.\n"
JAPANESE = "本契約は、両当事者が署名した日から効力を生じるものとする。\n"
CHINESE = "本合同自双方签字之日起生效,甲方应当按时付款。\n"


@given(st.text(st.characters(exclude_characters="\0\ufeff", codec="utf-8")))
def test_any_utf8_text_comes_back_without_a_note(text: str) -> None:
    assert Content(text=text) == decode(text.encode())


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_not_part_of_the_text(
    mark: bytes, encoding: str
) -> None:
    text = "مرحبا 👩‍👧 契約"

    assert Content(text=text) == decode(mark + text.encode(encoding))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (GERMAN, "latin-1"),
        (SPANISH, "cp1252"),
        ("Le café était fermé à cause de la fête. ", "cp1252"),
        ("Die Wohnung ist für zwei Jahre gemietet. ", "cp1252"),
        ("Café au lait, déjà vu: le locataire paie. ", "cp1252"),
        (POLISH, "cp1250"),
        (CZECH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (JAPANESE, "shift_jis"),
        (CHINESE, "gb18030"),
    ],
)
@pytest.mark.parametrize("times", [1, 3_000])
def test_other_encodings_are_guessed_and_the_guess_is_noted(
    text: str, encoding: str, times: int
) -> None:
    content = decode((text * times).encode(encoding))

    assert text * times == content.text
    assert content.notes[0].endswith("(guessed)")


def test_a_guess_is_made_where_the_text_stops_being_ascii() -> None:
    text = "The rent is due on the first day of each month.\n" * 10_000 + FRENCH * 5

    assert text == decode(text.encode("cp1252")).text


def test_a_declared_encoding_is_believed_and_not_noted() -> None:
    assert Content(text="naïve") == decode("naïve".encode("cp850"), declared="cp850")


def test_an_unknown_declared_encoding_falls_back_to_a_guess() -> None:
    content = decode(FRENCH.encode("cp1252"), declared="klingon")

    assert content == Content(text=FRENCH, notes=("decoded as cp1252 (guessed)",))


def test_a_damaged_byte_does_not_turn_utf8_into_another_encoding() -> None:
    data = RUSSIAN.encode() + b"\xff"

    content = decode(data)

    assert RUSSIAN + "\ufffd" == content.text
    assert ("decoded as utf-8 with damaged bytes, shown as \ufffd",) == content.notes


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\x00\x00",
        b"text\x00text",
        bytes(range(1, 256)) * 4,
        codecs.BOM_UTF16_LE + b"a\x00b",
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(data)
