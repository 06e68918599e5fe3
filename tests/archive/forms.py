"""What the forms of documents send."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def upload(text="Ein Text", name="Protokoll_März.txt"):
    """A text file that somebody chose."""
    return SimpleUploadedFile(name, text.encode())


def edit_data(document, **changes):
    """The form of a document as it is shown, with what somebody changes in it."""
    values = {"kind": "other", "language": "de", "licence": "all_rights", "level": 10, "tags": ""}
    return {"title": document.title} | values | changes


def drop(editor, file, **data):
    """What Wagtail's script sends for each file that is dropped, and the answer."""
    data = {"title": file.name.rpartition(".")[0], "files[]": file} | data
    return json.loads(editor.post(reverse("wagtaildocs:add_multiple"), data).content)
