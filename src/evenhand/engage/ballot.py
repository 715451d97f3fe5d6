"""Which projects a vote on a shared budget funds, by rule, and who is left with nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from evenhand.catalogue import Input, Method, Output, setting, settings_document, with_options
from evenhand.data.tables import Source
from evenhand.engage import ballot_show
from evenhand.engage.ballot_file import Election, read_election
from evenhand.engage.ballot_rules import Funded, Vote, equal_shares, greedy, left_with_nothing, raised
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, listed, per_cent

MOST_STEPS = 20_000


@dataclass(frozen=True)
class Settings:
    """By which rule projects are funded."""

    rule: Literal["equal-shares", "greedy"] = setting(
        "equal-shares", "Rule", "equal-shares gives every voter the same part of the budget to spend; greedy funds the "
        "most votes first", common=True)
    completion: Literal["none", "raise-budget"] = setting(
        "none", "What is left over", "raise-budget lifts every voter's part step by step while the outcome keeps "
        "within the budget", common=True)
    utility: Literal["cost", "one", "points"] | None = setting(
        None, "Worth of a funded project to a voter", "its cost, one, or the points given; without it cost, and points "
        "where ballots give points")
    step: float = setting(1.0, "Step by which parts are raised", "in units of currency for each voter")

    def __post_init__(self) -> None:
        if self.step <= 0:
            raise refuse("a step must be above nought", "write for example 1", column="--step", value=self.step)
        if self.rule == "greedy" and self.completion != "none":
            raise refuse("there are no parts to raise under the greedy rule", "leave --completion out",
                         column="--completion", value=self.completion)


def ballot(file: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Which projects are funded from one budget by the ballots given, in what order, and how many voters get nothing.

    Args:
        file: a file in Pabulib's form (.pb) with META, PROJECTS and VOTES; approval, cumulative, scoring or ordinal.
        settings: see ``Settings``; single ones may be given by keyword.
        options: single settings by name.

    Returns:
        An answer with ``chosen`` in order and, for equal shares, ``rho``: what voters paid for one unit of utility.
        Sums are exact fractions. Where projects tie, the one whose number comes first as text is taken, and it is said.

    Raises:
        Refused: a file that is not in Pabulib's form, costs that are no amounts, ballots for unknown projects.

    Source:
        Peters, Pierczyński & Skowron (2021), Advances in Neural Information Processing Systems 34, section 3 (equal
        shares); Faliszewski and others (2023), International Joint Conference on Artificial Intelligence 32, section
        2 (raising the budget); Stolicki, Szufa & Talmon (2020), arXiv 2012.06539 (the form of the file).
    """
    chosen = with_options(Settings, settings, options)
    election = read_election(file)
    utility = chosen.utility or ("points" if election.has_points else "cost")
    if utility == "points" and not election.has_points:
        raise refuse("these ballots give no points", "write cost or one", file=election.name, column="--utility",
                     value=utility)
    chosen = replace(chosen, utility=utility)
    vote = _vote(election, utility)
    scores = [sum((each.get(place, Fraction(0)) for each in election.ballots), Fraction(0))
              for place in range(len(election.projects))]
    share = election.budget / len(election.ballots)
    steps: int | None = None
    if chosen.rule == "greedy":
        found = greedy(vote, scores)
    elif chosen.completion == "none":
        found = equal_shares(vote, share)
    else:
        found, steps = _completed(vote, chosen)
        share += steps * Fraction(str(chosen.step))
    fields = _fields(election, vote, found, scores)
    if chosen.rule == "equal-shares":
        fields["share_of_each_voter"] = float(share)
    if steps is not None:
        fields["last_increase_per_voter"] = _plain(steps * Fraction(str(chosen.step)))
    official = [each for each in election.projects if each.officially is not None]
    if official:
        fields["official"] = _official(election, vote)
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(election.name, election.digest),),
        sentence=_sentence(fields, chosen), fields=fields, table=_table(fields, chosen),
        remarks=(*election.remarks, *_remarks(election, vote, found, fields, chosen)), draw=ballot_show.ballot)


