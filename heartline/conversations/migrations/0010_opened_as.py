"""In whose name cases and contacts were opened that merges of customers have moved."""

from django.db import migrations, models


def remember(apps, schema_editor):
    """Write down in whose name was opened what merges have moved; where they moved it twice, the first one knows."""
    Merge = apps.get_model("customers", "Merge")
    for merge in Merge.objects.filter(undone_at=None).order_by("-id"):
        for name, ids in merge.moved.items():
            table, _dot, column = name.rpartition(".")
            if table in ("conversations.case", "conversations.contact") and column == "customer":
                apps.get_model(table).objects.filter(pk__in=ids).update(opened_as=merge.gone_id)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0009_shared_drafts"), ("customers", "0003_fold_names")]
    operations = [
        migrations.AddField("case", "opened_as", models.PositiveBigIntegerField(editable=False, null=True)),
        migrations.AddField("contact", "opened_as", models.PositiveBigIntegerField(editable=False, null=True)),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
