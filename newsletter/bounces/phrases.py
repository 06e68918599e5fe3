"""What mail servers write for people, in German and English: one regular expression a line, by what it means.

Collected from the texts of Postfix, Exim, qmail, sendmail, Exchange, Domino, GroupWise, Gmail, GMX, Web.de, T-Online,
Yahoo and others. Case does not matter, and white space has been flattened to single blanks. `<who>` and `<wer>` stand
for a recipient and what is said up to the end of the sentence.
"""

# The mailbox is full, or the name server has asked for patience.
FULL = r"""
host not found, try again
(?:mail)?box (?:is |was )?(?:temporarily )?(?:full|exceeded)
over(?:[ -]its)? ?quota
quota (?:is )?exceeded
exceed\w* (?:the |its |his |their )?(?:storage|mailbox|disk|quota|space|size)
out of storage space
insufficient (?:system |disk )?(?:storage|space)
not enough (?:storage )?space
disk ?full
(?:postfach|mailbox|konto|speicher(?:platz)?)\s(?:[^.\n]{0,60}\s)?(?:ist |sind )?(?:voll|überfüllt|erschöpft)
speicherplatz[^.\n]{0,60}(?:überschritten|ausgeschöpft|erschöpft|reicht nicht)
(?:quota|speichergrenze|speicherlimit|kontingent)[^.\n]{0,40}(?:überschritten|erreicht|erschöpft)
"""

# It is about us: content, reputation, signatures, rules.
POLICY = r"""
\bspam\b
\bunsolicited\b
\bblack ?list
\bblock ?list
\bdnsbl\b
\brbl\b
spamhaus
spamcop
poor reputation
reputation of (?:your|the)
bad reputation
\bdmarc\b
\bdkim\b
\bspf\b
relay(?:ing)? (?:access )?(?:denied|not permitted|not allowed)
unable to relay
\bpolic(?:y|ies)\b
not authenticated
unauthenticated
authentication (?:is )?required
permission to send
not (?:been )?(?:allowed|authori[sz]ed|permitted) to send
sender (?:address )?(?:rejected|denied|blocked|verify)
message (?:content )?(?:was )?(?:rejected|refused|blocked)(?: due to| because of)? (?:its )?content
client host[^\n]{0,80}(?:rejected|blocked)
(?<!not )listed (?:at|in|by|on)\b
virus
banned sending ip
tls (?:is )?required
reverse (?:dns|hostname)
no ptr
bad dns ptr
rfc ?5322
suspicious
unerwünschte
richtlinie
nicht berechtigt
keine berechtigung
sperrliste
aus sicherheitsgründen
a problem occurred\. ask your postmaster
\btosa@
(?:absender|ip-adresse|server)[^.\n]{0,40}(?:gesperrt|blockiert|abgelehnt)
"""

PLACES = {
    "<who>": r"(?:user|recipient|mailbox|account|address|addressee|e-?mail account|alias)\b[^.\n]{0,80}",
    "<what>": r"(?:user|recipient|mailbox|address|alias|account|e-?mail|person|domain|host)",
    "<wer>": r"(?:empfänger|adresse|postfach|benutzer|konto|nutzer|mailadresse|domäne|domain)\b[^.\n]{0,80}",
}
# Nobody gets mail there.
GONE = r"""
<who>(?:unknown|not (?:be )?found|doesn['’]?t exist|does not exist|not exist|disabled|deactivated|inactive)
<who>no longer (?:exists?|valid|active|available|used|in use)
<who>(?:not (?:a )?(?:valid|known|listed|local)|invalid|closed|suspended|deleted|(?:is )?not active)
<who>(?:wasn['’]?t found|couldn['’]?t be found|not (?:be )?recogni[sz]ed|has been (?:removed|abandoned))
(?:unknown|invalid|no such|non-?existent|bad|undeliverable|illegal) (?:local |virtual |destination )?<what>
no mailbox (?:here )?by that name
no (?:such )?user
not our customer
user-?unknown
unrouteable address
unroutable address
recipientnotfound
adr\.exrecipnotfound
access denied\. as\(201806281\)
recipient address rejected: access denied
mailbox unavailable
mailbox is disabled
unable to find recipient
host (?:or domain name )?(?:unknown|not found)
domain (?:name )?(?:not found|does not exist|doesn['’]?t exist|couldn)
name or service not known
all relevant mx records point to non-existent hosts
nullmx
null mx
does not accept mail
couldn't find any host
no route to address
not listed in (?:the )?(?:public |domino )
<wer>(?:unbekannt|existiert nicht|nicht existiert|gibt es nicht)
<wer>nicht (?:gefunden|bekannt|vorhanden|gültig|mehr gültig|mehr aktiv|existent|ermittelt)
<wer>(?:ungültig|deaktiviert|gelöscht|gesperrt|geschlossen)
(?:unbekannte|ungültige|falsche)[rsn]? (?:empfänger|adresse|benutzer|e-mail-adresse|postfach|mailadresse)
kein (?:solcher |solches )?(?:benutzer|postfach|empfänger)
nicht existierende
wurde (?:in|auf|bei|unter) [^\n]{1,60} nicht gefunden
nicht im [\w-]{0,20}verzeichnis
doesn['’]?t have an? [\w.]+ account
this account has been
not a known user
no longer (?:with|at)\b
"""

# The server, the way to it, or its patience.
PASSING = r"""
temporar(?:y|ily)
try again
timed? ?out
time-?out
connection (?:refused|reset|lost|dropped|timed)
greylist
grey-list
delayed
delivery time expired
message expired
too many (?:connections|messages)
rate limit
resources
retry
could not be reached
unreachable
server (?:is )?(?:busy|down|unavailable)
service (?:is )?(?:not available|unavailable)
hop count
too many hops
loop
overloaded
vorübergehend
verzöger
zeitüberschreitung
später (?:noch einmal|erneut)
nicht erreichbar
überlastet
verbindung[^.\n]{0,40}(?:abgelehnt|unterbrochen|fehlgeschlagen|nicht)
"""
