import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from heartline.common.indexes import WithoutIndex


class Migration(migrations.Migration):

    dependencies = [
        ('api', '0002_sealed_replies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WithoutIndex(
            model_name='keptreply',
            name='person',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
