"""Whether an icon is a small drawing in the colour of its surroundings, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from cartwheel.catalog.check.fault import Fault

MAX_BYTES = 4096
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"}
_COLOURS = {"none", "currentColor"}
_DRAWING = {
    "d",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "width",
    "height",
    "points",
    "viewBox",
    "transform",
    "opacity",
    "fill",
    "stroke",
    "fill-rule",
    "clip-rule",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-dasharray",
}


def icon_faults(file: Path) -> Iterator[Fault]:
    """What is wrong with the drawing in `file`; a missing file is reported elsewhere."""
    if file.is_file():
        yield from (Fault(file, "", message) for message in _faults(file.read_bytes()))


def _faults(drawing: bytes) -> Iterator[str]:
    if len(drawing) > MAX_BYTES:
        yield f"An icon has at most {MAX_BYTES} bytes; this one has {len(drawing)}."
        return
    if b"<!" in drawing or b"<?" in drawing:
        yield "An icon is bare SVG, without declarations and comments."
        return
    try:
        root = ElementTree.fromstring(drawing)  # noqa: S314  (small, and without entities)
    except ElementTree.ParseError as error:
        yield f"This is not SVG: {error}."
        return
    if root.tag != f"{_SVG}svg" or root.get("viewBox") != "0 0 24 24":
        yield 'An icon is an svg element with viewBox="0 0 24 24".'
    for element in root.iter():
        yield from _element(element)


def _element(element: ElementTree.Element) -> Iterator[str]:
    name = element.tag.removeprefix(_SVG)
    if name not in _SHAPES:
        yield f"The element “{name}” has no place in an icon."
    for attribute, value in element.attrib.items():
        if attribute not in _DRAWING:
            yield f"The attribute “{attribute}” has no place in an icon."
        elif attribute in {"fill", "stroke"} and value not in _COLOURS:
            yield f"An icon takes the colour of its surroundings (currentColor), not “{value}”."
