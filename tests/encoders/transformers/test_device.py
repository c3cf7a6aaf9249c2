import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import torch

from longshot.encoders.transformers.device import (
    DEVICE_VARIABLE,
    batch_tokens_within,
    exact_products,
    first_that_works,
    found_device,
    free_bytes,
    has_gpu,
    is_out_of_memory,
)
from longshot.errors import LongshotWarning, SettingError


def broken(device: str) -> None:
    if device == "cuda":
        raise RuntimeError("no kernel image is available\nfor execution")


def test_first_device_that_works_is_taken() -> None:
    assert first_that_works(["mps", "cuda"], broken) == "mps"


def test_broken_gpu_is_told_and_passed_over() -> None:
    with pytest.warns(LongshotWarning, match=r"cuda does not work .*kernel image is"):
        assert first_that_works(["cuda"], broken) == "cpu"


def test_without_a_gpu_there_is_the_processor() -> None:
    assert first_that_works([]) == "cpu"


def test_person_can_say_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEVICE_VARIABLE, "cpu")
    assert found_device() == "cpu"
    assert not has_gpu()


def test_device_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEVICE_VARIABLE, "tpu")
    with pytest.raises(SettingError, match=r"must be one of cpu, cuda.*got tpu"):
        found_device()


@pytest.mark.skipif(torch.backends.mps.is_available(), reason="it would work here")
def test_device_that_does_not_work_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DEVICE_VARIABLE, "mps")
    with pytest.raises(SettingError, match=r"mps does not .*Set it to cpu"):
        found_device()


def test_processor_tells_no_memory() -> None:
    assert free_bytes("cpu") is None


def test_batches_grow_with_memory_up_to_what_fills_a_device() -> None:
    sizes = [
        batch_tokens_within(n << 30, n_layers=13, dim=768, number_bytes=2)
        for n in (0, 1, 2, 4, 80, 800)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] == 1 << 10
    assert sizes[-1] == 1 << 15
    assert sizes[3] // sizes[1] >= 2


def test_batch_fits_into_half_of_the_memory() -> None:
    """A token takes at least its hidden states in every layer."""
    n_tokens = batch_tokens_within(2 << 30, n_layers=25, dim=1024, number_bytes=4)
    assert n_tokens * 25 * 1024 * 4 < 1 << 30


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.cuda.OutOfMemoryError("CUDA out of memory."), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_what_is_out_of_memory(error: Exception, expected: bool) -> None:
    assert expected == is_out_of_memory(error)


def test_processor_out_of_memory_is_seen() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(1 << 60)
    assert is_out_of_memory(raised.value)


def test_products_are_exact_until_the_last_thread_is_done() -> None:
    both = Barrier(2)

    def precisions() -> list[str]:
        with exact_products():
            both.wait(timeout=20)
            inside = torch.get_float32_matmul_precision()
        both.wait(timeout=20)
        return [inside, torch.get_float32_matmul_precision()]

    torch.set_float32_matmul_precision("high")
    try:
        with ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(precisions) for _ in range(2)]
            assert [run.result() for run in runs] == [["highest", "high"]] * 2
    finally:
        torch.set_float32_matmul_precision("highest")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's device files")
def test_machine_without_a_gpu_is_seen_without_torch() -> None:
    import subprocess

    script = (
        "import sys; from longshot.encoders.transformers.device import has_gpu; "
        "print(has_gpu() or 'torch' not in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert run.stdout == "True\n"
