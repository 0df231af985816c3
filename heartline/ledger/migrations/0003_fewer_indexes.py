from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_append_only'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='entry',
            name='ledger_case',
        ),
        migrations.RemoveIndex(
            model_name='entry',
            name='ledger_contact',
        ),
        migrations.RemoveIndex(
            model_name='entry',
            name='ledger_person',
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('case_id__isnull', False)), fields=['case_id', 'id'], name='ledger_of_case'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('contact_id__isnull', False)), fields=['contact_id', 'id'], name='ledger_of_contact'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('person_id__isnull', False)), fields=['person_id', 'id'], name='ledger_of_person'),
        ),
    ]
