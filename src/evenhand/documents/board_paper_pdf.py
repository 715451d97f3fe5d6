"""A board paper as a tagged PDF (PDF/UA-1): the same bytes for the same paper, on every machine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from evenhand.documents.board_paper import (
    ABOUT_THE_MARK,
    INVENTED,
    MARK,
    Block,
    BoardPaper,
    Grid,
    Lines,
    Picture,
    Said,
    Section,
    Under,
    changed,
    legible,
    right_to_left,
)
from evenhand.terms import refuse

TEMPLATE = Path(__file__).parent / "board_paper.typ"
SIGN_HERE = "Signed by: ______________________________     On: ________________"
_CANNOT_BE_SET = re.compile(r"the text `?\"(?P<text>.{1,40}?)\"`? could not be displayed")


def pdf_bytes(paper: BoardPaper) -> bytes:
    """The paper as a PDF, tagged, with title, language and alternative texts.

    Letters that the fonts travelling with us cannot show are looked for among the machine's own. Raises ``Refused``
    where it has none either, naming the letters.
    """
    document = json.dumps(_as_data(changed(paper, legible)), ensure_ascii=False)
    try:
        return _set(document, with_system_fonts=False)
    except RuntimeError as wrong:
        if not _CANNOT_BE_SET.search(str(wrong)):
            raise
    try:
        return _set(document, with_system_fonts=True)
    except RuntimeError as wrong:
        found = _CANNOT_BE_SET.search(str(wrong))
        if found is None:
            raise
        raise refuse("the PDF cannot show these letters: no font on this machine has them",
                     "take the Word file, or install a font that has them", value=found["text"]) from None


def pages(paper: BoardPaper) -> list[bytes]:
    """Every page as a PNG picture, as the PDF shows it."""
    import typst

    document = json.dumps(_as_data(changed(paper, legible)), ensure_ascii=False)
    found: Any = typst.compile(TEMPLATE.read_bytes(), format="png", ppi=90, font_paths=_fonts(),
                               sys_inputs={"paper": document})
    return list(found) if isinstance(found, list) else [found]


def _set(document: str, *, with_system_fonts: bool) -> bytes:
    import typst

    return bytes(typst.compile(TEMPLATE.read_bytes(), format="pdf", pdf_standards=["ua-1"], font_paths=_fonts(),
                               ignore_system_fonts=not with_system_fonts, sys_inputs={"paper": document}))


def _fonts() -> Any:
    from importlib.resources import files

    return [str(files("fontpkg_noto_sans") / "files")]


# --- the paper as plain data ------------------------------------------------------------------------------------------


def _as_data(paper: BoardPaper) -> dict[str, Any]:
    return {
        "title": paper.title, "kind": paper.kind, "status": paper.status, "draft": paper.is_draft,
        "invented_note": INVENTED if paper.invented else "", "mark": MARK, "short": paper.short,
        "running": f"{paper.kind}: {paper.title}"[:90],
        "facts": [{"name": name, "value": _cell(value)} for name, value in paper.facts],
        "about_mark": ABOUT_THE_MARK if paper.is_marked else "",
        "sections": [{"title": each.title, "adopted": f"Adopted by {each.adopted_by}." if each.adopted_by else "",
                      "blocks": [_block(block, each) for block in each.blocks]} for each in paper.sections],
        "signature_line": paper.status if paper.signature else SIGN_HERE if paper.is_draft else ""}


def _block(block: Block, section: Section) -> dict[str, Any]:
    if isinstance(block, Lines):
        return {"kind": "lines", "bulleted": block.bulleted, "lead": block.lead,
                "said": [_said(each, section) for each in block.said]}
    if isinstance(block, Under):
        return {"kind": "under", "title": block.title}
    if isinstance(block, Grid):
        return {"kind": "grid", "title": block.title, "shares": list(block.shares),
                "numeric": [place in block.numeric for place in range(len(block.headings))],
                "headings": [_cell(each) for each in block.headings],
                "rows": [[_cell(each) for each in row] for row in block.rows]}
    assert isinstance(block, Picture)
    figure = block.figure
    return {"kind": "picture", "title": figure.title, "svg": figure.svg(), "width": 0.92,
            "alt": f"{figure.sentence} {figure.note}".strip()}


def _said(each: Said, section: Section) -> dict[str, Any]:
    return {"text": each.text, "label": each.label, "mark": each.drafted and section.is_marked,
            "rtl": right_to_left(each.label or each.text)}


def _cell(text: str) -> dict[str, Any]:
    return {"text": text, "rtl": right_to_left(text)}
