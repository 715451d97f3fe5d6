"""Every table of the site is classified and owned, and points only where it may."""

import pytest
from django.apps import apps

from evenhand.record.classified import EXEMPT, RECORDED, THE_RECORD_ITSELF, is_exempt, is_recorded

# Made by others; what they hold is said in record/classified.py.
NOT_OURS = ("auth", "contenttypes", "sessions", "axes", "django_tasks_database")
OPEN_TO_ALL = ("record", "people")


def tables():
    return [model for model in apps.get_models(include_auto_created=True)]


def ours():
    return [model for model in tables() if model._meta.app_label not in NOT_OURS]


@pytest.mark.parametrize("model", tables(), ids=lambda model: model._meta.db_table)
def test_a_table_is_recorded_or_says_why_it_need_not_be(model):
    table = model._meta.db_table
    assert is_recorded(table) or table in THE_RECORD_ITSELF or is_exempt(table)
    assert not (is_recorded(table) and is_exempt(table))


def test_no_classification_speaks_of_a_table_that_is_not_there():
    there = {model._meta.db_table for model in tables()} | {"django_migrations"}
    assert {table for tables_of_app in RECORDED.values() for table in tables_of_app} <= there
    assert set(EXEMPT) <= there


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.db_table)
def test_a_table_says_whose_its_rows_are(model):
    owner = model.owned_by
    if owner.startswith("nobody: ") or owner in ("itself",) or model._meta.app_label == "record":
        assert len(owner) > 5
        return
    followed = model
    for step in owner.split("."):
        followed = followed._meta.get_field(step).related_model
    assert followed._meta.db_table == "people_organisation", f"{owner} leads to {followed}"


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.db_table)
def test_a_key_points_within_its_app_or_to_the_record_or_to_people(model):
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete:
            app = field.related_model._meta.app_label
            assert app in (model._meta.app_label, *OPEN_TO_ALL), f"{field.name} points into {app}"


def test_the_migration_that_makes_a_table_has_the_owner():
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    for model in ours():
        owner = model.owned_by.split(".")[0]
        if owner in {field.name for field in model._meta.get_fields()}:
            made = next(each for (app, _), migration in loader.disk_migrations.items()
                        if app == model._meta.app_label for each in migration.operations
                        if type(each).__name__ == "CreateModel" and each.name == model.__name__)
            assert owner in {name for name, _ in made.fields}
