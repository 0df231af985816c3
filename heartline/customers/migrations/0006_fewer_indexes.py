import django.db.models.deletion
from django.db import migrations, models

from heartline.common.indexes import WithoutIndex


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0005_needs_care'),
    ]

    operations = [
        WithoutIndex(
            model_name='customer',
            name='merged_into',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged_from', to='customers.customer'),
        ),
        WithoutIndex(
            model_name='customer',
            name='organisation',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='customers', to='customers.organisation'),
        ),
        WithoutIndex(
            model_name='identity',
            name='customer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='customers.customer'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('organisation__isnull', False)), fields=['organisation'], name='customers_by_organisation'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='customers_by_merged_into'),
        ),
    ]
