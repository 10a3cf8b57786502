"""The addresses of publication, below the address of a case's method."""

from django.urls import path

from videtur.publication import release_pages

urlpatterns = [
    path("releases/", release_pages.releases, name="releases"),
    path("releases/<path:reference>/", release_pages.release_page, name="release"),
    path("masked-copies/<path:reference>/", release_pages.masked_copy, name="masked_copy"),
]
