"""The addresses of accountability, below the address of a case."""

from django.urls import path

from videtur.accountability.pages.assignments import assignments_page
from videtur.accountability.pages.board import board_page
from videtur.accountability.pages.calls import call_page, calls_page
from videtur.accountability.pages.commitments import commitment_page, commitments_page
from videtur.accountability.pages.deadlines import deadlines_page
from videtur.accountability.pages.follow_ups import follow_ups_page
from videtur.accountability.pages.house_rules import house_rules_page
from videtur.accountability.pages.impartiality import impartiality_page
from videtur.accountability.pages.overview import overview_page
from videtur.accountability.pages.requests import request_page, requests_page
from videtur.accountability.pages.statements import statements_page
from videtur.accountability.pages.timeline import timeline_page

# A name inside a case may hold anything but a leading blank, so it comes last in the address.

urlpatterns = [
    path("", overview_page, name="method"),
    path("assignments/", assignments_page, name="assignments"),
    path("statements/", statements_page, name="statements"),
    path("calls/", calls_page, name="calls"),
    path("calls/<path:reference>/", call_page, name="call"),
    path("commitments/", commitments_page, name="commitments"),
    path("commitments/<path:reference>/", commitment_page, name="commitment"),
    path("requests/", requests_page, name="requests"),
    path("requests/<path:reference>/", request_page, name="comment_request"),
    path("deadlines/", deadlines_page, name="deadlines"),
    path("follow-ups/", follow_ups_page, name="follow_ups"),
    path("board/", board_page, name="board"),
    path("timeline/", timeline_page, name="timeline"),
    path("impartiality/", impartiality_page, name="impartiality"),
    path("house-rules/", house_rules_page, name="house_rules"),
]