def _vote(election: Election, utility: str) -> Vote:
    count = len(election.projects)
    backers: list[list[int]] = [[] for _ in range(count)]
    utilities: list[list[Fraction]] = [[] for _ in range(count)]
    for voter, given in enumerate(election.ballots):
        for place, points in given.items():
            backers[place].append(voter)
            utilities[place].append(points if utility == "points" else Fraction(1) if utility == "one"
                                    else election.projects[place].cost)
    ordered = sorted(range(count), key=lambda place: election.projects[place].number)
    order = {place: number for number, place in enumerate(ordered)}
    return Vote(election.budget, len(election.ballots), tuple(each.cost for each in election.projects),
                tuple(map(tuple, backers)), tuple(map(tuple, utilities)), tuple(order[place] for place in range(count)))


def _completed(vote: Vote, chosen: Settings) -> tuple[Funded, int]:
    done = raised(vote, Fraction(str(chosen.step)), most_steps=MOST_STEPS)
    if done is None:
        raise refuse(f"after {MOST_STEPS:,} steps there was still money left", "give a greater step", column="--step",
                     value=chosen.step)
    return done


def _fields(election: Election, vote: Vote, found: Funded, scores: Sequence[Fraction]) -> dict[str, Any]:
    place_in = {place: number for number, place in enumerate(found.chosen, 1)}
    rho = dict(zip(found.chosen, found.rho, strict=False))
    rows: list[dict[str, Any]] = [
        {"project": each.number, "name": each.name, "cost": _plain(each.cost), "voters": len(vote.backers[place]),
         "votes": _plain(scores[place]), "funded": place in place_in, "order": place_in.get(place),
         "rho": float(rho[place]) if place in rho else None} for place, each in enumerate(election.projects)]
    last = len(rows) + 1
    return {
        "chosen": [election.projects[place].number for place in found.chosen],
        "cost": _plain(vote.cost_of(found.chosen)), "budget": _plain(election.budget),
        "rho": [float(each) for each in found.rho],
        "ties": [[election.projects[place].number for place in each] for each in found.ties],
        "voters": len(election.ballots),
        "voters_left_with_nothing": left_with_nothing(election.ballots, found.chosen),
        "rows": sorted(rows, key=lambda row: (row["order"] or last, -row["votes"], row["project"]))}


def _official(election: Election, vote: Vote) -> dict[str, Any]:
    chosen = [place for place, each in enumerate(election.projects) if each.officially]
    return {"chosen": [election.projects[place].number for place in chosen], "cost": _plain(vote.cost_of(chosen)),
            "voters_left_with_nothing": left_with_nothing(election.ballots, chosen)}


def _plain(amount: Fraction) -> int | float:
    return int(amount) if amount.denominator == 1 else float(amount)


def _sentence(fields: dict[str, Any], chosen: Settings) -> str:
    left, voters = fields["voters_left_with_nothing"], fields["voters"]
    rule = "most votes first" if chosen.rule == "greedy" else "equal shares"
    said = (f"{counted(left, 'voter')} of {voters:,} ({per_cent(left / voters)}) {'gets' if left == 1 else 'get'} "
            "nothing they voted for" if left else "every voter gets something they voted for")
    funded = len(fields["chosen"])
    return (f"By {rule}, {funded or 'none'} of {counted(len(fields['rows']), 'project')} "
            f"{'is' if funded == 1 else 'are'} funded for {fields['cost']:,} of {fields['budget']:,}; {said}.")


