"""All models of the app, where Django looks for them. They live beside what they belong to."""

from home.events.models import (
    CalendarEntry,
    EditionPage,
    EditionPhoto,
    EventSeries,
    Participation,
    ProgrammeItem,
    ProgrammeSpeaker,
    SeriesPage,
)
from home.feedback.models import BarrierReport
from home.identity import SiteIdentity
from home.images import SiteImage, SiteRendition
from home.membership import AccessRequest, Invitation, OfficeMembership
from home.pages.models import ContentPage, HomePage, NewsIndexPage, NewsPage, StatementPage
from home.people import (
    CoordinationOffice,
    Funder,
    FundingPeriod,
    Person,
    SteeringMember,
    SteeringTerm,
    Topic,
)
from home.upkeep.models import ExternalLink, PageReview

__all__ = [
    "AccessRequest",
    "BarrierReport",
    "CalendarEntry",
    "ContentPage",
    "CoordinationOffice",
    "EditionPage",
    "EditionPhoto",
    "EventSeries",
    "ExternalLink",
    "Funder",
    "FundingPeriod",
    "HomePage",
    "Invitation",
    "NewsIndexPage",
    "NewsPage",
    "OfficeMembership",
    "PageReview",
    "Participation",
    "Person",
    "ProgrammeItem",
    "ProgrammeSpeaker",
    "SeriesPage",
    "SiteIdentity",
    "SiteImage",
    "SiteRendition",
    "StatementPage",
    "SteeringMember",
    "SteeringTerm",
    "Topic",
]
