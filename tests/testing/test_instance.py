"""Settings and domains of the instance."""

from __future__ import annotations

from clerk.testing import LocalClerk

from .conftest import Client, Refused


def test_settings_are_kept(client: Client, refused: Refused) -> None:
    api = client.instance
    assert api.update(allowed_origins=["https://example.com"], test_mode=None) is None
    assert api.get().allowed_origins == ["https://example.com"]
    assert api.update_restrictions(allowlist=True, blocklist=None).allowlist
    assert api.update_restrictions(blocklist=True).allowlist
    assert api.update_protect(rules_enabled=True).rules_enabled
    assert api.get_protect().rules_enabled
    assert api.update_communication(blocked_country_codes=["XX"]).blocked_country_codes == ["XX"]
    assert api.get_communication().blocked_country_codes == ["XX"]
    assert api.update_oauth_application_settings(default_scopes=["email", "email"]).default_scopes == ["email"]
    assert api.get_oauth_application_settings().default_scopes == ["email"]
    beta = client.beta_features.update_instance_settings(restricted_to_allowlist=True)
    assert (beta.restricted_to_allowlist, beta.id) == (True, api.get().id)
    member = client.organization_roles.get_organization_role_list(query="org:member")[0]
    changed = api.update_organization_settings(
        domains_default_role_id=member.id, domains_enrollment_modes=["manual_invitation"], admin_delete_enabled=False
    )
    assert (changed.domains_default_role, changed.domains_enrollment_modes) == ("org:member", ["manual_invitation"])
    assert not client.organizations.create_organization(name="Acme").admin_delete_enabled
    update = api.update_organization_settings
    assert refused(update, creator_role_id="role_1") == (404, [("resource_not_found", None)])
    modes = (422, [("form_param_value_invalid", "domains_enrollment_modes")])
    assert refused(update, domains_enrollment_modes=["by_magic"]) == modes
    limit = (422, [("form_param_value_invalid", "max_allowed_memberships")])
    assert refused(update, max_allowed_memberships=-1) == limit


def test_domains(client: Client, refused: Refused) -> None:
    api = client.domains
    (primary,) = api.list()
    assert not primary.is_satellite
    made = api.add(name="Satellite.example.com", is_satellite=True, proxy_url="https://example.com/proxy")
    assert (made.name, made.is_satellite) == ("satellite.example.com", True)
    assert refused(api.add, name="satellite.example.com", is_satellite=True) == (
        422,
        [("form_identifier_exists", "name")],
    )
    assert refused(api.add, name="nowhere", is_satellite=True) == (422, [("form_param_format_invalid", "name")])
    changed = api.update(made.id, name="other.example.com", proxy_url="")
    assert (changed.name, changed.proxy_url) == ("other.example.com", None)
    assert api.update(made.id, name=None).name == "other.example.com"
    assert [one.id for one in api.list()] == [primary.id, made.id]
    assert refused(api.delete, primary.id) == (403, [("resource_forbidden", None)])
    assert api.delete(made.id).deleted
    assert refused(api.update, made.id) == (404, [("resource_not_found", None)])


def test_connections_are_kept(client: Client, refused: Refused) -> None:
    api = client.saml_connections
    organization = client.organizations.create_organization(name="Acme")
    made = api.create_saml_connection(
        name="Acme", provider="saml_okta", domain="acme.example.com", organization_id=organization.id
    )
    assert (made.name, made.provider, made.domain) == ("Acme", "saml_okta", "acme.example.com")
    changed = api.update_saml_connection(made.id, name="New", active=True, domain=None)
    assert (changed.name, changed.active, changed.domain) == ("New", True, "acme.example.com")
    assert api.get_saml_connection(made.id) == changed
    assert [one.id for one in api.get_saml_connection_list(organization_id=[organization.id])] == [made.id]
    assert api.get_saml_connection_list(organization_id=["org_1"]).total_count == 0
    deleted = api.delete_saml_connection(made.id)
    assert (deleted.object, deleted.id) == ("saml_connection", made.id)
    assert refused(api.get_saml_connection, made.id) == (404, [("resource_not_found", None)])


def test_enterprise_connections_are_kept(client: Client) -> None:
    api = client.enterprise_connections
    made = api.create_enterprise_connection(
        name="Acme", provider="saml_okta", domains=["acme.example.com"], active=True, saml={"idp_entity_id": "x"}
    )
    assert (made.active, made.domains) == (True, ["acme.example.com"])
    assert api.get_enterprise_connection_list(active=True).total_count == 1
    assert api.get_enterprise_connection_list(active=False).total_count == 0
    assert api.create_enterprise_connection_test_run(made.id).url
    assert api.get_enterprise_connection_test_run_list(made.id).total_count == 0


