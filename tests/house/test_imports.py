"""Nothing heavy is carried in before it is needed. Who may import what stands in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# Each costs between a tenth of a second and three seconds to import: a command that does not need it must not wait.
HEAVY = (
    "django", "docx", "duckdb", "highspy", "lxml", "numpy", "pandas", "polars", "pyarrow", "python_calamine", "scipy",
    "statsmodels", "typst", "vl_convert", "xlsxwriter",
)  # fmt: skip

IMPORT_ALL = """
import importlib, pkgutil, sys
heavy = sys.argv[1:]
sys.modules.update(dict.fromkeys(heavy))
import evenhand
opened = 0
for module in pkgutil.walk_packages(evenhand.__path__, "evenhand."):
    rooms = module.name.split(".")
    if {"app", "pages", "web"} & set(rooms[1:3]) or rooms[-1] == "__main__":
        continue
    try:
        importlib.import_module(module.name)
        opened += 1
    except ImportError as problem:
        print(f"{module.name}: {problem}")
print(opened, file=sys.stderr)
"""


def test_the_library_opens_with_neither_django_nor_anything_heavy() -> None:
    opened = subprocess.run([sys.executable, "-c", IMPORT_ALL, *HEAVY], cwd=PROJECT, capture_output=True, text=True)
    assert opened.returncode == 0, opened.stderr
    assert opened.stdout == ""
    assert int(opened.stderr) > 50
