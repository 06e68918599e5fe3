"""All models of the app, where Django looks for them. They live beside what they belong to."""

from home.events.models import (
    EditionPage,
    EventSeries,
    Participation,
    ProgrammeItem,
    ProgrammeSpeaker,
    SeriesPage,
)
from home.images import SiteImage, SiteRendition
from home.pages.models import ContentPage, HomePage, NewsIndexPage, NewsPage, StatementPage
from home.people import (
    CoordinationOffice,
    Funder,
    FundingPeriod,
    Invitation,
    OfficeMembership,
    Person,
    SteeringMember,
    SteeringTerm,
    Topic,
)

__all__ = [
    "ContentPage",
    "CoordinationOffice",
    "EditionPage",
    "EventSeries",
    "Funder",
    "FundingPeriod",
    "HomePage",
    "Invitation",
    "NewsIndexPage",
    "NewsPage",
    "OfficeMembership",
    "Participation",
    "Person",
    "ProgrammeItem",
    "ProgrammeSpeaker",
    "SeriesPage",
    "SiteImage",
    "SiteRendition",
    "StatementPage",
    "SteeringMember",
    "SteeringTerm",
    "Topic",
]
