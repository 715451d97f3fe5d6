"""What replies speak of: themes by a codebook that people made, or words that go together where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data.suppression import HIDDEN, REGIMES, Regime
from evenhand.data.tables import Source
from evenhand.engage import themes_show
from evenhand.engage.themes_codebook import Agreement, Codebook, agreement_of, coded, read_codebook
from evenhand.engage.themes_replies import HandCoding, Replies, Same, read_coding, read_replies, same_texts
from evenhand.engage.themes_texts import may_be_quoted, seen_small, shares_by_group
from evenhand.engage.themes_words import KEY_WORDS, STOP, clusters, typical
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import Suppressed, refuse
from evenhand.terms.words import counted, listed, per_cent

SHORTEST_QUOTED, LONGEST_QUOTED = 20, 400
MOST_REPEATED_SHOWN = 10


@dataclass(frozen=True)
class Settings:
    """How replies are sorted into themes."""

    regime: Literal["none", "hes-2018", "midpoint-6"] = setting(
        "none", "Protection of small numbers", "hes-2018 hides counts of 1 to 7 and rounds the others to 5, midpoint-6 "
        "rounds all to the middle of bands of six; one of them for anything that leaves the organisation", common=True)
    language: Literal["en", "other"] = setting(
        "en", "Language of the replies", "en leaves out common English words and answers such as “nothing”")
    quotations: int = setting(3, "Quotations for each theme", "0 for none", common=True)
    clusters: int = setting(8, "Clusters of words", "how many, where no codebook is given", common=True)
    campaign_from: int = setting(3, "Respondents that make a campaign", "a long text of so many is counted apart")
    campaign_words: int = setting(8, "Words that make a long text", "shorter ones may be shared by accident")
    seed: int = setting(1, "Seed", "the same seed gives the same clusters")

    def __post_init__(self) -> None:
        for name, least, most in (("quotations", 0, 20), ("clusters", 1, 50), ("campaign_from", 2, 10_000),
                                  ("campaign_words", 4, 1_000), ("seed", 0, 2**32 - 1)):
            value = getattr(self, name)
            if not least <= value <= most:
                raise refuse(f"this must lie between {least} and {most:,}", f"write for example {max(least, 3)}",
                             column="--" + name.replace("_", "-"), value=value)


@dataclass(frozen=True)
class Found:
    """A theme, the words it was known by, and the places of the replies that speak of it."""

    name: str
    key_words: tuple[str, ...]
    places: tuple[int, ...]


def themes(replies: Source, settings: Settings | None = None, /, *, codebook: Source | None = None,
           coding: Source | None = None, **options: Any) -> Answer:
    """Which themes the replies speak of, how many respondents speak of each, in every group, and in what words.

    Args:
        replies: one row a reply: ``reply_id``, ``text``, and optional ``respondent`` (who may reply more than once),
            ``respondent_group``, ``question``.
        settings: see ``Settings``; single ones may be given by keyword.
        codebook: themes with the words, phrases and patterns that speak of them, as TOML or as a table (``theme``,
            ``words``, ``patterns``, ``version``). Without it, words that go together are given as clusters.
        coding: a sample coded by hand: ``reply_id``, ``themes`` (several with semicolons between).
        options: single settings by name.

    Returns:
        An answer with the themes, the largest first. Counts are of respondents in their own words; those who only
        sent a campaign's text are counted beside them, never with them. Texts sent twice by one respondent count once.

    Raises:
        Refused: no text, a reply that stands twice, a codebook that cannot be read, a coding of replies not held.

    Source:
        Agreement: Cohen (1960), Educational and Psychological Measurement 20, 37-46, equation 1. Clusters: Lee & Seung
        (2001), Advances in Neural Information Processing Systems 13, 556-562, equation 4. Texts of one origin: Broder
        (1997), Compression and Complexity of Sequences, 21-29.
    """
    chosen = with_options(Settings, settings, options)
    data = read_replies(replies, chosen.language)
    same = same_texts(data, least=chosen.campaign_from, words=chosen.campaign_words)
    book = None if codebook is None else read_codebook(codebook)
    hand = None if coding is None else read_coding(coding, data)
    small = seen_small(data.texts) | STOP[chosen.language]
    found = _by_codebook(book, data) if book is not None else _by_words(data, same, small, chosen)
    regime = REGIMES[chosen.regime]
    counter = Counting(data, same, regime)
    rows = [counter.theme(each) | {"quotations": _quotations(each, data, same, small, chosen, counter)}
            for each in found]
    agreed = [] if hand is None or book is None else _agreements(found, data, hand)
    spoken = frozenset(place for each in found for place in each.places)
    silent = [place for place in counter.counted if place not in spoken and place not in data.nothing]
    fields: dict[str, Any] = {
        "replies": regime.released(len(data.texts)), "respondents": counter.people(range(len(data.texts))),
        "median_length": data.median_length,
        "codebook": None if book is None else {"version": book.version or None, "themes": len(book.themes)},
        "themes": sorted(rows, key=_largest_first), "groups": counter.groups,
        "no_theme": {"replies": regime.released(len(silent)), "respondents": counter.people(silent)},
        "nothing_said": {"replies": regime.released(len(data.nothing)), "respondents": counter.people(data.nothing)},
        "repeated": _repeated(data, same, regime, small), "campaigns": _campaigns(data, same, found, counter, small),
        "sent_twice": regime.released(len(same.twice)),
    }
    if agreed and hand is not None:
        fields["agreement"] = _agreement_fields(agreed, hand, found, regime)
    made_from = [MadeFrom(data.name, data.digest)]
    made_from += [MadeFrom(book.name, book.digest)] if book is not None else []
    made_from += [MadeFrom(hand.name, hand.digest)] if hand is not None else []
    return Answer(
        method=METHOD_NAME, settings=settings_document(chosen), made_from=tuple(made_from),
        sentence=_sentence(fields, by_words=book is None), fields=fields,
        table=_table(fields), remarks=_remarks(data, same, book, hand, chosen, fields), draw=themes_show.themes)


# --- finding ----------------------------------------------------------------------------------------------------------


def _by_codebook(book: Codebook, data: Replies) -> list[Found]:
    import numpy as np

    marks, hits = coded(book, data.texts)
    return [Found(theme.name, tuple(list(hits[place])[:KEY_WORDS]),
                  tuple(int(each) for each in np.flatnonzero(marks[place]))) for place, theme in enumerate(book.themes)]


def _by_words(data: Replies, same: Same, small: frozenset[str], chosen: Settings) -> list[Found]:
    """Clusters from what respondents wrote themselves: a campaign's text would make a cluster of its own."""
    own = [place for place in range(len(data.texts)) if place not in same.campaign_of and place not in data.nothing]
    made = clusters([data.texts[place] for place in own], small, chosen.language, chosen.clusters, chosen.seed)
    found, names = [], set()
    for each in made:
        name = ", ".join(each.words[:3])
        while name in names:
            name += " (again)"
        names.add(name)
        found.append(Found(name, each.words, tuple(own[place] for place in each.places)))
    return found


