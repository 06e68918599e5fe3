"""The proof of a consent is a valid PDF/A-3a and PDF/UA-1, like every document of the site."""

import pytest

from newsletter import tokens
from newsletter.models import Subscriber
from newsletter.subscribing import consent, proof


@pytest.mark.java
def test_the_proof_of_a_consent_is_valid_pdf_a_and_pdf_ua(site, verapdf, tmp_path):
    text = consent.new_text("Ich möchte den Newsletter bekommen.")
    record = consent.sign_up("kim@example.org", topics=[], text=text, source="https://www.example.org/", name="Kim")
    consent.confirm(tokens.make_confirmation(record.subscriber.key, record.pk))
    consent.unsubscribe(record.subscriber.key, source="Link in der Mail")
    path = tmp_path / "proof.pdf"

    path.write_bytes(proof.as_pdf(proof.gather(Subscriber.objects.get())))

    verapdf(path)
