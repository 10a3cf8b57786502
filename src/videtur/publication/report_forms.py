"""A report as a file: one HTML page that needs nothing else, or JSON."""

import json
from importlib.resources import files

from django.template import Context, Engine

from videtur.publication.report import Report

_TEMPLATE = "report.html"


def as_html(report: Report) -> bytes:
    """The report as one page: no script, no other host, no picture. Everything in it is escaped."""
    source = files("videtur.publication").joinpath("resources", _TEMPLATE).read_text(encoding="utf-8")
    template = Engine(autoescape=True).from_string(source)
    return template.render(Context({"report": report})).encode()


def as_json(report: Report) -> bytes:
    """The report as indented JSON."""
    return (json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n").encode()
