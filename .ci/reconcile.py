"""A real client of the reconciliation service (reconciler from PyPI) asks a server
that is open to this machine: argument 1 is its address. Designations that are kept
must come back as certain matches, a name that nobody has must not."""
import sys

import numpy
import pandas

numpy.NaN = numpy.nan  # reconciler 0.2.2 was written before NumPy 2
from reconciler import reconcile  # noqa: E402

asked = {"GB 55019-2021": "cn-gb-55019-2021", "СП 59.13330.2020": "ru-sp-59-13330-2020", "nothing like it": None}
found = reconcile(pandas.Series(list(asked), name="name"), type_id="standard", reconciliation_endpoint=sys.argv[1] + "/api/reconcile")
for name, want in asked.items():
    row = found[found["input_value"] == name].iloc[0]
    got = row["id"] if isinstance(row["id"], str) and bool(row["match"]) else None
    if got != want:
        sys.exit(f"{name} is reconciled with {got}, not {want}")
print(f"reconciler: {len(found)} rows as they should be")
