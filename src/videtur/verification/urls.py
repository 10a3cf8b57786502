"""Addresses of the method on the side of the evidence, below `cases/<slug>/method/`."""

from django.urls import path

from videtur.verification.pages import entity_pages

urlpatterns = [
    path("records/", entity_pages.records, name="records"),
    path("records/<slug:section>/", entity_pages.entities, name="entities"),
    path("records/<slug:section>/add/", entity_pages.add_entity, name="add_entity"),
    path("records/<slug:section>/change/<path:reference>/", entity_pages.edit_entity, name="edit_entity"),
    path("records/<slug:section>/of/<path:reference>/", entity_pages.entity, name="entity"),
]
