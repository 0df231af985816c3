"""Names as they are compared, and the last digits of phone numbers, for customers who were here before."""

from django.db import migrations

from heartline.common.text import fold


def fill(apps, schema_editor):
    Customer = apps.get_model("customers", "Customer")
    for customer in Customer.objects.exclude(name="").only("id", "name").iterator(chunk_size=2000):
        Customer.objects.filter(id=customer.id).update(name_folded=fold(customer.name)[:200])
    Identity = apps.get_model("customers", "Identity")
    for identity in Identity.objects.filter(kind="phone").only("id", "value").iterator(chunk_size=2000):
        Identity.objects.filter(id=identity.id).update(tail=identity.value[-4:])


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_customers_whole")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
