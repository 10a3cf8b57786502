"""Every address of the workbench."""

from django.urls import include, path
from django.views.i18n import set_language

from videtur.cases.pages import cases_page
from videtur.evidence.pages import upload_page
from videtur.footage import copies_pages as copies
from videtur.footage import pages as footage
from videtur.publication import redaction_pages as redaction
from videtur.web import converters, media, pages, uploads_tus
from videtur.web.accounts_urls import urlpatterns as accounts
from videtur.web.api import api
from videtur.web.security import open_to_all

converters.register()
ITEM = "cases/<slug:slug>/items/<sha256:sha256>/"

urlpatterns = [
    path("", cases_page, name="cases"),
    path("healthz", pages.healthz, name="healthz"),
    path("language/", open_to_all(set_language), name="set_language"),
    path("accounts/", include(accounts)),
    path("api/", api.urls),
    path("cases/<slug:slug>/", footage.case_page, name="case"),
    path("cases/<slug:slug>/method/", include("videtur.verification.urls")),
    path("cases/<slug:slug>/method/", include("videtur.accountability.urls")),
    path("cases/<slug:slug>/method/", include("videtur.publication.urls")),
    path("cases/<slug:slug>/upload/", upload_page, name="upload_page"),
    path("cases/<slug:slug>/uploads/", uploads_tus.uploads, name="uploads"),
    path("cases/<slug:slug>/uploads/<str:upload_id>", uploads_tus.upload, name="upload"),
    path(ITEM, footage.item_page, name="item"),
    path(ITEM + "copies/<sha256:other>/", footage.decide_copy, name="decide_copy"),
    path(ITEM + "with/<sha256:other>/", copies.pair_page, name="pair"),
    path(ITEM + "with/<sha256:other>/decide/", copies.decide_pair, name="decide_pair"),
    path(ITEM + "family/", copies.family_page, name="family"),
    path(ITEM + "family/split/", copies.split, name="split_family"),
    path(ITEM + "family/merge/", copies.merge, name="merge_families"),
    path(ITEM + "redaction/", redaction.redaction_page, name="redaction"),
    path(ITEM + "redaction/ask/", redaction.ask, name="ask_for_redaction"),
    path(ITEM + "redaction/copy/", redaction.ask_for_copy, name="ask_for_masked_copy"),
    path(ITEM + "redaction/seen-again/", redaction.mask_seen_again, name="mask_seen_again"),
    path(ITEM + "redaction/enter/", redaction.enter_copy, name="enter_masked_copy"),
    path(ITEM + "redaction/copies/<sha256:copy>/film", media.masked_film, name="masked_film"),
    path(
        ITEM + "redaction/copies/<sha256:copy>/draft.vtt", media.masked_film_subtitles, name="draft_subtitles"
    ),
    path(ITEM + "redaction/copies/<sha256:copy>/record", media.masked_film_record, name="masked_film_record"),
    path(ITEM + "redaction/plan/", redaction.plan, name="redaction_plan"),
    path(ITEM + "redaction/deeds/", redaction.deed, name="redaction_deed"),
    path(ITEM + "observations/<uuid:thing>/withdraw/", footage.withdraw, name="withdraw"),
    path(ITEM + "media/original", media.original, name="original"),
    path(ITEM + "media/preview", media.preview, name="preview"),
    path(ITEM + "outputs/<slug:step>/<str:name>", media.output, name="output"),
    path(ITEM + "still/<pts:pts>", media.still, name="still"),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error
