from pathlib import Path

from longshot.encoders.precision import fastest_precision, has_fast_int8


def test_unmeasured_model_stays_exact() -> None:
    assert fastest_precision("bert-base-uncased") == "float32"


def test_int8_needs_its_instructions(tmp_path: Path) -> None:
    with_them, without = tmp_path / "with", tmp_path / "without"
    with_them.write_text("processor : 0\nflags : fpu avx512_vnni amx_int8\n")
    without.write_text("processor : 0\nflags : fpu avx2\n")
    assert has_fast_int8(with_them)
    assert not has_fast_int8(without)
    assert not has_fast_int8(tmp_path / "missing")
