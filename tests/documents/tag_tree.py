"""The tags of a PDF, and the order in which they and the content stand."""

from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NumberObject


class Node:
    """One structure element: its type, its attributes, its kids."""

    def __init__(self, entry: DictionaryObject) -> None:
        self.entry = entry
        self.kind = entry.get("/S", "")[1:]
        kids = entry.get("/K", ArrayObject())
        kids = kids if isinstance(kids, ArrayObject) else ArrayObject([kids])
        objects = [kid.get_object() for kid in kids]
        self.contents = [kid for kid in objects if isinstance(kid, NumberObject) or kid.get("/Type") == "/MCR"]
        self.links = [kid for kid in objects if not isinstance(kid, NumberObject) and kid.get("/Type") == "/OBJR"]
        self.kids = [Node(kid) for kid in objects if not isinstance(kid, NumberObject) and "/S" in kid]

    def find(self, kind: str) -> list["Node"]:
        found = [self] if self.kind == kind else []
        return found + [node for kid in self.kids for node in kid.find(kind)]

    def shape(self) -> str:
        """For example `LI(Lbl LBody(P))`; text spans are left out."""
        inner = " ".join(kid.shape() for kid in self.kids if kid.kind != "Span" or kid.kids)
        return f"{self.kind}({inner})" if inner else self.kind

    def attribute(self, name: str) -> str | None:
        return self.entry.get("/A", {}).get(name)


def tree(pdf: bytes) -> Node:
    """The tag of the whole document."""
    return Node(PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object())


def order_of_tags(pdf: bytes) -> list[list[int]]:
    """For each page, the numbers (MCID) of its pieces of content in the order in which the tags name them."""
    reader = PdfReader(BytesIO(pdf))
    pages = {page.indirect_reference.idnum: [] for page in reader.pages}

    def collect(entry: DictionaryObject) -> None:
        kids = entry.get("/K", ArrayObject())
        for kid in (kid.get_object() for kid in (kids if isinstance(kids, ArrayObject) else [kids])):
            if isinstance(kid, NumberObject):
                pages[entry.raw_get("/Pg").idnum].append(int(kid))
            elif kid.get("/Type") == "/MCR":
                pages[kid.raw_get("/Pg").idnum].append(int(kid["/MCID"]))
            elif "/S" in kid:
                collect(kid)

    collect(reader.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object())
    return list(pages.values())


def order_of_content(pdf: bytes) -> list[list[int]]:
    """For each page, the same numbers in the order in which the content is painted."""
    reader = PdfReader(BytesIO(pdf))
    return [
        [
            int(operands[1]["/MCID"])
            for operands, operator in ContentStream(page.get_contents(), reader).operations
            if operator == b"BDC" and "/MCID" in operands[1]
        ]
        for page in reader.pages
    ]
