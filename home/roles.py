"""The roles of the site, by the names of their Django groups. `cms.roles` gives them their permissions."""

from django.db import models


class Role(models.TextChoices):
    """What a person may do. The value is the name of the Django group."""

    EDITOR = "Redaktion", "Redaktion"
    CHIEF_EDITOR = "Chefredaktion", "Chefredaktion"
    COORDINATOR = "Koordination", "Koordination"
    STEERING_GROUP = "Steuerungsgruppe", "Steuerungsgruppe"
    ADMINISTRATION = "Verwaltung", "Verwaltung"
