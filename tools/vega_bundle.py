"""Writes the chart script that pages load on request, into src/evenhand/web/static/vendor/vega.

The same Vega that draws our SVG on the server, so a chart looks alike in a page and in a document. Nothing is fetched:
the script is inside the Python package. Run by make; on its own: .venv/bin/python tools/vega_bundle.py
"""

from __future__ import annotations

from pathlib import Path

import vl_convert

PROJECT = Path(__file__).resolve().parents[1]
VENDOR = PROJECT / "src" / "evenhand" / "web" / "static" / "vendor" / "vega"
# What a page's own script may call; the bundle keeps everything else to itself.
EXPORTS = "window.vegaEmbed = vegaEmbed;\n"
LICENCE = "/*! Vega, Vega-Lite and Vega-Embed, copyright their authors, BSD 3-Clause licence. */\n"


def main() -> None:
    """Write the bundle; say where, and what it weighs."""
    # Inside a function, or its short names would become every other script's.
    script = f"{LICENCE}(() => {{{vl_convert.javascript_bundle(EXPORTS)}\n}})();\n"
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / "vega-embed.js").write_text(script, "utf-8")
    weight = len(script.encode()) / 1e6
    print(f"Vega {vl_convert.get_vega_version()} ({weight:.1f} MB) written to {VENDOR.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
