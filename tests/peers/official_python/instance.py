"""The instance: its settings, redirect URLs and domains."""

from __future__ import annotations

import os

from tests.peers.official_python.steps import Clerk, ids, refused, sdk, step


def tell(clerk: Clerk) -> None:
    """Tell the chapter."""
    _settings(clerk)
    _redirect_urls(clerk)
    _domains(clerk)
    with refused("users.count, with a wrong key"):
        url = f"{os.environ['CLERK_API_URL']}/v1"
        sdk.Clerk(server_url=url, bearer_auth="sk_test_wrong", retry_config=None).users.count(request={})


def _settings(clerk: Clerk) -> None:
    api = clerk.instance_settings
    with step("instance_settings.get"):
        found = api.get()
        assert found.id.startswith("ins_")
        assert found.environment_type == "development"
    with step("instance_settings.update"):
        api.update(request={"support_email": "help@example.com", "allowed_origins": ["https://example.com"]})
        assert api.get().allowed_origins == ["https://example.com"]
    with step("instance_settings.update_restrictions"):
        restrictions = api.update_restrictions(request={"allowlist": False, "blocklist": True})
        assert (restrictions.allowlist, restrictions.blocklist) == (False, True)
    with step("instance_settings.update_organization_settings"):
        settings = api.update_organization_settings(request={"enabled": True, "max_allowed_memberships": 20})
        assert (settings.enabled, settings.max_allowed_memberships) == (True, 20)
    with step("instance_settings.get_organization_settings"):
        assert api.get_organization_settings().max_allowed_memberships == 20
    with step("instance_settings.update_communication"):
        changed = api.update_communication(request={"blocked_country_codes": ["AQ"]})
        assert changed.blocked_country_codes == ["AQ"]
    with step("instance_settings.get_communication"):
        assert api.get_communication().blocked_country_codes == ["AQ"]
    with step("instance_settings.update_instance_protect"):
        assert api.update_instance_protect(request={"rules_enabled": True}).rules_enabled is True
    with step("instance_settings.get_instance_protect"):
        assert api.get_instance_protect().rules_enabled is True


def _redirect_urls(clerk: Clerk) -> None:
    api = clerk.redirect_urls
    with step("redirect_urls.create"):
        made = api.create(request={"url": "my-app://callback"})
        assert made.url == "my-app://callback"
    with step("redirect_urls.get"):
        assert api.get(id=made.id).url == made.url
    with step("redirect_urls.list"):
        assert ids(api.list()) == [made.id]
    with step("redirect_urls.delete"):
        assert api.delete(id=made.id).deleted is True
    with refused("redirect_urls.get, one that was deleted"):
        api.get(id=made.id)


def _domains(clerk: Clerk) -> None:
    api = clerk.domains
    with step("domains.add"):
        made = api.add(request={"name": "satellite.example.com", "is_satellite": True})
        assert (made.name, made.is_satellite) == ("satellite.example.com", True)
    with step("domains.update"):
        assert api.update(domain_id=made.id, name="moon.example.com").name == "moon.example.com"
    with step("domains.list"):
        assert made.id in ids(api.list().data)
    with step("domains.delete"):
        assert api.delete(domain_id=made.id).deleted is True
        assert made.id not in ids(api.list().data)
