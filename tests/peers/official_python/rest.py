"""What the service keeps and gives back without a behaviour of its own, and what it makes up."""

from __future__ import annotations

from tests.peers.official_python.steps import Clerk, ids, step


def tell(clerk: Clerk) -> None:
    """Tell the chapter."""
    user = clerk.users.create(email_address=["rest@example.com"], skip_password_requirement=True).id
    _connections(clerk)
    _user(clerk, user)
    with step("agent_tasks.create"):
        task = clerk.agent_tasks.create(
            request={
                "on_behalf_of": {"user_id": user},
                "permissions": "*",
                "agent_name": "agent",
                "task_description": "a task",
                "redirect_url": "https://example.com/",
            }
        )
        assert clerk.agent_tasks.revoke(agent_task_id=task.agent_task_id).agent_task_id == task.agent_task_id
    with step("webhooks.create_svix_app"):
        assert clerk.webhooks.create_svix_app().svix_url
        assert clerk.webhooks.generate_svix_auth_url().svix_url
        clerk.webhooks.delete_svix_app()
    with step("billing.list_plans"):
        plans = clerk.billing.list_plans(limit=5)
        assert plans.total_count == len(plans.data)
    with step("email_sms_templates.list"):
        templates = clerk.email_sms_templates.list(template_type="email")
        assert templates
    with step("email_sms_templates.get"):
        slug = templates[0].slug
        assert clerk.email_sms_templates.get(template_type="email", slug=slug).slug == slug


def _connections(clerk: Clerk) -> None:
    api = clerk.enterprise_connections
    with step("enterprise_connections.create"):
        made = api.create(request={"name": "Acme", "provider": "saml_custom", "domains": ["acme.example.com"]})
        assert (made.name, made.domains) == ("Acme", ["acme.example.com"])
    with step("enterprise_connections.update"):
        assert api.update(enterprise_connection_id=made.id, name="Acme Works").name == "Acme Works"
    with step("enterprise_connections.get"):
        assert api.get(enterprise_connection_id=made.id).name == "Acme Works"
    with step("enterprise_connections.list"):
        assert ids(api.list().data) == [made.id]
    _directories(clerk, made.id)
    with step("enterprise_connections.delete"):
        assert api.delete(enterprise_connection_id=made.id).deleted is True
        assert api.list().total_count == 0


def _directories(clerk: Clerk, connection: str) -> None:
    api = clerk.scim_directories
    with step("scim_directories.create"):
        made = api.create(request={"enterprise_connection_id": connection, "provider": "okta"})
        assert made.enterprise_connection_id == connection
    with step("scim_directories.update"):
        assert api.update(scim_directory_id=made.id, name="Okta").name == "Okta"
    with step("scim_directories.list"):
        assert ids(api.list().data) == [made.id]
    _mappings(clerk, made.id)
    with step("scim_directories.rotate_api_key"):
        assert api.rotate_api_key(scim_directory_id=made.id).api_key not in (None, made.api_key)
    with step("scim_directories.delete"):
        api.delete(scim_directory_id=made.id)
        assert api.list().total_count == 0


def _mappings(clerk: Clerk, directory: str) -> None:
    api, role = clerk.scim_directories, clerk.organization_roles.list().data[0]
    with step("scim_directories.replace_group_role_mappings"):
        api.update(scim_directory_id=directory, group_role_mapping_enabled=True)
        mappings = [{"scim_group_id": "staff", "role_id": role.id}]
        replaced = api.replace_group_role_mappings(scim_directory_id=directory, mappings=mappings)
        assert [(one.scim_group_id, one.role.key) for one in replaced.data] == [("staff", role.key)]
    with step("scim_directories.create_group_role_mapping"):
        made = api.create_group_role_mapping(scim_directory_id=directory, scim_group_id="boss", role_id=role.id)
        assert made.precedence == 2
    with step("scim_directories.delete_group_role_mapping"):
        assert api.delete_group_role_mapping(scim_directory_id=directory, mapping_id=made.id).id == made.id
    with step("scim_directories.list_group_role_mappings"):
        assert ids(api.list_group_role_mappings(scim_directory_id=directory).data) == ids(replaced.data)


def _user(clerk: Clerk, user: str) -> None:
    with step("users.get_billing_subscription"):
        assert clerk.users.get_billing_subscription(user_id=user).id
    with step("users.adjust_billing_credit_balance"):
        clerk.users.adjust_billing_credit_balance(user_id=user, amount=100, action="increase", idempotency_key="once")
        assert clerk.users.get_billing_credit_balance(user_id=user).balance
    with step("users.get_o_auth_access_token"):
        assert isinstance(clerk.users.get_o_auth_access_token(user_id=user, provider="oauth_google"), list)
    with step("users.get_organization_invitations"):
        assert clerk.users.get_organization_invitations(user_id=user).total_count == 0
    with step("users.list_trusted_devices"):
        clerk.users.list_trusted_devices(user_id=user)
