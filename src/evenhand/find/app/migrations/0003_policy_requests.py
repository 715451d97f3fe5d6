import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('find', '0002_concerns'),
        ('people', '0001_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.CharField(db_index=True, max_length=120)),
                ('title', models.CharField(max_length=200)),
                ('route', models.CharField(max_length=16)),
                ('cohort', models.TextField()),
                ('why', models.TextField()),
                ('benefit', models.TextField()),
                ('pounds', models.PositiveIntegerField(null=True)),
                ('asked_on', models.DateField()),
                ('moment', models.CharField(default='asked', max_length=12)),
                ('reasons', models.TextField(blank=True)),
                ('decided_on', models.DateField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policy_requests', to='people.organisation')),
            ],
            options={
                'ordering': ('-asked_on', '-id'),
            },
        ),
    ]
