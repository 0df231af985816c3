import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from heartline.common.indexes import WithoutIndex


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0012_experts_may_reply'),
        ('customers', '0006_fewer_indexes'),
        ('people', '0002_sites_and_teams_have_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WithoutIndex(
            model_name='case',
            name='brand',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='people.brand'),
        ),
        WithoutIndex(
            model_name='case',
            name='customer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='customers.customer'),
        ),
        WithoutIndex(
            model_name='case',
            name='merged_into',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='conversations.case'),
        ),
        WithoutIndex(
            model_name='case',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to=settings.AUTH_USER_MODEL),
        ),
        WithoutIndex(
            model_name='case',
            name='queue',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='people.queue'),
        ),
        WithoutIndex(
            model_name='case',
            name='reason',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='conversations.contactreason'),
        ),
        WithoutIndex(
            model_name='case',
            name='type',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='conversations.casetype'),
        ),
        WithoutIndex(
            model_name='contact',
            name='assignee',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to=settings.AUTH_USER_MODEL),
        ),
        WithoutIndex(
            model_name='contact',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='conversations.case'),
        ),
        WithoutIndex(
            model_name='contact',
            name='preferred',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        WithoutIndex(
            model_name='contact',
            name='queue',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='people.queue'),
        ),
        WithoutIndex(
            model_name='message',
            name='author',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to=settings.AUTH_USER_MODEL),
        ),
        WithoutIndex(
            model_name='message',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='conversations.case'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('reason__isnull', False)), fields=['reason'], name='cases_by_reason'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('type__isnull', False)), fields=['type'], name='cases_by_type'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='cases_by_merged_into'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['queue', 'answered_at'], name='contacts_by_answer'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('preferred__isnull', False)), fields=['preferred'], name='contacts_by_preferred'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('author__isnull', False)), fields=['author'], name='messages_by_author'),
        ),
    ]
