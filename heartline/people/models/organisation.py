"""What the organisation is made of: brands, sites, teams, the queues they serve, and the skills work asks for."""

from __future__ import annotations

from itertools import chain, count
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = (("en", _("English")), ("zh-hans", _("Simplified Chinese")))
CHANNELS = (("webchat", _("Web chat")), ("webform", _("Message")), ("callback", _("Callback")))
colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits, such as #7a2a60"))
LEVEL = (MinValueValidator(1), MaxValueValidator(5))


class InTwoLanguages(models.Model):
    """A thing named in both languages; the Chinese name may be left out where it is the same."""

    name_en = models.CharField(_("Name in English"), max_length=120)
    name_zh = models.CharField(_("Name in Chinese"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """Return the name in a given language."""
        return (self.name_zh if language.startswith("zh") else self.name_en) or self.name_en


class KeyedByName(InTwoLanguages):
    """A thing that files and programs call by a key, which is made of its first English name and then stays."""

    key = models.SlugField(_("Key"), max_length=60, unique=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Make the key with the first save."""
        self.key = self.key or self._free_key()
        super().save(*args, **kwargs)

    def _free_key(self) -> str:
        kind: Any = type(self)
        wanted = slugify(self.name_en)[:50].strip("-") or kind.__name__.lower()
        taken = set(kind.objects.filter(key__startswith=wanted).values_list("key", flat=True))
        numbered = (f"{wanted}-{n}" for n in count(2))
        return next(key for key in chain([wanted], numbered) if key not in taken)


class Site(KeyedByName):
    """A place with people and a time zone."""

    time_zone = models.CharField(_("Time zone"), max_length=64, default="Asia/Shanghai")
    is_sample = models.BooleanField(default=False, editable=False)


class Brand(InTwoLanguages):
    """A voice customers know us by: name, colours, phone, hours, languages, and where its widget may stand."""

    key = models.SlugField(_("Address"), max_length=40, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="brands")
    phone = models.CharField(_("Phone number"), max_length=40)
    accent = models.CharField(_("Colour on light ground"), max_length=7, default="#7a2a60", validators=[colour])
    accent_dark = models.CharField(_("Colour on dark ground"), max_length=7, default="#e3a5cc", validators=[colour])
    greeting_en = models.CharField(_("Greeting in English"), max_length=300, blank=True)
    greeting_zh = models.CharField(_("Greeting in Chinese"), max_length=300, blank=True)
    languages = models.JSONField(default=list)
    default_language = models.CharField(_("Language"), max_length=10, choices=LANGUAGES, default="en")
    allowed_origins = models.JSONField(default=list, blank=True)
    message_reply_hours = models.PositiveSmallIntegerField(_("Messages are answered within (hours)"), default=4)
    is_default = models.BooleanField(_("Shown at the first address"), default=False)
    is_sample = models.BooleanField(default=False, editable=False)

    def greeting_in(self, language: str) -> str:
        """Return the greeting in a given language, empty when none is set."""
        return self.greeting_zh if language.startswith("zh") else self.greeting_en


class OpeningHours(models.Model):
    """One span of service hours on one weekday, in the site's time; several spans a day are allowed."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])
    opens = models.TimeField()
    closes = models.TimeField(help_text=_("00:00 means the end of the day"))

    class Meta:
        ordering = ["weekday", "opens"]


class Holiday(InTwoLanguages):
    """A date on which the weekday's hours do not hold: closed, or worked instead (调休)."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="holidays")
    date = models.DateField()
    works_like_weekday = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(6)])

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["brand", "date"], name="people_one_holiday_a_date")]

    @property
    def weekday_name(self) -> str:
        """The weekday whose hours hold on this date; empty when closed."""
        return str(WEEKDAYS[self.works_like_weekday]) if self.works_like_weekday is not None else ""


class Skill(InTwoLanguages):
    """Something a contact may ask for and a person may know, at levels 1 to 5."""

    key = models.SlugField(_("Key"), max_length=40, unique=True)
    is_sample = models.BooleanField(default=False, editable=False)


class Queue(InTwoLanguages):
    """Contacts waiting for the same kind of help from one brand."""

    key = models.SlugField(_("Key"), max_length=40, unique=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="queues")
    language = models.CharField(_("Takes contacts in"), max_length=10, choices=LANGUAGES, blank=True)
    is_default = models.BooleanField(_("Takes what no other queue takes"), default=False)
    offer_seconds = models.PositiveSmallIntegerField(_("An offer stays open (seconds)"), default=25)
    answer_within_seconds = models.PositiveIntegerField(_("Answered in time means within (seconds)"), default=60)
    answer_target_percent = models.PositiveSmallIntegerField(_("Aim for answered in time (percent)"), default=80)
    short_abandon_seconds = models.PositiveSmallIntegerField(
        _("Leaving within this many seconds is a short abandon"), null=True, blank=True
    )
    is_sample = models.BooleanField(default=False, editable=False)


class QueueSkill(models.Model):
    """A skill that every contact of a queue asks for."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE)
    level = models.PositiveSmallIntegerField(default=1, validators=LEVEL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "skill"], name="people_queue_skill_once")]


class Team(KeyedByName):
    """People led together, and the queues they serve: membership decides what a person may see."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="teams")
    queues = models.ManyToManyField(Queue, related_name="teams", blank=True)
    is_sample = models.BooleanField(default=False, editable=False)
