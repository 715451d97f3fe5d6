"""What happened since, drawn from the findings of a case. The figures stand in the paper; nothing is worked out anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.figures import Column, Figure, Table
from evenhand.papers import Finding
from evenhand.web.case_page import CasePage


def since_figures(page: CasePage) -> list[tuple[Finding, tuple[Figure, ...]]]:
    """Each finding of a case with its pictures."""
    return [(finding, figures_of(finding, mark=f"since-{place}")) for place, finding in enumerate(page.findings, 1)]


def figures_of(finding: Finding, *, mark: str) -> tuple[Figure, ...]:
    """The pictures a finding holds; none where it holds only words."""
    return tuple(_figure(each, f"{mark}-{place}") for place, each in enumerate(_drawn(finding.figures), 1))


def _drawn(figures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = figures.get("figures", ())
    return [each for each in found if isinstance(each, Mapping) and "rows" in each and "columns" in each]


def _figure(said: Mapping[str, Any], name: str) -> Figure:
    columns = [Column(each["name"], each.get("title", ""), each.get("kind", "text")) for each in said["columns"]]
    return Figure(name, said.get("title", ""), said.get("sentence", ""), Table.of(said["rows"], columns),
                  said.get("chart"), said.get("note", ""))
