"""Which bodies are like one: peers from the region's own table of what bodies are like, as a second thing to be set
beside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.data import tables
from evenhand.data.reading import digest_of
from evenhand.find import peers
from evenhand.papers import Evidence, Header, Method, Sealed, Source, subject
from evenhand.region.job import Job
from evenhand.region.own import INVENTED
from evenhand.terms import Refused
from evenhand.terms.words import counted, listed, per_cent

BODIES = "figures/bodies.csv"
COUNT = 10
WANTED = ("unit, and a column for each thing that makes bodies alike, such as population, share_over_65, deprivation "
          "and rurality")


@dataclass(frozen=True)
class Peers:
    """The peers of one body, the nearest first, and what sets them apart from it."""

    of: str
    codes: tuple[str, ...]
    columns: tuple[str, ...]
    apart: str
    apart_share: float
    mean_distance: float
    lonely_share: float
    remarks: tuple[str, ...]
    method: Method


def lacking(job: Job) -> str:
    """What is missing for peers, in words; nothing where the table is there."""
    missing = job.folder.lacks(BODIES)
    return f"Peers: {missing} ({WANTED})" if missing else ""


def peers_of(job: Job, code: str, there: Collection[str]) -> Peers:
    """The ten bodies most like one among those that have figures; fewer where there are fewer.

    Raises ``Refused`` where the table does not hold the body, or cannot be used.
    """
    path = job.folder.path / BODIES
    table = tables.read(path)
    table.require("unit")
    absent = tuple(each for each in table.texts("unit") if each not in there and each != code)
    answer = peers(path, of=code, count=COUNT, without=absent)
    fields = answer.fields
    apart: dict[str, float] = {}
    for row in fields["rows"]:
        for name, share in row["shares"].items():
            apart[name] = apart.get(name, 0.0) + share * row["distance"]
    most = max(apart, key=lambda name: apart[name])
    whole = sum(apart.values())
    return Peers(code, tuple(fields["peers"]), tuple(fields["weights"]), most, apart[most] / whole if whole else 0.0,
                 fields["mean_distance"], fields["share_with_nearer_peers"], answer.remarks,
                 Method(answer.method.name, answer.method.version, answer.method.source))


def in_words(name: str) -> str:
    """A column's heading as a reader would write it."""
    return name.replace("_", " ")


def sentence_of(job: Job, found: Peers) -> str:
    """Who the peers are, by what, and what sets them apart."""
    names = [job.name(each) for each in found.codes]
    shown = listed(names) if len(names) <= 4 else listed([*names[:3], f"{len(names) - 3} more"])
    lonely = (f" It has no close ones: for {per_cent(found.lonely_share)} of the others the nearest are nearer."
              if found.lonely_share >= 0.9 else "")
    return (f"Most like {job.name(found.of)} by {listed([in_words(each) for each in found.columns])} are {shown}; what "
            f"sets them apart is most of all {in_words(found.apart)} ({per_cent(found.apart_share)} of the distance)."
            f"{lonely}")


def evidence(job: Job, found: Peers, period: str) -> Sealed:
    """The peers of one body as a paper, for whoever asks later why these ones."""
    invented = (INVENTED,) if job.folder.region.invented else ()
    return job.keep(Evidence(
        header=Header(subject=subject("body", found.of), made_from=job.folder.as_sources(BODIES), method=found.method,
                      settings={"count": COUNT, "peers": list(found.codes), "using": list(found.columns),
                                "figures": period, "mean_distance": found.mean_distance}),
        source=Source(f"{job.folder.region.slug}/{BODIES}", digest=digest_of((job.folder.path / BODIES).read_bytes())),
        design="bodies most alike, every characteristic counting the same", says=sentence_of(job, found),
        limits=(*found.remarks, *invented)), organisation=found.of)


def beside(job: Job, found: Peers, row: dict[str, Any]) -> dict[str, Any]:
    """One measure's gap against the peers, as an opportunity holds it."""
    return {"units": list(found.codes), "names": [job.name(each) for each in found.codes], "gap": row["gap"],
            "interval": list(row["interval"]), "signal": bool(row.get("signal")), "rank": row.get("rank"),
            "of": row.get("of")}


def agreed(job: Job, code: str, found: Peers, gaps: Sequence[dict[str, Any]],
           theirs: dict[str, dict[str, Any]]) -> str:
    """How many of a body's gaps stand against its peers as well."""
    kept = [row for row in gaps if (beside := theirs.get(row["measure"])) and beside["signal"] and beside["gap"] > 0]
    gone = [row["title"] for row in gaps if row not in kept]
    said = (f"{job.name(code)}: of {counted(len(gaps), 'gap')} of more than chance, {len(kept)} "
            f"{'is' if len(kept) == 1 else 'are'} so against its {counted(len(found.codes), 'peer')} too")
    return f"{said}; not {listed(gone)}." if gone and len(gone) <= 4 else f"{said}."


def units_of(panel: Any) -> Iterator[str]:
    """The bodies of a panel."""
    import pyarrow.compute as pc

    yield from pc.unique(panel["unit"]).to_pylist()


def peers_or_why(job: Job, code: str, panel: Any) -> tuple[Peers | None, str]:
    """Peers of a body among those of a panel, or why there are none."""
    if job.folder.lacks(BODIES):
        return None, ""
    try:
        return peers_of(job, code, set(units_of(panel))), ""
    except Refused as refused:
        return None, f"Peers of {job.name(code)}: {refused.lines()[0]}"
