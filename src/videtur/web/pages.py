"""Pages that belong to no app: health, and what is said when something is not there or went wrong."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from videtur import __version__
from videtur.web.security import open_to_all


@open_to_all
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the workbench and its database answer. Says nothing about what they hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"ok": True, "software": f"videtur {__version__}"})


@open_to_all
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _answer(request, 400, _("This request makes no sense"), _("Go back and try again."))


@open_to_all
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _answer(request, 403, _("Not permitted"), _("Your role in this case does not allow that."))


@open_to_all
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, because the form did not come from one of our pages."""
    text = _("The form was too old, or did not come from this site. Open the page again and repeat.")
    return _answer(request, 403, _("Not accepted"), text)


@open_to_all
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it does not exist, or not for this person; the two look alike on purpose."""
    return _answer(request, 404, _("Not here"), _("It does not exist, or you do not take part in its case."))


@open_to_all
def server_error(request: HttpRequest) -> HttpResponse:
    """500, without details: those are in the log."""
    text = _("Something failed on our side. Nothing that was acknowledged is lost. Try again.")
    return _answer(request, 500, _("Our fault"), text)


def _answer(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "web/answer.html", {"title": title, "text": text}, status=status)
