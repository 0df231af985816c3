"""Keys that may see alerts keep it: seeing them is a right of its own now, for those of figures have other readers."""

from django.db import migrations


def keep_seeing(apps, _editor):
    """Give the right to see alerts to each key that had the one it came from."""
    for key in apps.get_model("api", "ApiKey").objects.iterator():
        if "alert.handle" in key.rights and "alert.see" not in key.rights:
            key.rights.append("alert.see")
            key.save(update_fields=["rights"])


class Migration(migrations.Migration):
    """No table changes."""

    dependencies = [("api", "0003_fewer_indexes")]

    operations = [migrations.RunPython(keep_seeing, migrations.RunPython.noop, elidable=True)]
