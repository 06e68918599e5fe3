"""Better structure tags than WeasyPrint 70.0 writes by itself.

PDF/UA says what must be tagged; whether a screen reader reads the document well depends on finer things. WeasyPrint
offers no hook for them, so five of its private functions are wrapped while one document is written: hence the exact
pin `weasyprint==70.0` in pyproject.toml. The tests in tests/documents check every point against the finished file and
guard an upgrade. What would make each part unnecessary (Kozea/WeasyPrint, looked up in November 2026):

- running heads and page numbers as artifacts: issue #1836;
- hidden elements (`aria-hidden`, `role`) as artifacts: issue #2550;
- better tags for `figure` and `dl`, one link for all that stands in an anchor: issues #2482 and #185;
- one element for what runs over several lines or pages, repeated heads as artifacts, `Scope`, `ListNumbering`, inner
  `lang`, roles of em, strong and q, a `BBox` in points: no issue known.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint import document as weasyprint_document
from weasyprint import stacking
from weasyprint.css import AnonymousStyle
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import stream as weasyprint_stream
from weasyprint.pdf import tags as weasyprint_tags

from home.rendering.painting import dispatch_children, unwrapped

# WeasyPrint passes these elements on as NonStruct, which tells a reader nothing.
_TAGS = {
    "em": "Em",
    "strong": "Strong",
    "q": "Quote",
    "code": "Code",
    "abbr": "Span",
    "time": "Span",
    "aside": "Sect",
    "nav": "Sect",
    "figure": "Div",
    "header": "Div",
    "footer": "Div",
}
_GROUPS = {*_TAGS, "div", "section", "article", "main", "blockquote", "p", "h1", "h2", "h3", "h4", "h5", "h6"}
# PDF 1.7 knows no emphasis; readers that do (PDF 2.0) see it, all others see the standard type.
_ROLE_MAP = {"Em": "/Span", "Strong": "/Span"}
# ISO 32000-1, table 347. Without it a reader cannot say "point 3 of 5" or "bullet".
_NUMBERINGS = {
    "none": "None",
    "disc": "Disc",
    "circle": "Circle",
    "square": "Square",
    "decimal": "Decimal",
    "decimal-leading-zero": "Decimal",
    "lower-roman": "LowerRoman",
    "upper-roman": "UpperRoman",
    "lower-alpha": "LowerAlpha",
    "lower-latin": "LowerAlpha",
    "upper-alpha": "UpperAlpha",
    "upper-latin": "UpperAlpha",
}
_SCOPES = {"row": "Row", "rowgroup": "Row", "col": "Column", "colgroup": "Column"}

# WeasyPrint is patched for one document at a time.
_LOCK = threading.Lock()

_stock_tag = weasyprint_tags._get_pdf_tag
_stock_build = weasyprint_tags._build_box_tree
_stock_paint = weasyprint_document.Page.paint


@contextmanager
def better_tags() -> Iterator[None]:
    """Within this context, PDF files written by WeasyPrint in this process get the better tags."""
    structure = _Structure()

    def paint(page: Any, stream: Any, scale: float = 1) -> None:
        structure.begin_page(page, stream)
        _stock_paint(page, stream, scale)

    replacements = (
        (weasyprint_tags, "_get_pdf_tag", structure.tag),
        (weasyprint_tags, "_build_box_tree", structure.build),
        (weasyprint_stream.Stream, "marked", _marked),
        (weasyprint_document.Page, "paint", paint),
        (stacking, "_dispatch_children", dispatch_children),
        (pydyf.PDF, "page_references", property(_page_references)),
    )
    with _LOCK:
        stock = [(owner, name, getattr(owner, name)) for owner, name, _ in replacements]
        try:
            for owner, name, replacement in replacements:
                setattr(owner, name, replacement)
            yield
        finally:
            for owner, name, function in stock:
                setattr(owner, name, function)


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """Replaces `PDF.page_references`, which names all pages anew for every element: time that grows with the square."""
    numbers = pdf.pages["Kids"][::3]
    known: tuple[bytes, ...] = getattr(pdf, "_known_references", ())
    if len(known) != len(numbers):
        known = pdf._known_references = tuple(f"{number} 0 R".encode() for number in numbers)
    return known


def finish(document: Any, pdf: Any) -> None:
    """A WeasyPrint `finisher`: the parts that can be corrected once all pages are written."""
    for entry in pdf.objects:
        if not isinstance(entry, dict):
            continue
        if entry.get("Type") == "/StructTreeRoot":
            entry["RoleMap"] = pydyf.Dictionary(_ROLE_MAP)
        elif entry.get("S") in ("/TH", "/TD") and "A" in entry:
            # Scope tells more than a list of header ids, and a list made page by page names cells of one page only.
            entry["A"].pop("Headers", None)
            entry.pop("ID", None)
    # Open with the bookmarks in view: the reader of a long document starts there.
    pdf.catalog["PageMode"] = "/UseOutlines"
    if "AF" in pdf.catalog:
        # WeasyPrint lists every attachment twice.
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


@contextmanager
def _marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
    """Replaces `Stream.marked`: content of an artifact gets a property list instead of a place in the tree."""
    if stream._tags is None:
        yield
        return
    properties = getattr(stream, "_artifacts", {}).get(id(box))
    if properties is None:
        mcid = len(stream._tags)
        stream._tags[box] = {"tag": tag, "mcid": mcid}
        stream.begin_marked_content(tag, pydyf.Dictionary({"MCID": mcid}))
    else:
        stream.begin_marked_content("Artifact", properties)
    try:
        yield
    finally:
        stream.end_marked_content()


class _Structure:
    """The structure tree of one document while it is written."""

    def __init__(self) -> None:
        self._box: Any = None
        self._parent: Any = None
        self._first: dict[tuple[int, str, str], Any] = {}
        self._row_groups: set[int] = set()
        self._repeated: set[int] = set()
        self._heights: list[float] = []

    def begin_page(self, page: Any, stream: Any) -> None:
        """Called before a page is painted: what is content and what is not must be known by then."""
        stream._artifacts = dict(self._find_artifacts(page._page_box))
        self._heights.append(page.height)

    def _find_artifacts(self, box: Any, properties: Any = None) -> Iterator[tuple[int, Any]]:
        """Leaves that are no content: running heads, decoration, a table head repeated on the next page."""
        box = unwrapped(box)
        if properties is None:
            properties = self._artifact_properties(box)
        if properties is not None and isinstance(box, (boxes.TextBox, boxes.ReplacedBox)):
            yield id(box), properties
        for child in box.children:
            yield from self._find_artifacts(child, properties)

    def _artifact_properties(self, box: Any) -> Any:
        if isinstance(box, boxes.MarginBox):
            edge = "/Header" if box.at_keyword.startswith("@top") else "/Footer"
            return pydyf.Dictionary({"Type": "/Pagination", "Subtype": edge})
        if _is_decorative(box):
            return pydyf.Dictionary({"Type": "/Layout"})
        if isinstance(box, boxes.TableRowGroupBox) and (box.is_header or box.is_footer):
            if id(box.element) in self._row_groups:
                self._repeated.add(id(box))
                return pydyf.Dictionary({"Type": "/Pagination"})
            self._row_groups.add(id(box.element))
        return None

    def tag(self, element_tag: str | None) -> str:
        """Replaces `_get_pdf_tag`: the name of the structure element for the box being built."""
        parent = self._parent["S"]
        role = None if self._box.element is None else self._box.element.get("role")
        if _is_anonymous(self._box) and (element_tag in _GROUPS or parent in ("/TOCI", "/Lbl", "/LBody")):
            # A box that CSS needs around loose text: it would be a second section, item or term.
            return "NonStruct"
        if element_tag == "ol" and (role == "doc-toc" or parent == "/TOCI"):
            return "TOC"
        if element_tag == "li" and parent == "/TOC":
            return "TOCI"
        if element_tag == "div" and parent == "/L":
            return "LI"
        if element_tag in ("dt", "dd") and parent == "/LI":
            # A group of name and value is one item of the list; WeasyPrint makes an item of each half.
            return {"dt": "Lbl", "dd": "LBody"}[element_tag]
        return _TAGS.get(element_tag or "") or _stock_tag(element_tag)

    def build(
        self,
        box: Any,
        parent: Any,
        pdf: Any,
        page_number: int,
        nums: Any,
        annotations: Any,
        tags: Any,
    ) -> Iterator[Any]:
        """Replaces `_build_box_tree`: yields the structure elements for `box`."""
        box = unwrapped(box)
        if isinstance(box, boxes.MarginBox) or _is_decorative(box) or id(box) in self._repeated:
            return
        if getattr(box, "is_table_wrapper", False) and box.get_wrapped_table():
            table = box.get_wrapped_table()
            table.children = tuple(group for group in table.children if id(group) not in self._repeated)
        transparent = isinstance(box, boxes.PageBox) or box.element_tag in (
            "html",
            "body",
        )
        self._box, self._parent = box, parent
        for element in _stock_build(box, parent, pdf, page_number, nums, annotations, tags):
            if transparent:
                yield element
                continue
            self._describe(element, box, page_number)
            if element["S"] == "/LI":
                _gather_body(element, pdf)
            elif element["S"] == "/L":
                _pair_terms(element, pdf)
            first = None if _is_anonymous(box) else self._first.setdefault(_key(box, element), element)
            if first is None or first is element:
                yield element
            else:
                _append(first, element, pdf, nums, annotations)

    def _describe(self, element: Any, box: Any, page_number: int) -> None:
        if box.element is None:
            return
        name = element["S"]
        attributes = box.element.attrib
        if "lang" in attributes and box.element_tag == box.element.tag:
            element["Lang"] = pydyf.String(attributes["lang"])
        if box.element_tag == "abbr" and attributes.get("title"):
            element["E"] = pydyf.String(attributes["title"])
        if name == "/TH":
            element["A"]["Scope"] = f"/{_SCOPES.get(attributes.get('scope', ''), 'Column')}"
        elif name == "/L":
            numbering = _NUMBERINGS.get(_list_style(box), "None")
            element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": f"/{numbering}"})
        elif name == "/Figure":
            element["A"]["BBox"] = self._bounds(box, page_number)
        elif name == "/Link" and box.link_annotation is not None:
            # Stock files say the address here; readers announce this text instead of the link's own.
            text = " ".join("".join(box.element.itertext()).split())
            box.link_annotation["Contents"] = pydyf.String(attributes.get("title") or text or "Verweis")

    def _bounds(self, box: Any, page_number: int) -> Any:
        """WeasyPrint writes CSS pixels from the top; PDF wants points from the foot of the page."""
        x, y = box.content_box_x(), self._heights[page_number] - box.content_box_y()
        return pydyf.Array([0.75 * value for value in (x, y - box.height, x + box.width, y)])


def _is_decorative(box: Any) -> bool:
    """Elements that the author hid from readers, and images with an empty alternative text."""
    if box.element is None:
        return False
    attributes = box.element.attrib
    hidden = attributes.get("aria-hidden") == "true" or attributes.get("role") in (
        "presentation",
        "none",
    )
    return hidden or (box.element.tag == "img" and attributes.get("alt") == "")


def _is_anonymous(box: Any) -> bool:
    return box.element is None or (isinstance(box.style, AnonymousStyle) and not box.is_table_wrapper)


def _key(box: Any, element: Any) -> tuple[int, str, str]:
    return id(box.element), box.element_tag, element["S"]


def _list_style(box: Any) -> str:
    for child in box.descendants(placeholders=True):
        child = unwrapped(child)
        if child.element_tag == "li":
            return str(child.style["list_style_type"])
    return "none"


def _gather_body(item: Any, pdf: Any) -> None:
    """A list item is a label and one body; WeasyPrint hangs paragraphs beside the label (ISO 32000-1, table 336)."""
    body = None
    kids = []
    for kid in item["K"]:
        target = pdf.objects[int(kid.split()[0])]
        if target.get("S") == "/Lbl":
            kids.append(kid)
            continue
        if body is None:
            body = target
            if target.get("S") != "/LBody":
                body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array([kid])})
                body.update({"Pg": item["Pg"], "P": item.reference})
                pdf.add_object(body)
                target["P"] = body.reference
            kids.append(body.reference)
        else:
            target["P"] = body.reference
            body["K"].append(kid)
    item["K"] = pydyf.Array(kids)


def _pair_terms(items: Any, pdf: Any) -> None:
    """Names and values that stand side by side in a `dl`, without a `div` around each pair, become one item."""
    kids: list[bytes] = []
    open_term = None
    for kid in items["K"]:
        item = pdf.objects[int(kid.split()[0])]
        parts = [pdf.objects[int(part.split()[0])] for part in item["K"]]
        is_term = bool(parts) and all(part.get("S") == "/Lbl" for part in parts)
        if open_term is not None and not is_term:
            for part in parts:
                part["P"] = open_term.reference
            open_term["K"].extend(item["K"])
            item.clear()
            open_term = None
            continue
        kids.append(kid)
        open_term = item if is_term else None
    items["K"] = pydyf.Array(kids)


def _append(first: Any, element: Any, pdf: Any, nums: Any, annotations: Any) -> None:
    """Moves the content of `element`, a later part of the same HTML element, into its first part.

    WeasyPrint tags page by page and line by line: a paragraph over two pages would be read as two paragraphs.
    """
    for kid in element["K"]:
        if isinstance(kid, int):
            nums[kid] = first.reference
            if element["Pg"] != first["Pg"]:
                kid = pydyf.Dictionary({"Type": "/MCR", "Pg": element["Pg"], "MCID": kid})
        else:
            target = pdf.objects[int(kid.split()[0])]
            if target.get("Type") == "/StructElem":
                target["P"] = first.reference
        first["K"].append(kid)
    if element["S"] == "/Link":
        for index, (reference, annotation) in enumerate(annotations):
            if reference == element.reference:
                annotations[index] = (first.reference, annotation)
    element.clear()
