"""The mail of `bench.mail`: about 30 KB as it goes over the wire, with a personal unsubscribe link."""

from newsletter.sending.message import NAME, SETTINGS_URL, UNSUBSCRIBE_URL

SUBJECT = "Was aus Halle bleibt, und die Termine für 2025"
_PARAGRAPH = (
    "Wie sprechen Verwaltungen Unternehmen so an, dass daraus eine dauerhafte Zusammenarbeit wird? Darum ging es im "
    "November in Halle. Das Programm, die Unterlagen und die Ergebnisse stehen jetzt online, geprüft und ergänzt. "
)
_ROW = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="padding:16px 24px;'
    'font-family:Arial,sans-serif;font-size:16px;line-height:24px;color:#1d2433;">{}</td></tr></table>\n'
)
HTML = (
    '<!doctype html>\n<html lang="de"><head><title>Newsletter</title></head><body>\n'
    + _ROW.format(f"Guten Tag{NAME}!")
    + "".join(_ROW.format(_PARAGRAPH) for _row in range(42))
    + _ROW.format(f'<a href="{UNSUBSCRIBE_URL}">Abmelden</a> <a href="{SETTINGS_URL}">Einstellungen</a>')
    + "</body></html>\n"
)
TEXT = f"Guten Tag{NAME}!\n\n" + f"{_PARAGRAPH}\n\n" * 22 + f"Abmelden: {UNSUBSCRIBE_URL}\n{SETTINGS_URL}\n"
