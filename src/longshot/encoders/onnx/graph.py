"""A graph in ONNX, node by node, and what runs it.

Only this module knows how ``onnx`` writes a node and ONNX Runtime opens a graph.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Node = str
"""What a node gives, by name."""

_OPSET, _RUNTIMES_OPSET, _IR_VERSION = 18, 1, 10
"""Versions of the operators, of ONNX Runtime's own ones, and of the file format: old
enough for every release that the extra allows."""

_OF_RUNTIME = "com.microsoft"

_SMALL_BYTES = 1 << 10
"""Shapes and scalars, which ONNX Runtime must see; others are handed over beside the
graph, which may hold two gigabytes at most."""

_SLOWER_TOGETHER = ["SkipLayerNormFusion"]
"""Adding and normalising in one takes six times as long as one after the other."""

_ERRORS_ONLY = 3


class Graph:
    """A graph under construction."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: dict[Node, np.ndarray] = {}

    def add(self, kind: str, *inputs: Node, **attributes: Any) -> Node:
        """Add a node of ONNX's own operators; an input that is left out is empty."""
        return self._add(kind, inputs, "", attributes)

    def add_of_runtime(self, kind: str, *inputs: Node, **attributes: Any) -> Node:
        """Add a node of an operator that only ONNX Runtime has."""
        return self._add(kind, inputs, _OF_RUNTIME, attributes)

    def cast(self, node: Node, kind: type[np.generic]) -> Node:
        """Give numbers as another kind."""
        from onnx import helper

        return self.add(
            "Cast", node, to=helper.np_dtype_to_tensor_dtype(np.dtype(kind))
        )

    def cut(self, node: Node, n_parts: int) -> list[Node]:
        """Cut what a node gives into parts of one size, along its last axis."""
        from onnx import helper

        name = f"Split-{len(self._nodes)}"
        parts = [f"{name}-{part}" for part in range(n_parts)]
        self._nodes.append(
            helper.make_node(
                "Split", [node], parts, name=name, axis=-1, num_outputs=n_parts
            )
        )
        return parts

    def constant(self, value: np.ndarray | np.generic) -> Node:
        """Add numbers; they are kept until the graph is open, which copies them."""
        name = f"constant-{len(self._constants)}"
        self._constants[name] = np.asarray(value, order="C")
        return name

    def session(
        self, inputs: Mapping[Node, tuple[Any, Sequence[str]]], outputs: Sequence[Node]
    ) -> Any:
        """Open the graph.

        Parameters
        ----------
        inputs
            Of each its kind of number and the names of its axes.
        outputs
            The nodes whose values are asked for, all of them float32.

        Returns
        -------
        An ``onnxruntime.InferenceSession`` that computes in the thread that calls it.
        """
        import onnxruntime
        from onnx import TensorProto, helper

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        graph = helper.make_graph(
            self._nodes,
            "longshot",
            [
                helper.make_tensor_value_info(
                    name, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), axes
                )
                for name, (kind, axes) in inputs.items()
            ],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
                for name in outputs
            ],
            self._initializers(options),
        )
        versions = [
            helper.make_opsetid("", _OPSET),
            helper.make_opsetid(_OF_RUNTIME, _RUNTIMES_OPSET),
        ]
        model = helper.make_model(graph, opset_imports=versions, ir_version=_IR_VERSION)
        return onnxruntime.InferenceSession(
            model.SerializeToString(),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_SLOWER_TOGETHER,
        )

    def _add(
        self, kind: str, inputs: Sequence[Node], domain: str, attributes: dict[str, Any]
    ) -> Node:
        from onnx import helper

        name = f"{kind}-{len(self._nodes)}"
        self._nodes.append(
            helper.make_node(
                kind, list(inputs), [name], name=name, domain=domain, **attributes
            )
        )
        return name

    def _initializers(self, options: Any) -> list[Any]:
        """Give what stands for the constants; large ones are told to the options."""
        import onnxruntime
        from onnx import TensorProto, helper, numpy_helper

        large = {
            name: value
            for name, value in self._constants.items()
            if value.nbytes > _SMALL_BYTES
        }
        options.add_external_initializers(
            list(large),
            [onnxruntime.OrtValue.ortvalue_from_numpy(one) for one in large.values()],
        )
        given = []
        for name, value in self._constants.items():
            if name not in large:
                given.append(numpy_helper.from_array(value, name))
                continue
            elsewhere = TensorProto(
                name=name,
                dims=value.shape,
                data_type=helper.np_dtype_to_tensor_dtype(value.dtype),
                data_location=TensorProto.EXTERNAL,
            )
            elsewhere.external_data.add(key="location", value="memory")
            given.append(elsewhere)
        return given
