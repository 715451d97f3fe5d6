"""The three tables and their refusals, from the one definition the file workspace uses too."""

from django.db import migrations, models

from evenhand.record import ddl


def make(apps, schema_editor):
    for statement in ddl.statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        # There is no way back: a record is not unmade.
        migrations.RunPython(make),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("digest", models.TextField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("subject", models.TextField()),
                ("bytes", models.BinaryField()),
            ],
            options={"db_table": "record", "managed": False},
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("hash", models.TextField(primary_key=True, serialize=False)),
                ("subject", models.TextField()),
                ("number", models.IntegerField()),
                ("previous", models.TextField()),
                ("at", models.TextField()),
                ("by", models.TextField()),
                ("organisation", models.TextField()),
                ("kind", models.TextField()),
                ("what", models.TextField()),
                ("papers", models.TextField()),
                ("commitments", models.TextField()),
            ],
            options={"db_table": "entry", "managed": False},
        ),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("commitment", models.TextField(primary_key=True, serialize=False)),
                ("subject", models.TextField()),
                ("salt", models.TextField(null=True)),
                ("words", models.TextField(null=True)),
            ],
            options={"db_table": "words", "managed": False},
        ),
    ]
