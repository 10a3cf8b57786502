"""Sign-in before everything, and headers that keep evidence out of caches and other pages."""

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from videtur.cases.sentences import told
from videtur.errors import NotPermitted, Refused, SandboxUnavailable, VideturError, WrongUsage

_log = logging.getLogger(__name__)
STATUS_OF: tuple[tuple[type[VideturError], int], ...] = (
    (NotPermitted, 403),
    (Refused, 422),
    (WrongUsage, 422),
    (SandboxUnavailable, 503),
)
P = ParamSpec("P")
R = TypeVar("R")
View = Callable[..., HttpResponseBase]
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "microphone", "geolocation", "display-capture", "payment", "usb", "serial")
)


class SignInRequired:
    """Every page needs a signed-in person unless its view says otherwise (see `open_to_all`).

    A browser is sent to the sign-in page; a program gets 401, since it could make nothing of a form.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; the question is asked when the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponseBase | None:
        """Answer somebody who is not signed in."""
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": _("Sign in first.")}, status=401)
        if "Tus-Resumable" in request.headers:
            return HttpResponse(_("Sign in first."), status=401, content_type="text/plain; charset=utf-8")
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401, headers={"HX-Redirect": reverse("account_login")})
        return redirect_to_login(request.get_full_path())


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that answers anybody. The mark is Django's, so that allauth's views carry it too."""
    view.login_required = False  # pyright: ignore[reportFunctionMemberAccess] - Django's own convention
    return view


class PrivateResponses:
    """Pages and media are for this person on this screen: no store keeps them, no other page embeds them."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Explained:
    """Errors that were raised for a person become a page for that person, never a traceback."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on; an error comes back through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponseBase | None:
        """Say what, why and what to do; anything else is a fault of ours, and Django's to report."""
        if not isinstance(problem, VideturError):
            return None
        status = next((status for kind, status in STATUS_OF if isinstance(problem, kind)), 500)
        if status == 500:
            _log.error("%s", problem.explain(), exc_info=problem)
        title = _("Not permitted") if status == 403 else _("This did not work")
        context = {"title": title, "text": told(problem.explain())}
        return render(request, "web/answer.html", context, status=status)
