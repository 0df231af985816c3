"""Someone who works with us and signs in: role, teams, skills, languages, how much they take at once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from heartline.people.models.organisation import CHANNELS, LANGUAGES, LEVEL, Site, Skill, Team


class Role(models.TextChoices):
    """What a person is here for; `heartline.people.permissions` says what each role may do."""

    AGENT = "agent", _("Agent")
    EXPERT = "expert", _("Expert")
    SUPERVISOR = "supervisor", _("Supervisor")
    ANALYST = "analyst", _("Analyst")
    ADMIN = "admin", _("Administrator")


class PersonManager(BaseUserManager["Person"]):
    """Makes people from an address and a password."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Return a new person; without a password they can only sign in another way."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> Person:
        """Return the person with an address, in whatever case it was typed."""
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """One of our people."""

    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    public_name = models.CharField(_("Name shown to customers"), max_length=60, blank=True)
    role = models.CharField(_("Role"), max_length=12, choices=Role.choices, default=Role.AGENT)
    language = models.CharField(_("Language of the pages"), max_length=10, choices=LANGUAGES, default="en")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="people", verbose_name=_("Site"))
    teams = models.ManyToManyField(Team, related_name="members", blank=True, verbose_name=_("Teams"))
    is_active = models.BooleanField(_("May sign in"), default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    sessions_round = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """A session carries this hash: it ends when the password changes, and when `sessions_round` is counted up."""
        value = f"{self.password}:{self.sessions_round}"
        return salted_hmac("heartline.people.session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def customer_sees(self) -> str:
        """The name customers see."""
        return self.public_name or self.name


class PersonSkill(models.Model):
    """A skill a person has."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="holders")
    level = models.PositiveSmallIntegerField(default=3, validators=LEVEL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "skill"], name="people_person_skill_once")]


class PersonLanguage(models.Model):
    """A language a person serves in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=10, choices=LANGUAGES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "language"], name="people_person_language_once")]


class Capacity(models.Model):
    """How many contacts of a channel a person takes at once; without a row they take none of it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="capacities")
    channel = models.CharField(max_length=20, choices=CHANNELS)
    limit = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="people_capacity_once")]


class InvitationLink(models.Model):
    """A link by which a person sets a password, once, until it expires. Only its hash is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="invitation_link")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
