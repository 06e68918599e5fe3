"""`python -m tests.faults.prepare READERS MAILINGS`: readers and mailings that are paused; prints their numbers.

Runs in a process of its own, because the database is not that of the test.
"""

import json
import sys

import django


def main(readers: int, number: int) -> list[int]:
    from newsletter.models import NewsletterIndexPage, NewsletterIssuePage, Subscriber
    from newsletter.sending import mailings
    from tests.basic_content import ensure_legal_pages, ensure_site

    site = ensure_site()
    ensure_legal_pages(site.root_page)
    people = (Subscriber(email=f"leser{one}@example.org", state=Subscriber.State.ACTIVE) for one in range(readers))
    Subscriber.objects.bulk_create(people, batch_size=5000)
    index = site.root_page.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter"))
    made = []
    for one in range(number):
        issue = index.add_child(
            instance=NewsletterIssuePage(
                title=str(one), slug=str(one), number=str(one), subject="Unter Beschuss", body=[("text", "<p>Text</p>")]
            )
        )
        mailing = mailings.start_mailing(issue)
        mailings.pause(mailing)
        made.append(mailing.pk)
    return made


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(*map(int, sys.argv[1:]))))
