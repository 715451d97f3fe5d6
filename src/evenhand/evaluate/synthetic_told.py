"""What a synthetic control says, in the words of a reader: the sentence, the doubts, the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.evaluate import times
from evenhand.evaluate.verdicts import written
from evenhand.figures import Column, Table
from evenhand.terms.words import counted, listed, ordinal, per_cent

ENOUGH_BEFORE = 5
"""With fewer periods before the start almost any past can be matched, and the match foretells nothing."""
WAYS = {"synthetic": "synthetic control", "synthetic-difference": "synthetic difference-in-differences",
        "augmented": "augmented synthetic control"}


def chance(part: int, of: int) -> str:
    """1 in 39 (3%), 1 in 202 (0.5%): never 0%, which no chance is."""
    return f"{part} in {of:,} ({per_cent(part / of, digits=0 if part / of >= 0.01 else 1)})"


def step_word(fields: Mapping[str, Any]) -> str:
    """What one period is called: month, quarter; plain numbers that read as calendar years are years."""
    labels = [row["time"] for row in fields["gaps"]]
    if fields["rhythm"] == "number" and all(len(label) == 4 and label[:2] in ("18", "19", "20") and label.isdigit()
                                            for label in labels):
        return "year"
    return times.ONE_OF[fields["rhythm"]]


def floor_words(donors: int) -> str:
    """How small a chance so many donors can show at the best."""
    if donors < 2:
        return "With one donor there is nobody to set it among, and no chance can be given, whatever the change did."
    return (f"With {counted(donors, 'donor')} the smallest chance that this test can give is "
            f"{chance(1, donors + 1)}, whatever the change did.")


def mix(weights: Mapping[str, float]) -> str:
    """The heaviest donors with their shares."""
    heavy = sorted(((share, name) for name, share in weights.items() if abs(share) >= 0.005), reverse=True)
    said = [f"{name} {per_cent(share)}" for share, name in heavy[:3]]
    rest = len(heavy) - len(said)
    return listed([*said, counted(rest, "other")]) if rest else listed(said)


def sentence(fields: Mapping[str, Any], label: str, level: float) -> str:
    """The answer in two or three sentences."""
    treated, rhythm, placebo = fields["treated"], fields["rhythm"], fields["placebo"]
    begins = f"From {times.said(fields['start'], rhythm)}"
    if fields["cannot_tell"] is not None and fields["mean_gap"] is None:
        return f"What the change did to {label} in {treated} cannot be told: {fields['cannot_tell']}."
    gap, after = fields["mean_gap"], fields["periods_after"]
    expected = fields["mean_synthetic"]
    if abs(gap) <= 1e-12 * abs(expected):
        run = f"{begins} {label} in {treated} ran level with its comparator"
    else:
        share = f", {per_cent(abs(gap / expected))} {'lower' if gap < 0 else 'higher'}," if expected > 0 else ","
        run = (f"{begins} {label} in {treated} ran {written(abs(gap))} {'below' if gap < 0 else 'above'} its comparator"
               f"{share} on average over {counted(after, step_word(fields))}")
    if fields["interval"] is not None:
        low, high = fields["interval"]
        run += f" (range of the gap {written(low)} to {written(high)})"
    run += f"; the comparator is a mix of {mix(fields['weights'])}."
    donors = placebo["of"] - 1
    if fields["verdict"] == "cannot_tell":
        return f"{run} Whether the change did it cannot be told: {fields['cannot_tell']}."
    placed = (f"set among the {counted(donors, 'donor')}, where nothing changed, it comes {ordinal(placebo['rank'])} "
              f"of {placebo['of']:,}")
    if fields["verdict"] == "stands_out":
        return (f"{run} It stands out: {placed}, and chance alone would put it so high "
                f"{counted(placebo['rank'], 'time')} in {placebo['of']:,} ({per_cent(placebo['p'])}).")
    return (f"{run} That cannot be told from chance: {placed}, and chance alone would put it so high "
            f"{per_cent(placebo['p'])} of the time, more than the {per_cent(level)} that was allowed.")


def doubts(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Codes and sentences of what a careful reader asks next."""
    found: list[tuple[str, str]] = []
    gap = fields["mean_gap"]
    if gap is None or gap == 0:
        return found

    def differs(row: Mapping[str, Any]) -> bool:
        return bool(row["mean_gap"] * gap <= 0 or abs(row["mean_gap"]) < abs(gap) / 2)

    turned = [row for row in fields["leave_one_out"] if differs(row)]
    if turned:
        found.append(("leans_on_one", f"It leans on {listed([row['without'] for row in turned[:3]])}: without "
                      f"{'that donor' if len(turned) == 1 else 'one of them'} the gap is "
                      f"{written(turned[0]['mean_gap'])} and not {written(gap)}."))
    real = fields["post_rmse"]
    early = [row for row in fields["in_time"] if row["rmse"] >= real / 2]
    if early:
        row = early[0]
        found.append(("gap_in_time", f"With the start moved back to {times.said(row['start'], fields['rhythm'])}, when "
                      f"nothing had happened, gaps of {written(row['rmse'])} come up, beside {written(real)} after the "
                      "real one: the comparator drifts by itself."))
    other = [row for row in fields["checks"] if differs(row)]
    if other:
        found.append(("ways_disagree", f"Not every way of reckoning agrees: by {other[0]['how']} the gap is "
                      f"{written(other[0]['mean_gap'])}, not {written(gap)}."))
    pruned = fields["placebo"]["after_exclusion"]
    if fields["verdict"] == "stands_out" and any(each["p"] > fields["level"] and each["of"] > 1 / fields["level"]
                                                 for each in pruned):
        found.append(("poor_placebos", "Once donors whose own past is matched poorly are left out, it no longer stands "
                      "out."))
    largest = max(fields["weights"].values(), default=0.0)
    if largest > 0.9 and len(fields["weights"]) > 1:
        heaviest = max(fields["weights"], key=lambda name: fields["weights"][name])
        found.append(("one_donor", f"The comparator is almost wholly {heaviest} ({per_cent(largest)}): whatever else "
                      "happened there reads as an effect here."))
    return found


