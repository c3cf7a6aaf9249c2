"""What computes a model's hidden states, and in which arithmetic.

In reading order: ``probe`` is a fixed text, on which ``precision`` measures the fastest
arithmetic that keeps the vectors, and ``loading`` opens a model's folder.
"""

from longshot.encoders.engines.loading import (
    OF_TORCH,
    Engine,
    compiled,
    module_of,
    on_torch,
)

__all__ = ["OF_TORCH", "Engine", "compiled", "module_of", "on_torch"]
