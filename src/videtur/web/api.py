"""The JSON interface: one object that answers under `/api/`, for signed-in people only."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.security import SessionAuth

from videtur.errors import NotPermitted, Refused, VideturError, WrongUsage
from videtur.footage.api import router
from videtur.people.models import User


class SignedIn(SessionAuth):
    """The session of the browser; ninja checks the CSRF token of every request that changes something."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The person, if the session is somebody's."""
        return request.user if isinstance(request.user, User) and request.user.is_active else None


# No documentation page: ninja's would load scripts from another host.
api = NinjaAPI(title="Videtur", version="1", auth=SignedIn(), docs_url=None, openapi_url="openapi.json")
api.add_router("", router)
STATUS: tuple[tuple[type[VideturError], int], ...] = ((NotPermitted, 403), (Refused, 422), (WrongUsage, 422))


def _explain(request: HttpRequest, problem: VideturError) -> HttpResponse:
    status = next((status for kind, status in STATUS if isinstance(problem, kind)), 500)
    return JsonResponse({"detail": problem.explain()}, status=status)


def _not_here(request: HttpRequest, problem: Http404) -> HttpResponse:
    return JsonResponse({"detail": "Not here"}, status=404)


api.add_exception_handler(VideturError, _explain)
api.add_exception_handler(Http404, _not_here)
