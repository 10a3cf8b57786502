"""Addresses of the method on the side of the evidence, below `cases/<slug>/method/`."""

from django.urls import path

from videtur.verification.pages import (
    claim_pages,
    entity_pages,
    finding_pages,
    footage_pages,
    hypothesis_pages,
    law_pages,
    review_pages,
    source_pages,
)

urlpatterns = [
    path("footage/", footage_pages.footage_families, name="footage_families"),
    path("footage/<path:reference>/", footage_pages.footage_family, name="footage_family"),
    path("sources/", source_pages.sources, name="sources"),
    path("sources/<path:reference>/", source_pages.source, name="source"),
    path("claims/", claim_pages.claims, name="claims"),
    path("conflicts/<path:reference>/", claim_pages.conflict, name="conflict"),
    path("reviews/", review_pages.reviews, name="reviews"),
    path("reviews/<path:reference>/", review_pages.review_subject, name="review_subject"),
    path("hypotheses/", hypothesis_pages.hypotheses, name="hypotheses"),
    path("hypotheses/<path:reference>/", hypothesis_pages.hypothesis_matrix, name="hypothesis_matrix"),
    path("findings/", finding_pages.findings, name="findings"),
    path("findings/<path:reference>/", finding_pages.finding, name="finding"),
    path("law/", law_pages.law, name="law"),
    path("law/mappings/<path:reference>/", law_pages.mapping, name="mapping"),
    path("law/of/<path:reference>/", law_pages.law_subject, name="law_subject"),
    path("records/", entity_pages.records, name="records"),
    path("records/<slug:section>/", entity_pages.entities, name="entities"),
    path("records/<slug:section>/add/", entity_pages.add_entity, name="add_entity"),
    path("records/<slug:section>/change/<path:reference>/", entity_pages.edit_entity, name="edit_entity"),
    path("records/<slug:section>/of/<path:reference>/", entity_pages.entity, name="entity"),
]
