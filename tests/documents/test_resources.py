"""The pictures and style sheets of a PDF are read here, and missing ones are named."""

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from PIL import Image

from home.rendering.errors import ForbiddenAddress, MissingResource
from home.rendering.resources import collect, image_address
from tests.contents import made_once
from tests.pictures import make_image


@made_once
def image(site):
    buffer = BytesIO()
    Image.new("RGBA", (3000, 2000), "#0b4250").save(buffer, "PNG")
    return make_image(file=ImageFile(buffer, "bild.png"))


def test_image_is_read_as_a_small_jpeg(image):
    address = image_address(image.pk)

    resources = collect(f'<img src="{address}"><img src="{address}">')

    assert list(resources) == [address]
    assert resources[address].media_type == "image/jpeg"
    assert Image.open(BytesIO(resources[address].content)).size == (1600, 1066)


def test_static_file_is_read(db):
    resources = collect("a { background: url(static:css/tokens.css) }")

    assert resources["static:css/tokens.css"].content.startswith(b"/* Tokens")


def test_missing_image_is_named(site):
    with pytest.raises(MissingResource, match=r"Das Bild Nr\. 4711"):
        collect(f'<img src="{image_address(4711)}">')


def test_missing_file_of_an_image_is_named(image):
    image.file.storage.delete(image.file.name)

    with pytest.raises(MissingResource, match="Die Bilddatei „Saal“"):
        collect(f'<img src="{image_address(image.pk)}">')


def test_missing_static_file_is_named(db):
    with pytest.raises(MissingResource, match="nirgends"):
        collect('<img src="static:nirgends.png">')


def test_path_out_of_the_static_files_is_refused(db):
    with pytest.raises(ForbiddenAddress):
        collect('<img src="static:../../../../../../etc/passwd">')


def test_unknown_size_is_refused(image):
    with pytest.raises(ForbiddenAddress, match="Bildgröße"):
        collect(f'<img src="{image_address(image.pk, "riesig")}">')
