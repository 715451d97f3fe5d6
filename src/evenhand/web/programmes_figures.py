"""Programmes drawn: every effect with its range beside what was promised, and one series beside what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from evenhand.figures import Answer, Cell, Column, Figure, MadeFrom, MethodName, Table
from evenhand.figures.chart import DARK_BLUE, GREY, ORANGE, PALE_GREY, TEXT, rows_of
from evenhand.pages.jinja import when
from evenhand.papers import EvaluationPlan, Finding
from evenhand.terms import Month
from evenhand.terms.words import counted, listed, per_cent
from evenhand.web import loaded
from evenhand.web.programmes import KINDS, SHORT, Line, Programme, stated
from evenhand.web.programmes_expected import expected_rows
from evenhand.web.since import since_figures

METHOD = MethodName("programmes", "1", "The findings and the sealed plans of the record; nothing is worked out anew.")
SHAPES: Mapping[str, str] = {
    "worked": "circle", "did not": "cross", "faded": "triangle-down", "cannot tell": "square", "missed": "diamond"}
ROW_HEIGHT, WIDTH, LETTERS = 40, 420, 30
NOT_ADDED = ("These are not added up: a total would hide what each did, and pounds not spent are no measure of what "
             "patients gained.")


class Shares(Column):
    """A column of ranges of shares, written as the shares beside them are."""

    def written(self, cell: Cell) -> str:
        """Both ends in per cent."""
        if isinstance(cell, tuple) and cell[0] is not None and cell[1] is not None:
            return f"{per_cent(cell[0], digits=1)} to {per_cent(cell[1], digits=1)}"
        return super().written(cell)


def overview(programmes: Sequence[Programme]) -> Answer:
    """All programmes as one answer: a row a question, with effect, promise, verdict and next look."""
    lines = [(programme, line) for programme in programmes for line in programme.lines]
    rows = [_row(programme, line) for programme, line in lines]
    table = Table.of(rows, [
        Column("programme", "Programme"), Column("question", "Question"), Column("about", "About"),
        Column("verdict", "Verdict"), Column("effect", "Effect, in the direction wanted", "share"),
        Column("range", "Range", "interval"), Column("promised", "Promised", "share"),
        Column("patients", "For patients"), Column("money", "Money"), Column("next_look", "Next look"),
        Column("sentence", "In a sentence"), Column("invented", "Invented county")],
        title="Programmes, each with what was found and what was promised", notes=(NOT_ADDED,))
    return Answer(
        METHOD, {}, tuple(MadeFrom(line.finding.question, line.digest) for _, line in lines), _sentence(lines),
        {"programmes": [{**row, "range": list(row["range"]) if row["range"] else None} for row in rows]}, table,
        (NOT_ADDED,), draw=lambda _: overview_figures(programmes))


def _row(programme: Programme, line: Line) -> dict[str, Any]:
    return {
        "programme": programme.title, "question": line.finding.question, "about": KINDS[line.kind],
        "verdict": line.verdict, "effect": line.effect.central if line.effect else None,
        "range": (line.effect.low, line.effect.high) if line.effect else None,
        "promised": line.promised.central if line.promised else None,
        "patients": "" if line.kind == "money" else stated(line.finding.found, line.finding.units),
        "money": stated(line.finding.found, line.finding.units) if line.kind == "money" else line.finding.cost_sentence,
        "next_look": when(programme.next_look) if programme.next_look else "", "sentence": line.finding.sentence,
        "invented": "yes" if programme.invented else "no"}


def _sentence(lines: Sequence[tuple[Programme, Line]]) -> str:
    """How many programmes there are, and how many worked, did not, faded or cannot be told."""
    if not lines:
        return "Nothing has been found out about any programme here yet."
    counts = {word: sum(line.short == word for _, line in lines) for word in SHORT.values()}
    words = {"worked": "worked", "did not": "did not work", "faded": "worked at first and faded",
             "cannot tell": "cannot be told", "missed": "hit the target and missed the point"}
    said = listed([f"{count:,} {words[word]}" for word, count in counts.items() if count])
    return f"Of {counted(len(lines), 'question')} asked about programmes here, {said}."


def overview_figures(programmes: Sequence[Programme]) -> tuple[Figure, ...]:
    """The figure of all programmes; none where no finding holds an effect with its range."""
    drawn = [(programme, line) for programme in programmes for line in programme.lines if line.effect]
    if not drawn:
        return ()
    several = {programme.name for programme, _ in drawn
               if sum(each.name == programme.name for each, _ in drawn) > 1}
    rows = []
    for programme, line in drawn:
        assert line.effect is not None
        name = f"{programme.title}: {line.finding.question}" if programme.name in several else programme.title
        rows.append({
            "name": name, "effect": line.effect.central, "low": line.effect.low, "high": line.effect.high,
            "promised": line.promised.central if line.promised else None, "verdict": line.short})
    table = Table.of([{**row, "range": (row["low"], row["high"])} for row in rows], [
        Column("name", "Programme"), Column("verdict", "Verdict"),
        Column("effect", "Effect in the direction wanted", "share"),
        Shares("range", "Range", "interval"), Column("promised", "Promised", "share")],
        title="Found beside promised")
    held = sum(len(programme.lines) for programme in programmes)
    without = held - len(drawn)
    sentence = ("Each mark is the effect found, with its range, as a share of what was to be expected; the upright "
                "stroke is what was promised. To the right of the line is the direction wanted.")
    note = "The word beside each mark is the verdict; its shape says the same."
    if without:
        note += f" {counted(without, 'answer').capitalize()} without an effect of known size {_are(without)} not drawn."
    return (Figure("programmes", "Found, beside what was promised", sentence, table, effects_chart(rows), note),)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def effects_chart(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Dot and range beside the promised mark, a row a name (``name, effect, low, high, promised, verdict``)."""
    shown = [{**row, "lines": wrap(str(row["name"]), LETTERS)[:2]} for row in rows]
    order = [row["name"] for row in rows]
    y = {"field": "name", "type": "nominal", "sort": order, "title": None, "axis": {
        "labelLimit": 320, "ticks": False, "domain": False, "labelExpr": "split(datum.label, '|')"}}
    for row in shown:
        row["name"] = "|".join(row.pop("lines"))
    y["sort"] = [row["name"] for row in shown]
    ends = [value for row in shown for value in (row["low"], row["high"], row["promised"]) if value is not None]
    low, high = max(min(*ends, 0.0), -1.0), min(max(*ends, 0.0), 1.0)
    room = (high - low) * 0.06 or 0.05
    scale = {"domain": [low - room, high + room], "nice": False}
    x = {"type": "quantitative", "scale": scale, "title": "Share of what was to be expected, in the direction wanted",
         "axis": {"format": "%", "tickCount": 6, "orient": "bottom"}}
    verdicts = [verdict for verdict in SHAPES if any(row["verdict"] == verdict for row in shown)]
    promised = [row for row in shown if row["promised"] is not None]
    layers: list[dict[str, Any]] = [
        {"data": {"values": [{"zero": 0}]}, "mark": {"type": "rule", "color": TEXT, "strokeWidth": 1.5},
         "encoding": {"x": {**x, "field": "zero"}}},
        {"data": rows_of(shown), "mark": {"type": "rule", "color": DARK_BLUE, "strokeWidth": 3, "clip": True},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
        {"data": rows_of(shown), "mark": {"type": "point", "filled": True, "size": 150, "color": DARK_BLUE,
                                          "opacity": 1, "clip": True},
         "encoding": {"y": y, "x": {**x, "field": "effect"}, "shape": {
             "field": "verdict", "type": "nominal", "legend": None,
             "scale": {"domain": verdicts, "range": [SHAPES[each] for each in verdicts]}}}},
        {"data": rows_of(shown), "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 14, "color": TEXT},
         "encoding": {"y": y, "x": {"value": WIDTH}, "text": {"field": "verdict"}}}]
    if promised:
        layers.insert(2, {"data": rows_of(promised),
                          "mark": {"type": "tick", "color": TEXT, "thickness": 4, "size": 26, "clip": True},
                          "encoding": {"y": y, "x": {**x, "field": "promised"}}})
    return {"width": WIDTH, "height": {"step": ROW_HEIGHT}, "layer": layers}


def figures_of(programme: Programme) -> list[tuple[Line, tuple[Figure, ...]]]:
    """The pictures of each answer: the series beside what was to be expected, else the series alone; and the effect."""
    plain = {id(finding): figures for finding, figures in since_figures(programme.page)}
    found = []
    for place, line in enumerate(programme.lines, 1):
        beside = counterfactual_of(line.finding, f"expected-{place}")
        drawn = [beside] if beside else list(plain.get(id(line.finding), ()))
        if line.effect:
            drawn.append(_effect_figure(line, f"effect-{place}"))
        found.append((line, tuple(drawn)))
    return found


def _effect_figure(line: Line, name: str) -> Figure:
    assert line.effect is not None
    rows = [{"name": "What was found", "effect": line.effect.central, "low": line.effect.low,
             "high": line.effect.high, "promised": line.promised.central if line.promised else None,
             "verdict": line.short}]
    for group in line.finding.groups:
        if hasattr(group.effect, "central"):
            sign = -1.0 if line.down else 1.0
            own = group.effect.scaled(sign)  # type: ignore[union-attr]
            rows.append({"name": group.group, "effect": own.central, "low": own.low, "high": own.high,
                         "promised": None, "verdict": ""})
    table = Table.of([{**row, "range": (row["low"], row["high"])} for row in rows], [
        Column("name", "For whom"), Column("effect", "Effect in the direction wanted", "share"),
        Shares("range", "Range", "interval"), Column("promised", "Promised", "share")], title="Found beside promised")
    stroke = " The upright stroke is what was promised." if line.promised else ""
    return Figure(name, "Found, beside what was promised", f"{_capital(line.in_words)}{stroke}", table,
                  effects_chart(rows))


def counterfactual_of(finding: Finding, name: str) -> Figure | None:
    """What was seen beside what was to be expected without the change, where the finding holds both."""
    rows = expected_rows(finding)
    if not rows:
        return None
    about = loaded.about(finding.measure)
    title = _capital(about.title if about else finding.measure or "What was measured")
    unit = _capital(about.unit if about else "value")
    start = next((row["time"] for row in rows if row["expected"] is not None), None)
    table = Table.of([{**row, "range": None if row["low"] is None else (row["low"], row["high"])} for row in rows], [
        Column("time", "Date"), Column("seen", "Seen", "number"), Column("expected", "To be expected", "number"),
        Column("range", "Range", "interval")], title=title)
    sentence = "The points are what was seen; the dashed line is what was to be expected without the change"
    sentence += ", with its range." if any(row["low"] is not None for row in rows) else "."
    return Figure(name, title, sentence, table, _expected_chart(rows, unit, start))


def _expected_chart(rows: Sequence[Mapping[str, Any]], unit: str, start: str | None) -> dict[str, Any]:
    dated = all(_is_month(row["time"]) or len(row["time"]) == 10 for row in rows)
    place = {row["time"]: f"{row['time']}-01" if _is_month(row["time"]) else row["time"] for row in rows}
    shown = [{**row, "x": place[row["time"]]} for row in rows]
    x: dict[str, Any] = ({"field": "x", "type": "temporal", "title": None,
                          "axis": {"format": "%b %Y", "tickCount": 6, "labelAngle": 0}} if dated else
                         {"field": "x", "type": "ordinal", "title": None, "sort": [row["x"] for row in shown],
                          "axis": {"labelAngle": 0, "labelOverlap": True}})
    y = {"type": "quantitative", "scale": {"zero": False}, "title": unit}
    expected = [row for row in shown if row["expected"] is not None]
    ranged = [row for row in expected if row["low"] is not None]
    layers: list[dict[str, Any]] = []
    if ranged:
        layers.append({"data": rows_of(ranged), "mark": {"type": "area", "color": PALE_GREY, "opacity": 0.7},
                       "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}})
    layers += [
        {"data": rows_of(shown), "mark": {"type": "line", "color": GREY, "strokeWidth": 1.5, "point": {
            "filled": True, "size": 40, "color": GREY}}, "encoding": {"x": x, "y": {**y, "field": "seen"}}},
        {"data": rows_of(expected), "mark": {"type": "line", "color": ORANGE, "strokeDash": [7, 4],
                                             "strokeWidth": 2.5},
         "encoding": {"x": x, "y": {**y, "field": "expected"}}}]
    if expected:
        last = [{**expected[-1], "words": "to be expected"}]
        layers.append({"data": rows_of(last), "mark": {"type": "text", "align": "right", "dy": -10, "fontSize": 14,
                                                       "color": TEXT},
                       "encoding": {"x": x, "y": {**y, "field": "expected"}, "text": {"field": "words"}}})
    if start is not None:
        layers.append({"data": {"values": [{"x": place[start]}]},
                       "mark": {"type": "rule", "color": TEXT, "strokeDash": [2, 3]},
                       "encoding": {"x": {"field": "x", "type": x["type"]}}})
    return {"width": 640, "height": 280, "layer": layers}


def _is_month(text: str) -> bool:
    try:
        Month.parsed(text)
    except ValueError:
        return False
    return True


def beside(programme: Programme) -> Table:
    """The sealed plan beside what was found, a row for each thing that was said beforehand."""
    plan = programme.plan
    line = programme.lines[0] if programme.lines else None
    finding = line.finding if line else None
    rows = [{"what": what, "planned": planned or "Not said", "found": found or "–"} for what, planned, found in
            _pairs(programme, plan, line, finding)]
    return Table.of(rows, [Column("what", "What"), Column("planned", "Said before the decision"),
                           Column("found", "Found")], title="What was said beforehand, and what was found")


def _pairs(programme: Programme, plan: EvaluationPlan | None, line: Line | None,
           finding: Finding | None) -> list[tuple[str, str, str]]:
    sealed = programme.entered(programme.plans[0][0].digest) if programme.plans else None
    title = loaded.title_of(plan.measure) if plan and plan.measure else ""
    safety = "; ".join(f"{each.title or loaded.title_of(each.measure)}: stop at {each.stop_at:.0%} worse"
                       for each in plan.safety) if plan else ""
    promised = ""
    if line and line.promised:
        promised = line.in_words.split("; ")[-1].removesuffix(" was promised.")
    elif plan:
        promised = stated(plan.promised, plan.promised_units)
    return [
        ("Question", plan.question if plan else "", finding.question if finding else ""),
        ("Judged by", title, loaded.title_of(finding.measure) if finding and finding.measure else ""),
        ("Compared with", (plan.compared_with or "") if plan else "", (finding.design or "") if finding else ""),
        ("When", f"from {when(plan.starts)}" if plan and plan.starts else "",
         f"figures of {when(finding.period)}" if finding and finding.period else ""),
        ("Size", promised, (line.in_words.split("; ")[0].removesuffix(".") if line and line.effect else
                            stated(finding.found, finding.units) if finding else "")),
        ("It worked if", (plan.worked_if or "") if plan else "", line.verdict if line else ""),
        ("It stops if", (plan.stop_if or safety) if plan else "",
         "; ".join(each.sentence for each in finding.safety) if finding else ""),
        ("Can it be seen?", plan.power.sentence if plan and plan.power else "", ""),
        ("Looks", listed([when(each) for each in plan.looks]) if plan and plan.looks else "",
         when(finding.looked) if finding and finding.looked else ""),
        ("Entered in the record", when(sealed) if sealed else "", when(line.left) if line and line.left else "")]


def checks_table(line: Line) -> Table:
    """The same question by other designs, all of them."""
    rows = [{"name": _capital(each.name), "sentence": each.sentence,
             "agrees": {True: "the same", False: "otherwise", None: "cannot tell"}[each.agrees]}
            for each in line.finding.checks]
    return Table.of(rows, [Column("name", "Looked at in another way"), Column("sentence", "What it says"),
                           Column("agrees", "Says")], title="The same question, asked in other ways")


def one_answer(programme: Programme) -> Answer:
    """One programme as an answer: what was said beforehand beside what was found, checks, figures."""
    lines = programme.lines
    sentence = lines[0].finding.sentence if lines else "Nothing has been found out about it yet."
    fields = {"programme": programme.title, "lines": [_row(programme, line) for line in lines],
              "papers": [{"paper": each.paper.paper, "fingerprint": each.digest} for each in programme.page.held]}
    return Answer(METHOD, {"programme": programme.name},
                  tuple(MadeFrom(each.name, each.digest) for each in programme.page.held), sentence, fields,
                  beside(programme), tuple(doubt for line in lines for doubt in doubts_of(line)),
                  draw=lambda _: tuple(figure for _, figures in figures_of(programme) for figure in figures),
                  more_tables=tuple(checks_table(line) for line in lines if line.finding.checks))


def doubts_of(line: Line) -> tuple[str, ...]:
    """What an answer cannot tell, each once."""
    return tuple(dict.fromkeys((*line.finding.doubts, *line.finding.remarks)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
