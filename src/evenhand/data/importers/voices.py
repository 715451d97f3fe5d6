"""What people wrote and how they voted: known by its headings, and read by commands of its own, never loaded."""

from __future__ import annotations

from collections.abc import Callable

from evenhand.data.importers.activity import squeezed
from evenhand.data.importers.importer import Harvest, Importer, Published
from evenhand.terms import refuse

_CONVERSATION = "The Computational Democracy Project"
_LICENCE = "Creative Commons Attribution 4.0"
_NEXT = "github.com/compdemocracy/openData, conversation by conversation"


def _refusing(what: str, remedy: str) -> Callable[[Published], Harvest]:
    def read(file: Published) -> Harvest:
        raise refuse(what, remedy, file=file.name)

    return read


def _has(*headings: str) -> Callable[[Published], bool]:
    wanted = {squeezed(each) for each in headings}

    def fits(file: Published) -> bool:
        return wanted <= {squeezed(each) for each in file.table.columns}

    return fits


def _is_summary(file: Published) -> bool:
    columns = file.table.columns
    first = {each.casefold() for each in file.table.texts(columns[0])} if len(columns) == 2 else set()
    return columns[0].casefold() == "topic" and {"views", "voters"} <= first


def _declared(name: str, title: str, headings: tuple[str, ...], what: str, remedy: str, *,
              publisher: str = _CONVERSATION, licence: str = _LICENCE, following: str = _NEXT,
              fits: Callable[[Published], bool] | None = None) -> Importer:
    return Importer(name=name, title=f"{title} (not loaded: another command reads it)", publisher=publisher,
                    licence=licence, next_release=following, headings=headings, gives=(), read=_refusing(what, remedy),
                    fits=fits or _has(*headings))


_PEOPLE = "each row is one person: what one person said or voted is not kept in the workspace"
_OPINION = "evenhand engage opinion FILE groups those who vote alike"
_VOTES = f"nothing to do: {_OPINION}, as it stands"
IMPORTERS = (
    _declared("opinion-participants", "Votes of participants on statements, one row a participant",
              ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"), _PEOPLE, _VOTES),
    _declared("opinion-votes", "Votes on statements, one row a vote",
              ("timestamp", "datetime", "comment-id", "voter-id", "vote"), "each row is one vote of one person: it is "
              "not kept in the workspace", "make it one row a participant and one column a statement, or take "
              f"the file of participants: {_OPINION}"),
    _declared("opinion-statements", "Statements of a conversation and how many agreed",
              ("timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"),
              "these are words that people wrote: they are not kept in the workspace",
              "nothing to do: evenhand engage opinion VOTES --statements FILE reads it beside the votes"),
    _declared("opinion-summary", "Summary of a conversation", ("topic",),
              "this says how large a conversation was and holds no figures to load",
              f"nothing to do: the votes say what is needed, and {_OPINION}", fits=_is_summary),
    _declared("patient-feedback", "What patients wrote about their care, labelled by theme",
              ("Comment ID", "Trust", "FFT answer", "Comment sentiment"),
              "these are words that patients wrote and may tell who they are: they are not kept in the workspace",
              "evenhand engage themes FILE --columns 'reply_id=Comment ID,text=FFT answer' screens them and counts "
              "what they speak of",
              publisher="NHS England, Patient Experience Qualitative Data Categorisation project",
              licence="MIT, Copyright NHS England 2021", following="github.com/The-Strategy-Unit/pxtextmining"),
)
