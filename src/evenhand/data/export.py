"""A table written to a file others can open, whole or not at all, the same bytes for the same rows."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.terms import refuse

if TYPE_CHECKING:
    import pyarrow as pa


def as_csv(table: pa.Table) -> bytes:
    """CSV with a heading line, UTF-8; missing is an empty cell."""
    import pyarrow.csv as pc

    out = io.BytesIO()
    pc.write_csv(table, out, pc.WriteOptions(quoting_style="needed"))
    return out.getvalue()


def write(table: pa.Table, path: Path) -> None:
    """Write a table as its ending says: ``.csv``, ``.csv.gz`` or ``.parquet``. Refuses any other."""
    if path.name.endswith(".csv"):
        content = as_csv(table)
    elif path.name.endswith(".csv.gz"):
        # No time of day in the file: the same rows give the same digest.
        content = gzip.compress(as_csv(table), mtime=0)
    elif path.suffix == ".parquet":
        import pyarrow.parquet as pq

        out = io.BytesIO()
        pq.write_table(table.replace_schema_metadata(None), out, compression="zstd")
        content = out.getvalue()
    else:
        raise refuse("a table can be written as .csv, .csv.gz or .parquet", "choose one of these endings",
                     column="--out", value=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
