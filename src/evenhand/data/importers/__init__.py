"""Published files as they are: one module a publication, one line here."""

from evenhand.catalogue import Catalogue
from evenhand.data.importers import (
    allocations,
    anticoagulants,
    appointments,
    beds,
    cancer,
    cases,
    code_lists,
    commissioner_panels,
    emergency,
    episodes,
    indicators,
    money_kept,
    nations,
    organisation_lists,
    organisations_practices,
    own_panel,
    payments,
    populations,
    prescribing,
    prices,
    sub_icb_measures,
    therapies,
    visit_trial,
    waiting_lists,
)
from evenhand.data.importers.importer import Harvest, Importer, Published, Refusal

IMPORTERS: Catalogue[Importer] = Catalogue("publication", [
    *sub_icb_measures.IMPORTERS,
    *commissioner_panels.IMPORTERS,
    *anticoagulants.IMPORTERS,
    *allocations.IMPORTERS,
    *organisation_lists.IMPORTERS,
    *organisations_practices.IMPORTERS,
    *cases.IMPORTERS,
    *code_lists.IMPORTERS,
    *episodes.IMPORTERS,
    *payments.IMPORTERS,
    *populations.IMPORTERS,
    *indicators.IMPORTERS,
    *prescribing.IMPORTERS,
    *prices.IMPORTERS,
    *visit_trial.IMPORTERS,
    *own_panel.IMPORTERS,
    *money_kept.IMPORTERS,
    *emergency.IMPORTERS,
    *waiting_lists.IMPORTERS,
    *cancer.IMPORTERS,
    *beds.IMPORTERS,
    *therapies.IMPORTERS,
    *appointments.IMPORTERS,
    *nations.IMPORTERS,
])

__all__ = ["IMPORTERS", "Harvest", "Importer", "Published", "Refusal"]
