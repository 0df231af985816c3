"""Sites and teams get keys, by which plans in files name them."""

from itertools import chain, count

from django.db import migrations, models
from django.utils.text import slugify


def make_keys(apps, schema_editor):
    for name in ("Site", "Team"):
        model = apps.get_model("people", name)
        taken = set()
        for row in model.objects.order_by("id"):
            wanted = slugify(row.name_en)[:50].strip("-") or name.lower()
            row.key = next(key for key in chain([wanted], (f"{wanted}-{n}" for n in count(2))) if key not in taken)
            taken.add(row.key)
            row.save(update_fields=["key"])


def field(**options):
    return models.SlugField(blank=True, editable=False, max_length=60, verbose_name="Key", **options)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("site", "key", field(default="", db_index=False), preserve_default=False),
        migrations.AddField("team", "key", field(default="", db_index=False), preserve_default=False),
        migrations.RunPython(make_keys, migrations.RunPython.noop),
        migrations.AlterField("site", "key", field(unique=True)),
        migrations.AlterField("team", "key", field(unique=True)),
    ]
