"""The user. No relation to another app: the base never points up, else the first `migrate` is circular."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Makes and finds users by e-mail address, without regard to case."""

    use_in_migrations = True

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; without a password only a login code by mail lets the person in."""
        if not self.normalize_email(email):
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person with an account: staff, coordinators, members of the steering group."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("E-Mail-Adresse", unique=True)
    reviewed_on = models.DateField(
        "zuletzt bestätigt am", null=True, blank=True, editable=False, help_text="Leer: seit der Einrichtung nicht."
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_nocase",
                violation_error_message="Zu dieser Adresse gibt es schon ein Konto.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self) -> None:
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)


class AttemptCount(models.Model):
    """How often something was tried that guesses a secret or sends a mail (see `cms.accounts.limits`).

    The key is a keyed hash of account and network, so a row names nobody; it is worth nothing after `until`.
    """

    key = models.CharField("Hash", max_length=64, primary_key=True, editable=False)
    count = models.PositiveIntegerField("Anzahl", default=1)
    until = models.DateTimeField("zählt bis", db_index=True)

    class Meta:
        verbose_name = "Zähler von Versuchen"
        verbose_name_plural = "Zähler von Versuchen"

    def __str__(self) -> str:
        return f"{self.count} bis {self.until:%d.%m.%Y %H:%M}"
