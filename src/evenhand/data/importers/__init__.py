"""Published files as they are: one module a publication, one line here."""

from evenhand.catalogue import Catalogue
from evenhand.data.importers import (
    allocations,
    anticoagulants,
    cases,
    commissioner_panels,
    money_kept,
    organisation_lists,
    own_panel,
    sub_icb_measures,
    visit_trial,
)
from evenhand.data.importers.importer import Harvest, Importer, Published, Refusal

IMPORTERS: Catalogue[Importer] = Catalogue("publication", [
    *sub_icb_measures.IMPORTERS,
    *commissioner_panels.IMPORTERS,
    *anticoagulants.IMPORTERS,
    *allocations.IMPORTERS,
    *organisation_lists.IMPORTERS,
    *cases.IMPORTERS,
    *visit_trial.IMPORTERS,
    *own_panel.IMPORTERS,
    *money_kept.IMPORTERS,
])

__all__ = ["IMPORTERS", "Harvest", "Importer", "Published", "Refusal"]
