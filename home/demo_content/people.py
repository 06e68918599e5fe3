"""Topics, series, people in their public roles, funders and the steering group of 2019."""

from home.people import Person

# slug: (name, description, offered in the newsletter)
TOPICS = {
    "ideenwerkstatt": ("Ideenwerkstatt", "Berichte und Dokumente der Treffen", True),
    "termine": ("Termine", "Nächste Treffen und Fachtage", True),
    "foerderung": ("Fördermittel und Anträge", "Neues zu Programmen und Verfahren", True),
    "arbeitsmarkt": ("Verwaltung und Arbeitsmarkt", "", False),
    "integrationskonzepte": ("Integrationskonzepte", "", False),
    "rollenverstaendnis": ("Rolle der Koordinierungsstellen", "", False),
    "laendlicher-raum": ("Integration im ländlichen Raum", "", False),
    "eu-migration": ("EU-Migration", "", False),
    "interkulturelle-oeffnung": ("Interkulturelle Öffnung", "", False),
}

# slug: (name, description)
SERIES = {
    "ideenwerkstatt": ("Ideenwerkstatt", "Anderthalb Tage Austausch der Koordinierungsstellen, zweimal im Jahr."),
    "ideencafe": ("Ideencafé", "Ein Treffen im Kalender des Projekts, neben der Ideenwerkstatt."),
    "fachtag": ("Fachtag", "Fachwissen weitergeben, sich vernetzen, sich weiterbilden."),
}

SPEAKER, TEAM = Person.Role.SPEAKER, Person.Role.TEAM

# key: (name, role, organisation, function)
PEOPLE = {
    "michalak": ("Dr. Katja Michalak", TEAM, "IKOE, AGSA", "Projektleiterin"),
    "paulke": ("Katja Paulke", TEAM, "IKOE, AGSA", "Projektmitarbeiterin"),
    "goedde": ("Dirk Gödde", SPEAKER, "Landesverwaltungsamt Sachsen-Anhalt", ""),
    "aust": ("Debora Aust", SPEAKER, "", "Referentin"),
    "al-homssi": ("Latif Hamamiyeh Al-Homssi", SPEAKER, "Landkreis Waldeck-Frankenberg", "Integrationskoordinator"),
    "habich": ("Theresa Habich", SPEAKER, "Landkreis Waldeck-Frankenberg", "Integrationskoordinatorin"),
    "malycha": ("B. Malycha", SPEAKER, "", ""),
    "blau": ("K. Blau", SPEAKER, "", ""),
    "wernike": ("J. Wernike", SPEAKER, "Landkreis Stendal", ""),
    "ludwig": ("I. Ludwig", SPEAKER, "Altmarkkreis Salzwedel", ""),
    "pappritz": ("Frau Pappritz", SPEAKER, "", ""),
}

# Keys of PEOPLE. Nobody else has a public number.
PHONES = {"michalak": "0391 5371-271"}

# Who speaks for a coordination office: key of PEOPLE -> slug of the office.
OFFICES_OF = {"wernike": "stendal", "ludwig": "altmarkkreis-salzwedel"}

# Name, and the words beside the logo. What the Union asks for stands in full beside its emblem, without a fund or an
# abbreviation (Regulation (EU) 2021/1060, annex IX); it is "Kofinanziert" where others pay too.
FUNDERS = {
    "eu": ("Europäische Union, Asyl-, Migrations- und Integrationsfonds", "Kofinanziert von der Europäischen Union"),
    "land": ("Land Sachsen-Anhalt", "Land Sachsen-Anhalt"),
}
FUNDING_PERIOD = "AMIF, vierte Förderperiode"
FUNDING_WORDING = (
    "Gefördert von der Europäischen Union (Asyl-, Migrations- und Integrationsfonds, vierte Förderperiode) "
    "und dem Land Sachsen-Anhalt."
)

STEERING_YEAR = 2019
STEERING_NOTE = "Gewählte Koordinierungsstellen und Landesverwaltungsamt"
STEERING_MEMBERS = [
    ("Jakob Wernike", "Landkreis Stendal"),
    ("Stefan Schmidt", "Landkreis Anhalt-Bitterfeld"),
    ("Julia Held", "Landkreis Jerichower Land"),
    ("Laura Lubinski", "Magdeburg"),
    ("Dirk Gödde", "Landesverwaltungsamt"),
]