def _remarks(election: Election, vote: Vote, found: Funded, fields: dict[str, Any], chosen: Settings) -> list[str]:
    remarks = []
    funded = set(found.chosen)
    for tie in found.ties:
        names = listed([election.projects[place].number for place in tie])
        if 0 < len(funded & set(tie)) < len(tie):
            remarks.append(f"{names} tie, and not all are funded: the order of their numbers, or what was left of the "
                           "money, decided between them.")
    settled = [each for each in found.ties if not 0 < len(funded & set(each)) < len(each)]
    if settled:
        shown = "; ".join(listed([election.projects[place].number for place in tie]) for tie in settled[:5])
        remarks.append(f"These tie, and all or none of them are funded: {shown}"
                       f"{f'; and {len(settled) - 5} more' if len(settled) > 5 else ''}.")
    left = vote.budget - vote.cost_of(found.chosen)
    fitting = [election.projects[place].number for place, cost in enumerate(vote.costs)
               if place not in funded and cost <= left and vote.backers[place]]
    if fitting and chosen.completion == "none" and chosen.rule == "equal-shares":
        remarks.append(f"{_plain(left):,} is not spent, and would pay for {counted(len(fitting), 'further project')}: "
                       "--completion raise-budget spends more of it.")
    elif fitting:
        remarks.append(f"{_plain(left):,} is not spent, and would still pay for {listed(fitting[:5])}.")
    nobody = [election.projects[place].number for place, backers in enumerate(vote.backers) if not backers]
    if nobody:
        remarks.append(f"Nobody voted for {listed(nobody[:5])}{' and others' if len(nobody) > 5 else ''}.")
    empty = sum(not each for each in election.ballots)
    if empty:
        remarks.append(f"{counted(empty, 'ballot names', 'ballots name')} no project; "
                       f"{'it is' if empty == 1 else 'they are'} counted among the voters.")
    if "official" in fields and set(fields["official"]["chosen"]) != set(fields["chosen"]):
        remarks.append("The file says that other projects were funded in the end "
                       f"({listed(fields['official']['chosen'][:10])}"
                       f"{' and others' if len(fields['official']['chosen']) > 10 else ''}); cities often apply "
                       "further rules.")
    return remarks


def _table(fields: dict[str, Any], chosen: Settings) -> Table:
    priced = [Column("rho", "Paid for one unit of utility (rho)", "number")] if chosen.rule == "equal-shares" else []
    return Table.of(fields["rows"], title="Projects", columns=[
        Column("order", "Order", "rank"), Column("project", "Project"), Column("name", "Name"),
        Column("funded", "Funded", "sign"), Column("cost", "Cost", "count"), Column("voters", "Voters for it", "count"),
        Column("votes", "Votes or points", "count"), *priced])


METHOD_NAME = MethodName("engage ballot", "1", "Peters, Pierczyński & Skowron (2021); Stolicki, Szufa & Talmon (2020)")

METHOD = Method(
    room="engage", name="ballot", title="A vote on a shared budget",
    question="Which projects should a shared budget fund, and who would get nothing?", function=ballot,
    settings=Settings, inputs=(Input("file", "ballots and projects in Pabulib's form (.pb), plain text"),),
    outputs=(
        Output("chosen", "the projects funded, in order"), Output("cost", "what they cost"),
        Output("budget", "the money there is"), Output("rho", "what was paid for one unit of utility, in order"),
        Output("ties", "sets of projects that were equal when one of them was taken"),
        Output("voters", "how many voted"),
        Output("voters_left_with_nothing", "voters none of whose projects is funded"),
        Output("rows", "per project name, cost, voters, votes, funded, order, rho"),
        Output("share_of_each_voter", "what each voter had to spend", sometimes=True),
        Output("last_increase_per_voter", "how far the parts were raised", sometimes=True),
        Output("official", "what the file says was funded", sometimes=True)),
    source="Peters, Pierczyński & Skowron (2021), Advances in Neural Information Processing Systems 34; Faliszewski "
           "and others (2023), International Joint Conference on Artificial Intelligence 32; Stolicki, Szufa & Talmon "
           "(2020), arXiv 2012.06539",
    version="1",
    cannot_tell=(
        "Whether those who voted are like those who did not: see engage reach.",
        "Whether the projects are worth their money: votes say what is wanted.",
        "Which rule is fair: it must be chosen before the vote, and said to the voters."),
    example="engage ballot sample:ballot")