def test_templates_of_emails_are_kept(client: Client) -> None:
    api = client.templates
    before = api.get_template("email", "invitation")
    assert before.delivered_by_clerk
    changed = api.upsert_template("email", "invitation", name="Come!", body="<p>Come!</p>", subject=None)
    assert (changed.name, changed.body) == ("Come!", "<p>Come!</p>")
    assert not api.toggle_template_delivery("email", "invitation", delivered_by_clerk=False).delivered_by_clerk
    assert api.get_template("email", "invitation").name == "Come!"
    api.upsert_template("email", "mine", name="Mine", body="")
    assert "mine" in [one.slug for one in api.get_template_list("email")]
    assert "mine" not in [one.slug for one in api.get_template_list("sms")]
    assert [one.slug for one in api.get_template_list("email", limit=1, offset=1)] == ["magic_link_sign_in"]
    assert api.revert_template("email", "invitation") == before
    assert api.revert_template("email", "invitation") == before


def test_billing_keeps_prices_and_credits(client: Client, local: LocalClerk, refused: Refused) -> None:
    price = client.billing.create_price(plan_id="cplan_1", amount=500, currency="EUR", annual_monthly_amount=400)
    assert (price.amount, price.currency_symbol, price.supported_billing_periods) == (500, "€", "both")
    assert [one.id for one in client.billing.get_price_list(plan_id="cplan_1")] == [price.id]
    assert client.billing.get_price_list(plan_id="cplan_2").total_count == 0
    (user_id,) = local.seed_users(1)
    organization = client.organizations.create_organization(name="Acme")
    assert client.billing.get_user_billing_credit_balance(user_id).balance is None
    adjust = client.billing.adjust_user_billing_credit_balance
    entry = adjust(user_id, amount=300, action="increase", idempotency_key="1", note="sorry")
    assert (entry.payer_id, entry.note, entry.amount.amount) == (user_id, "sorry", 300)
    adjust(user_id, amount=100, action="decrease", idempotency_key="2")
    assert client.billing.get_user_billing_credit_balance(user_id).balance.amount == 200
    used = (409, [("resource_conflict", None)])
    assert refused(adjust, user_id, amount=1, action="increase", idempotency_key="2") == used
    too_much = (422, [("form_param_value_invalid", "amount")])
    assert refused(adjust, user_id, amount=201, action="decrease", idempotency_key="3") == too_much
    assert client.billing.get_organization_billing_credit_balance(organization.id).balance is None


def test_what_stands_alone(client: Client, local: LocalClerk, refused: Refused) -> None:
    user = client.users.create_user(email_address=["ada@example.com"])
    nameless = client.users.create_user(username="nameless")
    fields = {
        "permissions": "*",
        "agent_name": "agent",
        "task_description": "a task",
        "redirect_url": "https://example.com/",
    }
    task = client.agent_tasks.create(on_behalf_of={"identifier": "ADA@example.com"}, **fields)
    assert task.url
    client.agent_tasks.revoke(task.agent_task_id)
    assert refused(client.agent_tasks.revoke, task.agent_task_id) == (400, [("bad_request", None)])
    assert refused(client.agent_tasks.revoke, "agt_1")[0] == 404
    nobody = (422, [("form_param_missing", "on_behalf_of.user_id")])
    assert refused(client.agent_tasks.create, on_behalf_of={}, **fields) == nobody
    assert refused(client.agent_tasks.create, on_behalf_of={"identifier": "x"}, **fields)[0] == 404
    sender = {"address": "me@example.com"}
    email = client.emails.create(from_=sender, to={"user_id": user.id}, subject="Hello", html="<p>Hello</p>")
    assert (email.to_email_address, email.email_address_id) == ("ada@example.com", user.email_addresses[0].id)
    other = client.emails.create(from_=sender, to={"address": "Grace@example.com"}, subject="Hello", text="Hello")
    assert (other.to_email_address, other.body) == ("grace@example.com", "Hello")
    no_address = (422, [("form_param_value_invalid", "to.user_id")])
    assert refused(client.emails.create, from_=sender, to={"user_id": nameless.id}, subject="x", text="y") == no_address
    link = client.admin_portal_link_tokens.create(seconds_until_expiration=60)
    assert not link.expired
    local.advance(61)
    revoked = client.admin_portal_link_tokens.revoke(link.id, revocation_reason="late")
    assert (revoked.revoked, revoked.expired, revoked.revocation_reason) == (True, True, "late")
    assert refused(client.admin_portal_link_tokens.revoke, "aplt_" + "0" * 32)[0] == 404
    no_organization = (400, [("form_param_value_invalid", "organization_id")])
    create_link = client.admin_portal_link_tokens.create
    assert refused(create_link, organization_id="org_" + "0" * 27) == no_organization
    assert refused(client.webhooks.generate_svix_auth_url) == (400, [("bad_request", None)])
    assert client.webhooks.create_svix_app().svix_url
    assert refused(client.webhooks.create_svix_app) == (400, [("bad_request", None)])
    assert client.webhooks.generate_svix_auth_url().svix_url
    assert client.webhooks.delete_svix_app() is None
    assert refused(client.users.get_user_trusted_device_list, "user_1")[0] == 404
    (token,) = client.users.get_user_oauth_access_token(user.id, "google")
    assert token.provider == "oauth_google"
