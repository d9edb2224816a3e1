"""Templates of emails and text messages: changes to them are stored."""

from __future__ import annotations

from .._answers import JSON
from .._document.operations import load_document
from .._handling.listing import cut
from .._handling.request import CheckedRequest, answers
from .._handling.stored import shaped
from .._store.tables import Record

_SLUGS = {
    "email": ("invitation", "magic_link_sign_in", "reset_password_code", "verification_code", "waitlist_invitation"),
    "sms": ("invitation", "reset_password_code", "verification_code"),
}


@answers("GetTemplateList", kind="stored")
def list_templates(request: CheckedRequest) -> JSON:
    """GET /templates/{template_type}."""
    kind = request.path["template_type"]
    kept = [record["slug"] for record in request.state.stored("template") if record["template_type"] == kind]
    slugs = list(dict.fromkeys((*_SLUGS[kind], *kept)))
    return [_template(request, kind, record["slug"]) for record in cut(request, [{"slug": slug} for slug in slugs])]


@answers("GetTemplate", kind="stored")
def get_template(request: CheckedRequest) -> JSON:
    """GET /templates/{template_type}/{slug}."""
    return _template(request, request.path["template_type"], request.path["slug"])


@answers("UpsertTemplate", "ToggleTemplateDelivery", kind="stored")
def change_template(request: CheckedRequest) -> JSON:
    """PUT /templates/{template_type}/{slug} and POST .../toggle_delivery."""
    kind, slug = request.path["template_type"], request.path["slug"]
    table, identifier = request.state.stored("template"), f"{kind}/{slug}"
    record = table.get(identifier)
    if record is None:
        stamped = request.state.stamped("tmpl", template_type=kind, slug=slug)
        record = table.add({**stamped, "id": identifier})
    request.state.change(table, record, **request.body)
    return _template(request, kind, slug)


@answers("RevertTemplate", kind="stored")
def revert_template(request: CheckedRequest) -> JSON:
    """POST /templates/{template_type}/{slug}/revert."""
    kind, slug = request.path["template_type"], request.path["slug"]
    if f"{kind}/{slug}" in request.state.stored("template"):
        request.state.stored("template").remove(f"{kind}/{slug}")
    return _template(request, kind, slug)


@answers("PreviewTemplate", kind="stored")
def preview_template(request: CheckedRequest) -> JSON:
    """POST /templates/{template_type}/{slug}/preview: returns what was sent, unchanged."""
    return dict(request.body)


def _template(request: CheckedRequest, kind: str, slug: str) -> JSON:
    fields: Record = {
        "object": "template",
        "id": f"tmpl_{kind}_{slug}",
        "instance_id": None,
        "template_type": kind,
        "slug": slug,
        "name": slug.replace("_", " ").capitalize(),
        "body": "",
        "delivered_by_clerk": True,
        "enabled": True,
        "resource_type": "system",
    }
    kept = request.state.stored("template").get(f"{kind}/{slug}") or {}
    kept = {name: value for name, value in kept.items() if name != "id" and value is not None}
    return shaped(load_document().operations["GetTemplate"], {**fields, **kept})
