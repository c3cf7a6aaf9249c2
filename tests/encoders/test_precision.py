from pathlib import Path

import pytest

from longshot.encoders.catalogue import Engine
from longshot.encoders.precision import fastest_precision, has_fast_int8


def test_unmeasured_model_stays_exact() -> None:
    assert fastest_precision("bert-base-uncased") == "float32"


@pytest.mark.parametrize(
    ("flags", "expected"), [("avx512_vnni", "int8"), ("avx2", "float32")]
)
def test_bundled_model_takes_int8_where_the_processor_has_it(
    tmp_path: Path, flags: str, expected: str
) -> None:
    (tmp_path / "cpuinfo").write_text(f"flags : fpu {flags}\n")
    assert expected == fastest_precision("minilm", tmp_path / "cpuinfo")


@pytest.mark.parametrize(
    ("engine", "has_gpu", "expected"),
    [
        ("auto", True, "bfloat16"),
        ("torch", True, "bfloat16"),
        ("openvino", True, "int8"),
        ("auto", False, "int8"),
        ("torch", False, "float32"),
    ],
)
def test_precision_is_one_that_the_engine_serves(
    tmp_path: Path, engine: Engine, has_gpu: bool, expected: str
) -> None:
    (tmp_path / "cpuinfo").write_text("flags : fpu avx512_vnni\n")
    actual = fastest_precision(
        "minilm",
        tmp_path / "cpuinfo",
        engine=engine,
        has_fast_bfloat16=lambda: has_gpu,
    )
    assert expected == actual


def test_int8_needs_its_instructions(tmp_path: Path) -> None:
    with_them, without = tmp_path / "with", tmp_path / "without"
    with_them.write_text("processor : 0\nflags : fpu avx512_vnni amx_int8\n")
    without.write_text("processor : 0\nflags : fpu avx2\n")
    assert has_fast_int8(with_them)
    assert not has_fast_int8(without)
    assert not has_fast_int8(tmp_path / "missing")
