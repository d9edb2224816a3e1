"""Templates of emails and text messages: what is written into them is kept."""

from __future__ import annotations

from .._answers import JSON
from .._document.operations import load_document
from .._handling.call import Call, answers
from .._handling.listing import cut
from .._handling.stored import shaped
from .._store.tables import Record

_SLUGS = {
    "email": ("invitation", "magic_link_sign_in", "reset_password_code", "verification_code", "waitlist_invitation"),
    "sms": ("invitation", "reset_password_code", "verification_code"),
}


@answers("GetTemplateList", kind="stored")
def list_templates(call: Call) -> JSON:
    """GET /templates/{template_type}."""
    kind = call.path["template_type"]
    kept = [record["slug"] for record in call.state.stored("template") if record["template_type"] == kind]
    slugs = list(dict.fromkeys((*_SLUGS[kind], *kept)))
    return [_template(call, kind, record["slug"]) for record in cut(call, [{"slug": slug} for slug in slugs])]


@answers("GetTemplate", kind="stored")
def get_template(call: Call) -> JSON:
    """GET /templates/{template_type}/{slug}."""
    return _template(call, call.path["template_type"], call.path["slug"])


@answers("UpsertTemplate", "ToggleTemplateDelivery", kind="stored")
def change_template(call: Call) -> JSON:
    """PUT /templates/{template_type}/{slug} and POST .../toggle_delivery."""
    kind, slug = call.path["template_type"], call.path["slug"]
    table, identifier = call.state.stored("template"), f"{kind}/{slug}"
    record = table.get(identifier)
    if record is None:
        stamped = call.state.stamped("tmpl", template_type=kind, slug=slug)
        record = table.add({**stamped, "id": identifier})
    call.state.change(table, record, **call.body)
    return _template(call, kind, slug)


@answers("RevertTemplate", kind="stored")
def revert_template(call: Call) -> JSON:
    """POST /templates/{template_type}/{slug}/revert."""
    kind, slug = call.path["template_type"], call.path["slug"]
    if f"{kind}/{slug}" in call.state.stored("template"):
        call.state.stored("template").remove(f"{kind}/{slug}")
    return _template(call, kind, slug)


@answers("PreviewTemplate", kind="stored")
def preview_template(call: Call) -> JSON:
    """POST /templates/{template_type}/{slug}/preview: what was sent, as it is."""
    return dict(call.body)


def _template(call: Call, kind: str, slug: str) -> JSON:
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
    kept = call.state.stored("template").get(f"{kind}/{slug}") or {}
    kept = {name: value for name, value in kept.items() if name != "id" and value is not None}
    return shaped(load_document().operations["GetTemplate"], {**fields, **kept})
