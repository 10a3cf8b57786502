"""The JSON interface: one object that answers under `/api/`, for signed-in people only."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.security import SessionAuth

from videtur.cases.sentences import told
from videtur.errors import VideturError
from videtur.footage.api import router
from videtur.people.models import User
from videtur.web.security import STATUS_OF


class SignedIn(SessionAuth):
    """The session of the browser; ninja checks the CSRF token of every request that changes something."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The person, if the session is somebody's."""
        return request.user if isinstance(request.user, User) and request.user.is_active else None


# No documentation page: ninja's would load scripts from another host.
api = NinjaAPI(title="Videtur", version="1", auth=SignedIn(), docs_url=None, openapi_url="openapi.json")
api.add_router("", router)


def _explain(request: HttpRequest, problem: VideturError) -> HttpResponse:
    status = next((status for kind, status in STATUS_OF if isinstance(problem, kind)), 500)
    return JsonResponse({"detail": told(problem.explain())}, status=status)


def _not_here(request: HttpRequest, problem: Http404) -> HttpResponse:
    return JsonResponse({"detail": "Not here"}, status=404)


# ninja's type of a handler says "the class" where it means "an instance".
api.add_exception_handler(VideturError, _explain)  # pyright: ignore[reportArgumentType]
api.add_exception_handler(Http404, _not_here)  # pyright: ignore[reportArgumentType]
