"""Who contributes to a part of the programme, as a line of text: the same on the page, in the mail and in the PDF."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from home.templatetags.german import listed

if TYPE_CHECKING:
    from home.events.models import ProgrammeSpeaker


def contributor_lines(speakers: Iterable[ProgrammeSpeaker]) -> list[str]:
    """ "Ada Muster und Bo Beispiel (Landkreis Harz)", then "Moderation: …".

    Speakers come before moderators; neighbours of one organisation share its name; an organisation without a person
    stands for itself.
    """
    ordered = sorted(speakers, key=lambda speaker: speaker.part == speaker.Part.MODERATION)
    lines = []
    for (part, organisation), group in groupby(ordered, key=lambda speaker: (speaker.part, speaker.organisation_name)):
        people = [speaker.person.name for speaker in group if speaker.person]
        line = listed(people) + (f" ({organisation})" if organisation else "") if people else organisation
        lines.append(gettext("Moderation: %(people)s") % {"people": line} if part == "moderation" else line)
    return lines