def gaps_table(fields: Mapping[str, Any], label: str) -> Table:
    """Observed, comparator and gap by period."""
    return Table.of(fields["gaps"], [
        Column("time", "Date"), Column("observed", f"{label}, observed", "number"),
        Column("synthetic", "Comparator", "number"), Column("gap", "Gap", "number"),
        Column("after", "From the start on", "sign")], title=f"{fields['treated']} and its comparator")


def weights_table(fields: Mapping[str, Any]) -> Table:
    """Donors by weight."""
    rows = [{"donor": name, "weight": share} for name, share in
            sorted(fields["weights"].items(), key=lambda each: -abs(each[1])) if abs(share) >= 1e-4]
    return Table.of(rows, [Column("donor", "Donor"), Column("weight", "Share of the mix", "share")],
                    title="What the comparator is made of")


def checks_table(fields: Mapping[str, Any]) -> Table:
    """Every check in one table: left out, moved back, other ways."""
    rows = [{"check": f"as asked: {WAYS[fields['method_used']]}", "mean_gap": fields["computed_gap"],
             "pre_rmse": fields["pre_rmse"]}]
    rows += [{"check": f"without {row['without']}", **_two(row)} for row in fields["leave_one_out"]]
    rows += [{"check": f"start moved back to {times.said(row['start'], fields['rhythm'])}, when nothing happened",
              **_two(row)} for row in fields["in_time"]]
    rows += [{"check": row["how"], **_two(row)} for row in fields["checks"]]
    return Table.of(rows, [Column("check", "Check"), Column("mean_gap", "Mean gap", "number"),
                           Column("pre_rmse", "Gap before the start (root mean square)", "number")],
                    title="Does it hold when something is changed?")


def _two(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"mean_gap": row["mean_gap"], "pre_rmse": row["pre_rmse"]}


def placebo_table(fields: Mapping[str, Any]) -> Table:
    """Each unit as if the change had come to it."""
    return Table.of(fields["placebo"]["units"], [
        Column("rank", "Place", "rank"), Column("unit", "Unit"), Column("ratio", "Gap after over gap before, squared",
                                                                        "number"),
        Column("mean_gap", "Mean gap", "number"), Column("pre_rmse", "Gap before (root mean square)", "number"),
        Column("post_rmse", "Gap after (root mean square)", "number")],
        title="Each unit as if the change had come to it")


def balance_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """What the units were matched by."""
    return Table.of(rows, [
        Column("predictor", "Matched by"), Column("importance", "Weight", "share"),
        Column("treated", "Treated unit", "number"), Column("synthetic", "Comparator", "number"),
        Column("donors", "Mean of the donors", "number")], title="How alike the comparator is")
