"""The function for Spark: tried on plain iterators, and on Spark where it is here."""

import shutil
import sys

import numpy as np
import pandas as pd
import pytest

from longshot import DocumentEmbedder
from longshot.scale.spark import SPARK_SCHEMA, embed_in_pandas
from tests.scale.conftest import documents_of


def test_tables_become_tables_of_vectors(
    monkeypatch: pytest.MonkeyPatch, minilm: DocumentEmbedder
) -> None:
    for name in ("LONGSHOT_PROCESSORS", "OMP_NUM_THREADS"):
        monkeypatch.setenv(name, "1")  # what it sets goes with the test
    rows = documents_of(5)
    rows.append({"id": "blank", "text": " "})
    tables = [pd.DataFrame(rows[:3]), pd.DataFrame(rows[3:])]
    found = pd.concat(embed_in_pandas()(iter(tables))).set_index("id")
    assert list(found.index) == [row["id"] for row in rows]
    assert found.loc["blank", "reason"] == "holds no token that the model can read"
    wanted = minilm.embed([row["text"] for row in rows[:5]])
    np.testing.assert_allclose(
        np.stack(found["vector"][:5].tolist()), wanted, atol=1e-5
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Spark's own
def test_spark_gives_the_same(
    monkeypatch: pytest.MonkeyPatch, minilm: DocumentEmbedder
) -> None:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not installed")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    spark = sql.SparkSession.builder.master("local[1]").getOrCreate()
    try:
        rows = documents_of(4)
        table = spark.createDataFrame(pd.DataFrame(rows))
        found = table.mapInPandas(embed_in_pandas(), SPARK_SCHEMA).toPandas()
    finally:
        spark.stop()
    found = found.set_index("id").loc[[row["id"] for row in rows]]
    wanted = minilm.embed([row["text"] for row in rows])
    np.testing.assert_allclose(np.stack(found["vector"].tolist()), wanted, atol=1e-5)
