"""The same pipeline past one machine, on Ray Data.

Whoever has ten million documents runs the same recipe on a cluster and gets the same
labels. Ray Data schedules, holds back and tries again; nothing of that is written here.

    sources ─cut→ work ─workers→ parts
                          └→ windows of long documents, and of a pile ─workers→ parts

In reading order: ``place`` is where files are, ``sources`` what is read, ``work`` what
a worker gets at once, ``parts`` what it writes; ``workers`` hold the model, ``pile`` is
what the documents tell together, ``run`` leads from files to files and ``datasets``
from a Ray dataset to a Ray dataset; ``spark`` gives the same to Spark.
"""

from longshot.scale.datasets import classify_dataset, embed_dataset
from longshot.scale.engine import Workers
from longshot.scale.parts import labels_in
from longshot.scale.run import Told, classify_files, embed_files
from longshot.scale.spark import embed_in_pandas

__all__ = [
    "Told",
    "Workers",
    "classify_dataset",
    "classify_files",
    "embed_dataset",
    "embed_files",
    "embed_in_pandas",
    "labels_in",
]
