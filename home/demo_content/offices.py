"""The fourteen coordination offices, with official key (AGS), number plate and place on the tile map."""

from home.people import CoordinationOffice

DISTRICT = CoordinationOffice.Kind.DISTRICT
CITY = CoordinationOffice.Kind.CITY

# The authority is a fact, the address an example: nobody reads it.
AUTHORITY = "{}, Koordinierungsstelle für Integration und Migration"
EMAIL = "{}@example.org"

# name, slug, kind, AGS, plate, column (half tiles), row
OFFICES = [
    ("Altmarkkreis Salzwedel", "altmarkkreis-salzwedel", DISTRICT, "15081", "SAW", 2, 0),
    ("Stendal", "stendal", DISTRICT, "15090", "SDL", 4, 0),
    ("Börde", "boerde", DISTRICT, "15083", "BK", 1, 1),
    ("Magdeburg", "magdeburg", CITY, "15003", "MD", 3, 1),
    ("Jerichower Land", "jerichower-land", DISTRICT, "15086", "JL", 5, 1),
    ("Harz", "harz", DISTRICT, "15085", "HZ", 0, 2),
    ("Salzlandkreis", "salzlandkreis", DISTRICT, "15089", "SLK", 2, 2),
    ("Anhalt-Bitterfeld", "anhalt-bitterfeld", DISTRICT, "15082", "ABI", 4, 2),
    ("Dessau-Roßlau", "dessau-rosslau", CITY, "15001", "DE", 6, 2),
    ("Wittenberg", "wittenberg", DISTRICT, "15091", "WB", 8, 2),
    ("Mansfeld-Südharz", "mansfeld-suedharz", DISTRICT, "15087", "MSH", 1, 3),
    ("Halle (Saale)", "halle", CITY, "15002", "HAL", 3, 3),
    ("Saalekreis", "saalekreis", DISTRICT, "15088", "SK", 5, 3),
    ("Burgenlandkreis", "burgenlandkreis", DISTRICT, "15084", "BLK", 4, 4),
]
