"""Settings of mail and newsletter: servers, rates, bounces, and what is deleted when."""

from cms import environment

EMAIL_URLS = environment.env.list("EMAIL_URL", default=["smtp://localhost:25"])
EMAIL_SERVERS = [
    environment.read(
        "EMAIL_URL",
        lambda _name, default, url=url: environment.mail_server(url),
        None,
        "expected smtp://user:password@host:port with ?weight=, &rate=, &connections=, &messages= if wanted, several "
        "separated by commas",
    )
    for url in EMAIL_URLS
]
vars().update({key: value for key, value in EMAIL_SERVERS[0].items() if key.startswith("EMAIL_")})
EMAIL_TIMEOUT = 30
# How long a worker may hold a delivery of a mailing before the sweep takes it back.
MAIL_LEASE_SECONDS = 180
# Tasks that work on a mailing at the same time, and connections to mail servers that each of them uses.
MAIL_TASKS = environment.number("MAIL_TASKS", default=2, least=1)
MAIL_SESSIONS = environment.number("MAIL_SESSIONS", default=8, least=1)
# Mails of mailings a second: all together, for one recipient domain, and for particular ones. 0: no limit.
MAIL_RATE = environment.rate("MAIL_RATE")
MAIL_DOMAIN_RATE = environment.rate("MAIL_DOMAIN_RATE")
MAIL_DOMAIN_RATES = environment.rates("MAIL_DOMAIN_RATES")
DEFAULT_FROM_EMAIL = environment.env.str("DEFAULT_FROM_EMAIL", default="IKOE <ikoe@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
BOUNCE_DOMAIN = environment.env.str("BOUNCE_DOMAIN", default="bounce.example.org")
# The mailbox of that domain, read every five minutes. Empty: bounces come in by `ingest_bounces` only.
BOUNCE_IMAP_URL = environment.mailbox("BOUNCE_IMAP_URL")

# What the newsletter deletes when (`newsletter.subscribing.retention`). Claims lapse three years after the end of the
# year in which they arose (§§ 195, 199 BGB), so a consent has to be proven for four years after it ended at most.
NEWSLETTER_UNCONFIRMED_DAYS = environment.days("NEWSLETTER_UNCONFIRMED_DAYS", default=14)
NEWSLETTER_UNSUBSCRIBED_DAYS = environment.days("NEWSLETTER_UNSUBSCRIBED_DAYS", default=30)
NEWSLETTER_PROOF_DAYS = environment.days("NEWSLETTER_PROOF_DAYS", default=4 * 365 + 1)
# Whoever wrote an issue of the newsletter does not release it.
NEWSLETTER_FOUR_EYES = environment.boolean("NEWSLETTER_FOUR_EYES", default=True)
# The name under which the mail server keeps its key for DKIM; "": not known, so it is not checked.
NEWSLETTER_DKIM_SELECTOR = environment.env.str("NEWSLETTER_DKIM_SELECTOR", default="")
# Who answers the questions of the page "Absender prüfen"; None: the resolver of the machine.
NEWSLETTER_DNS = environment.address("NEWSLETTER_DNS", scheme="dns", port=53, by_number=True)