# --- counting ---------------------------------------------------------------------------------------------------------


class Counting:
    """Counts of replies and respondents, as they may be shown."""

    def __init__(self, data: Replies, same: Same, regime: Regime) -> None:
        self.data, self.same, self.regime = data, same, regime
        twice = frozenset(same.twice)
        self.counted = [place for place in range(len(data.texts)) if place not in twice]
        self.in_groups = shares_by_group(frozenset(data.senders), data.group_of) if data.group_of else {}

    def who(self, places: Any) -> frozenset[str]:
        """The respondents of some replies."""
        return frozenset(self.data.senders[place] for place in places)

    def people(self, places: Any) -> Any:
        """How many respondents, as may be shown."""
        return self.regime.released(len(self.who(places)))

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The groups with their respondents."""
        return [{"group": group, "respondents": self.regime.released(count)} for group, count in self.in_groups.items()]

    def theme(self, found: Found) -> dict[str, Any]:
        """The size of a theme by replies, respondents and groups; campaigns apart."""
        twice = frozenset(self.same.twice)
        places = [place for place in found.places if place not in twice]
        own = [place for place in places if place not in self.same.campaign_of]
        speakers = self.who(own)
        only_campaign = self.who(places) - speakers
        everyone = len(frozenset(self.data.senders))
        by_group = shares_by_group(speakers, self.data.group_of) if self.data.group_of else {}
        return {"theme": found.name, "key_words": list(found.key_words), "replies": self.regime.released(len(own)),
                "respondents": self.regime.released(len(speakers)), "share": self.regime.share(len(speakers), everyone),
                "campaign_respondents": self.regime.released(len(only_campaign)),
                "by_group": [{"group": group, "respondents": self.regime.released(count),
                              "of": self.regime.released(self.in_groups[group]),
                              "share": self.regime.share(count, self.in_groups[group])}
                             for group, count in by_group.items()]}


def _largest_first(row: dict[str, Any]) -> tuple[float, str]:
    count = row["respondents"]
    return (0.0 if isinstance(count, Suppressed) else -float(count), row["theme"])


def _quotations(found: Found, data: Replies, same: Same, small: frozenset[str], chosen: Settings,
                counter: Counting) -> list[str]:
    """Typical words of a theme, of different respondents, none with signs of a person; none of a hidden theme."""
    own = [place for place in found.places if place not in same.campaign_of]
    if isinstance(counter.people(own), Suppressed):
        return []
    fit, seen = [], set()
    for place in own:
        text = data.texts[place]
        key = (data.senders[place], data.folds[place])
        if (SHORTEST_QUOTED <= len(text) <= LONGEST_QUOTED and key[0] not in seen and key[1] not in seen
                and may_be_quoted(text, small)):
            fit.append(place)
            seen |= set(key)
    best = typical(data.texts, fit, chosen.language, chosen.quotations)
    return [" ".join(data.texts[place].split()) for place in best]


def _repeated(data: Replies, same: Same, regime: Regime, small: frozenset[str]) -> dict[str, Any]:
    shown = []
    for fold, places in list(same.repeated.items())[:MOST_REPEATED_SHOWN]:
        count = regime.released(len(places))
        if not isinstance(count, Suppressed):
            fit = places[0] in data.nothing or may_be_quoted(data.texts[places[0]], small)
            shown.append({"text": fold if fit else None, "replies": count})
    return {"replies": regime.released(sum(map(len, same.repeated.values()))), "distinct": len(same.repeated),
            "most": shown}


def _campaigns(data: Replies, same: Same, found: list[Found], counter: Counting,
               small: frozenset[str]) -> list[dict[str, Any]]:
    rows = []
    for each in same.campaigns:
        names = [theme.name for theme in found if set(theme.places) & set(each.places)]
        fit = may_be_quoted(each.text, small) and not isinstance(counter.people(each.places), Suppressed)
        rows.append({"text": " ".join(each.text.split()) if fit else None,
                     "replies": counter.regime.released(len(each.places)), "respondents": counter.people(each.places),
                     "word_for_word": counter.regime.released(each.exact), "themes": names})
    return rows


# --- agreement --------------------------------------------------------------------------------------------------------


def _agreements(found: list[Found], data: Replies, hand: HandCoding) -> list[Agreement]:
    sample = frozenset(hand.themes_of)
    by_hand: dict[str, set[str]] = {}
    for reply, named in hand.themes_of.items():
        for name in named:
            by_hand.setdefault(name.casefold(), set()).add(reply)
    return [agreement_of(each.name, frozenset(data.ids[place] for place in each.places),
                         frozenset(by_hand.get(each.name.casefold(), ())), sample) for each in found]


def _agreement_fields(agreed: list[Agreement], hand: HandCoding, found: list[Found], regime: Regime) -> dict[str, Any]:
    known = {each.name.casefold() for each in found}
    others: dict[str, int] = {}
    for named in hand.themes_of.values():
        for name in named:
            if name.casefold() not in known:
                others[name] = others.get(name, 0) + 1
    return {"replies": regime.released(len(hand.themes_of)),
            "rows": [_agreement_row(each, regime) for each in agreed],
            "not_in_codebook": [{"theme": name, "by_hand": regime.released(count)}
                                for name, count in sorted(others.items(), key=lambda one: (-one[1], one[0]))]}


def _agreement_row(each: Agreement, regime: Regime) -> dict[str, Any]:
    """One theme; measures from which a hidden count could be worked out are hidden, others to two places."""
    counts = {"by_rule": each.both + each.rule_only, "by_hand": each.both + each.hand_only, "both": each.both}
    measures: dict[str, Any] = {"kappa": each.kappa, "precision": each.precision, "recall": each.recall}
    if regime.name != "none":
        hide = any(map(regime.is_small, (*counts.values(), each.rule_only, each.hand_only, each.neither)))
        measures = {name: None if value is None else HIDDEN if hide else round(value, 2)
                    for name, value in measures.items()}
    return {"theme": each.theme, **{name: regime.released(count) for name, count in counts.items()}, **measures}


# --- words ------------------------------------------------------------------------------------------------------------


def _sentence(fields: dict[str, Any], *, by_words: bool) -> str:
    shown = [row for row in fields["themes"] if not isinstance(row["respondents"], Suppressed) and row["respondents"]]
    total = fields["respondents"]
    if not shown or isinstance(total, Suppressed):
        return ("No theme is shown: too few respondents spoke of any." if fields["themes"]
                else "No words stand in more than one reply, so no theme can be told.")
    top = [f"{row['theme']} ({counted(row['respondents'], 'respondent')}, {per_cent(row['share'])})"
           for row in shown[:3]]
    if by_words:
        return f"Words that stand together most often among {counted(total, 'respondent')}: {'; '.join(top)}."
    return (f"What {counted(total, 'respondent')} spoke of most, in their own words: {listed(top)}.")


def _remarks(data: Replies, same: Same, book: Codebook | None, hand: HandCoding | None, chosen: Settings,
             fields: dict[str, Any]) -> tuple[str, ...]:
    remarks = list(data.remarks)
    if book is None:
        remarks.append("No codebook was given: these are words that stand together, not themes that people have read "
                       "and named. Use them to begin a codebook.")
        if hand is not None:
            remarks.append("The coding by hand was not compared: that needs a codebook with the same themes.")
    elif not book.version:
        remarks.append("The codebook names no version; give it one, so that counts can be made again.")
    if len(data.questions) > 1:
        remarks.append(f"The replies answer {counted(len(data.questions), 'question')}, counted together; "
                       "--where question=… takes one.")
    if same.campaigns:
        remarks.append(f"{counted(len(same.campaigns), 'text was', 'texts were')} sent by many in the same or nearly "
                       "the same words; they are listed as campaigns and counted apart from what people wrote "
                       "themselves. What some added to a campaign's text is counted with it.")
    if any(row["text"] is None for row in fields["campaigns"]):
        remarks.append("A campaign's text is not shown: it may name a person, or too few sent it.")
    if chosen.quotations and any(row["quotations"] for row in fields["themes"]):
        remarks.append("Replies with signs of a person are never quoted. Rules miss what only a reader sees: have "
                       "someone read the quotations before they leave the organisation.")
    unquoted = [row["theme"] for row in fields["themes"] if not row["quotations"]
                and not isinstance(row["respondents"], Suppressed) and row["respondents"]]
    if chosen.quotations and unquoted:
        remarks.append(f"No quotation is safe to give for {listed(unquoted)}.")
    if chosen.regime != "none":
        regime = REGIMES[chosen.regime]
        remarks.append(f"{regime.title} ({regime.name}, version {regime.version}); shares follow the counts as shown.")
    return tuple(remarks)


def _table(fields: dict[str, Any]) -> Table:
    kappas = {each["theme"]: each["kappa"] for each in fields.get("agreement", {"rows": []})["rows"]}
    groups = [each["group"] for each in fields["groups"]]
    agreed = [Column("kappa", "Agreement with hand coding (kappa)", "number", 2)] if kappas else []
    rows = []
    for row in fields["themes"]:
        flat = {name: row[name] for name in ("theme", "respondents", "share", "campaign_respondents", "replies")}
        flat["key_words"] = ", ".join(row["key_words"])
        flat |= {f"group_{place}": each["share"] for place, each in enumerate(row["by_group"])}
        if kappas:
            flat["kappa"] = kappas[row["theme"]]
        rows.append(flat)
    return Table.of(rows, title="Themes", columns=[
        Column("theme", "Theme"), Column("respondents", "Respondents", "count"),
        Column("share", "Share of respondents", "share"), *agreed,
        Column("campaign_respondents", "By a campaign's text only", "count"), Column("replies", "Replies", "count"),
        *(Column(f"group_{place}", f"Share of {group}", "share") for place, group in enumerate(groups)),
        Column("key_words", "Key words")])


METHOD_NAME = MethodName("engage themes", "1", "Cohen (1960); Lee & Seung (2001); Broder (1997)")

METHOD = Method(
    room="engage", name="themes", title="Themes in replies", question="What do the replies speak of, and who says it?",
    function=themes, settings=Settings,
    inputs=(
        Input("replies", "one row a reply", (
            InputColumn("reply_id", "the reply's number"), InputColumn("text", "what was written"),
            InputColumn("respondent", "who wrote it, as a number without a name", optional=True),
            InputColumn("respondent_group", "the group of the respondent", optional=True),
            InputColumn("question", "the question it answers", optional=True))),
        Input("codebook", "themes with their words, as TOML or a table", (
            InputColumn("theme", "the name of the theme"),
            InputColumn("words", "words or phrases with semicolons between; wait* stands for any ending"),
            InputColumn("patterns", "regular expressions", optional=True),
            InputColumn("version", "the codebook's version", optional=True)), optional=True),
        Input("coding", "a sample coded by hand", (
            InputColumn("reply_id", "the reply's number"),
            InputColumn("themes", "its themes with semicolons between")), optional=True)),
    outputs=(
        Output("replies", "how many replies there are"), Output("respondents", "how many respondents"),
        Output("median_length", "characters in the middlemost reply"),
        Output("codebook", "its version and how many themes it has; null without one"),
        Output("themes", "per theme key words, replies, respondents, share, campaign_respondents, by_group, "
               "quotations"),
        Output("groups", "respondents by group"), Output("no_theme", "replies that speak of no theme"),
        Output("nothing_said", "replies such as “nothing” or “none”"),
        Output("repeated", "texts that stand more than once, the commonest first"),
        Output("campaigns", "long texts that several sent: text, replies, respondents, word_for_word, themes"),
        Output("sent_twice", "replies that one respondent sent again"),
        Output("agreement", "with a sample coded by hand: kappa, precision and recall by theme", sometimes=True)),
    source="Cohen (1960), Educational and Psychological Measurement 20, 37-46; Lee & Seung (2001), Advances in Neural "
           "Information Processing Systems 13, 556-562; Broder (1997), Compression and Complexity of Sequences, 21-29",
    version="1",
    cannot_tell=(
        "Whether a reply is for or against: words say what it speaks of, not what it wants.",
        "How many people in the county think so: those who reply choose themselves.",
        "What was meant by irony, a misspelling or a word the codebook does not have."),
    example="engage themes sample:themes-replies --codebook sample:themes-codebook --coding sample:themes-coding",
    uses_chance=True)
