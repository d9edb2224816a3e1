"""A local service with one of everything, and arguments for every operation."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clerk import ClerkClient
from clerk.testing import LocalClerk
from clerk.testing._core import handler_of
from clerk.testing._document.checkers import body_checker
from clerk.testing._document.operations import Operation, load_document
from clerk.testing._document.samples import sample
from clerk.testing._resources.samples import SAMPLE_IDS
from generator.names import snake_case
from generator.prepare import layout

ROOT = Path(__file__).parents[2]
PICTURE = ("picture.png", b"\x89PNG\r\n\x1a\n", "image/png")


@dataclass
class World:
    """A local service in which there is something for every operation to work on.

    Attributes:
        local: The service.
        ids: Name of a parameter -> a value that leads somewhere; `operation.name` goes before `name`.
        bodies: Operation -> properties of the body beside the ones required.
        machine_key: The secret key of a machine.
    """

    local: LocalClerk
    ids: dict[str, Any] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    machine_key: str = ""


def build_world() -> World:
    """Make a service with one of everything."""
    local = LocalClerk(check_answers=True)
    world = World(local)
    with local.client(strict_responses=True, max_retries=0) as client:
        _add_people(world, client)
        _add_organizations(world, client)
        _add_machines(world, client)
        _add_rest(world, client)
    _add_bodies(world)
    return world


def methods() -> list[tuple[str, layout.MethodEntry, Operation]]:
    """Return all methods of the client: sub-API, method, operation."""
    operations = load_document().operations
    return [
        (sub_api.name, method, operations[operation_id])
        for sub_api in layout.load(ROOT).sub_apis
        for method in sub_api.methods
        for operation_id in method.operations
    ]


def arguments(world: World, method: layout.MethodEntry, operation: Operation) -> dict[str, Any]:
    """Return keywords with which a method succeeds."""
    values: dict[str, Any] = {name: _value(world, operation, name) for name in operation.path_parameters}
    for name, parameter in operation.query.items():
        if parameter.required:
            values[name] = _value(world, operation, name)
    body = _body(world, operation)
    if isinstance(body, list):
        values["body"] = body
    else:
        values |= body
    names = {"template_name": "template"}
    return {names.get(name, snake_case(name)): value for name, value in values.items()}


def _body(world: World, operation: Operation) -> Any:
    given = world.bodies.get(operation.id, {})
    if isinstance(given, list):
        return given
    required = operation.body_schema.get("required", []) if operation.body_kind != "none" else []
    if operation.body_kind == "json" and "$ref" in operation.body_schema:
        required = load_document().resolve(operation.body_schema).get("required", [])
    return {**{name: _value(world, operation, name) for name in required if name not in given}, **given}


def _value(world: World, operation: Operation, name: str) -> Any:
    if handler_of(operation)[0] == "sample" and name in SAMPLE_IDS:
        return SAMPLE_IDS[name][1]
    for known in (f"{operation.id}.{name}", name):
        if known in world.ids:
            return world.ids[known]
    schema = {**operation.path_parameters, **operation.query}.get(name)
    if schema is not None:
        return sample(schema.schema, load_document())
    properties = load_document().resolve(operation.body_schema)["properties"]
    return sample(properties[name], load_document())


def check_bodies(world: World) -> list[str]:
    """Return which operations have a body here that breaks the document."""
    wrong = []
    for _, _, operation in methods():
        if operation.body_kind == "json" and any(body_checker(operation.id).violations(_body(world, operation))):
            wrong.append(operation.id)
    return wrong


def _add_people(world: World, client: ClerkClient) -> None:
    user = client.users.create_user(
        email_address=["ada@example.com", "ada@example.org"],
        phone_number=["+15555550100"],
        web3_wallet=["0x" + "0" * 40],
        username="ada_lovelace",
        password="correct horse battery",
        totp_secret="JBSWY3DPEHPK3PXP",
        backup_codes=["backup-code"],
    )
    session = client.sessions.create_session(user_id=user.id)
    verification = client.email_addresses.prepare_email_address_verification(str(user.email_addresses[1].id))
    phone_verification = client.phone_numbers.prepare_phone_number_verification(str(user.phone_numbers[0].id))
    token = client.sessions.get_token(session.id).jwt
    world.ids |= {
        "user_id": user.id,
        "user_ids": [user.id],
        "email_address_id": user.email_addresses[1].id,
        "phone_number_id": user.phone_numbers[0].id,
        "web3_wallet_identification_id": user.web3_wallets[0].id,
        "session_id": session.id,
        "client_id": session.client_id,
        "token": token,
        "expired_token": token,
        "refresh_token": "refresh",
        "nonce": world.local.handshake_nonce(user.id),
        "verification_id": verification.id,
        "AttemptPhoneNumberVerification.verification_id": phone_verification.id,
        "code": "424242",
        "VerifyTOTP.code": "backup-code",
        "password": "correct horse battery",
        "provider": "oauth_google",
    }


def _add_organizations(world: World, client: ClerkClient) -> None:
    user_id = world.ids["user_id"]
    organization = client.organizations.create_organization(name="Acme", created_by=user_id)
    member = client.users.create_user(email_address=["grace@example.com"])
    client.organizations.create_organization_membership(organization.id, user_id=member.id, role="org:member")
    other = client.users.create_user(email_address=["alan@example.com"])
    invitation = client.organizations.create_organization_invitation(
        organization.id, email_address="barbara@example.com", role="org:member", inviter_user_id=user_id
    )
    domain = client.organizations.create_organization_domain(organization.id, name="acme.example.com")
    role = client.organization_roles.create_organization_role(name="Editor", key="org:editor")
    permission = client.organization_permissions.create_organization_permission(name="Edit", key="org:posts:edit")
    role_set = client.role_sets.create_role_set(
        name="Small", default_role_key="org:member", creator_role_key="org:admin", roles=["org:admin", "org:member"]
    )
    sys_permission = client.organization_permissions.get_organization_permission_list(query="org:sys_profile:manage")
    client.organization_roles.assign_permission_to_organization_role(role.id, sys_permission[0].id)
    world.ids |= {
        "organization_id": organization.id,
        "UpdateOrganizationMembership.user_id": member.id,
        "DeleteOrganizationMembership.user_id": member.id,
        "CreateOrganizationMembership.user_id": other.id,
        "role": "org:member",
        "RevokeOrganizationInvitation.invitation_id": invitation.id,
        "GetOrganizationInvitation.invitation_id": invitation.id,
        "CreateOrganizationInvitation.email_address": "niklaus@example.com",
        "domain_id": domain.id,
        "organization_role_id": role.id,
        "permission_id": permission.id,
        "RemovePermissionFromOrganizationRole.permission_id": sys_permission[0].id,
        "role_set_key_or_id": role_set.key,
        "CreateOrganizationRole.key": "org:writer",
        "CreateOrganizationPermission.key": "org:posts:write",
    }


def _add_machines(world: World, client: ClerkClient) -> None:
    machine = client.machines.create(name="worker")
    other = client.machines.create(name="other", scoped_machines=[machine.id])
    third = client.machines.create(name="third")
    client.machines.create_scope(machine.id, to_machine_id=other.id)
    world.machine_key = machine.secret_key
    key = client.api_keys.create(name="a key", subject=world.ids["user_id"])
    with world.local.client(machine_secret_key=machine.secret_key) as as_machine:
        token = as_machine.m2m.create_token()
    application = client.oauth_applications.create(name="An application", redirect_uris=["https://example.com/back"])
    make = world.local.create_oauth_access_token
    access_token = make(application.id, world.ids["user_id"])
    world.ids |= {
        "machine_id": machine.id,
        "other_machine_id": other.id,
        "to_machine_id": third.id,
        "previous_token_ttl": 60,
        "apiKeyID": key.id,
        "secret": key.secret,
        "createApiKey.subject": world.ids["user_id"],
        "createApiKey.name": "another key",
        "getApiKeys.subject": world.ids["user_id"],
        "subject": machine.id,
        "m2m_token_id": token.id,
        "verifyM2MToken.token": token.token,
        "oauth_application_id": application.id,
        "RevokeOAuthApplicationToken.token": access_token,
        "access_token": access_token,
        "file": PICTURE,
    }


def _add_rest(world: World, client: ClerkClient) -> None:
    user_id = world.ids["user_id"]
    connection = client.enterprise_connections.create_enterprise_connection(
        name="Acme", provider="saml_custom", domains=["acme.example.com"]
    )
    client.webhooks.create_svix_app()
    link = client.admin_portal_link_tokens.create(organization_id=world.ids["organization_id"])
    task = client.agent_tasks.create(
        on_behalf_of={"user_id": user_id},
        permissions="*",
        agent_name="agent",
        task_description="a task",
        redirect_url="https://example.com/",
    )
    assert task.agent_task_id
    invitation = client.invitations.create_invitation(email_address="edsger@example.com")
    domain = client.domains.add(name="satellite.example.com", is_satellite=True)
    actor_token = client.actor_tokens.create(user_id=user_id, actor={"sub": "user_admin"})
    world.ids |= {
        "UpdateDomain.domain_id": domain.id,
        "DeleteDomain.domain_id": domain.id,
        "actor_token_id": actor_token.id,
        "sign_in_token_id": client.sign_in_tokens.create_sign_in_token(user_id=user_id).id,
        "invitation_id": invitation.id,
        "email_id": client.emails.create(
            from_={"address": "me@example.com"}, to={"address": "ada@example.com"}, subject="Hello", text="Hello."
        ).id,
        "waitlist_entry_id": client.waitlist_entries.create(email_address="john@example.com").id,
        "template_id": client.jwt_templates.create(name="mine", claims={"a": 1}).id,
        "template_name": "mine",
        "DeleteAllowlistIdentifier.identifier_id": client.allowlist_identifiers.create_allowlist_identifier(
            identifier="ada@example.com"
        ).id,
        "DeleteBlocklistIdentifier.identifier_id": client.blocklist_identifiers.create_blocklist_identifier(
            identifier="eve@example.com"
        ).id,
        "identifier": "new@example.com",
        "id": client.redirect_urls.create_redirect_url(url="https://example.com/there").id,
        "url": "https://example.com/back",
        "template_type": "email",
        "slug": "invitation",
        "enterprise_connection_id": connection.id,
        "saml_connection_id": client.saml_connections.create_saml_connection(
            name="Acme", provider="saml_custom", domain="acme.example.com"
        ).id,
        **_add_directories(client, connection.id),
        "adminPortalLinkTokenID": link.id,
        "agent_task_id": task.agent_task_id,
        "email_address": "frances@example.com",
        "phone_number": "+15555550199",
    }


def _add_directories(client: ClerkClient, connection_id: str) -> dict[str, str]:
    role_id = client.organization_roles.get_organization_role_list()[0].id
    directory = client.directories.create(
        enterprise_connection_id=connection_id,
        provider="okta",
        group_role_mappings=[{"directory_group_id": "group", "role_id": role_id}],
    )
    scim = client.scim_directories.create(
        enterprise_connection_id=connection_id,
        provider="okta",
        group_role_mappings=[{"scim_group_id": "group", "role_id": role_id}],
    )
    scim_mapping = client.scim_directories.get_group_role_mapping_list(scim.id)[0]
    return {
        "directory_id": directory.id,
        "DeleteDirectoryGroupRoleMapping.mapping_id": client.directories.get_group_role_mapping_list(directory.id)[
            0
        ].id,
        "scim_directory_id": scim.id,
        "DeleteSCIMGroupRoleMapping.mapping_id": scim_mapping.id,
        "role_id": role_id,
    }


def _add_bodies(world: World) -> None:
    recipient = {"address": "ada@example.com"}
    world.bodies |= {
        "CreateUser": {"email_address": ["frances@example.com"], "password": "correct horse battery"},
        "UpdateUser": {"first_name": "Ada", "last_name": None},
        "CreateBulkInvitations": [{"email_address": "frances@example.com"}],
        "CreateBulkWaitlistEntries": [{"email_address": "frances@example.com"}],
        "CreateOrganizationInvitationBulk": [{"email_address": "frances@example.com", "role": "org:member"}],
        "CreateOrganizationDomain": {"name": "more.example.com"},
        "AddDomain": {"name": "more.example.com", "is_satellite": True},
        "CreateAgentTask": {"on_behalf_of": {"user_id": world.ids["user_id"]}, "redirect_url": "https://example.com/"},
        "CreateEmail": {"from": recipient, "to": recipient, "subject": "Hello", "text": "Hello"},
        "CreateRoleSet": {
            "roles": ["org:admin"],
            "default_role_key": "org:admin",
            "creator_role_key": "org:admin",
        },
        "AddRolesToRoleSet": {"role_keys": ["org:editor"]},
        "ReplaceRoleInRoleSet": {"role_key": "org:member", "to_role_key": "org:editor"},
        "ReplaceRoleSet": {"dest_role_set_key": "role_set:default"},
        "CreateJWTTemplate": {"name": "another", "claims": {"email": "{{user.primary_email_address}}"}},
        "UpdateJWTTemplate": {"name": "mine", "claims": {"b": 2}},
        "UpdateMachine": {"name": "renamed"},
        "CreateSCIMDirectory": {"provider": "okta"},
        "CreateDirectory": {"provider": "okta"},
        "ReplaceDirectoryGroupRoleMappings": {
            "mappings": [{"directory_group_id": "other", "role_id": world.ids["role_id"]}]
        },
        "ReplaceSCIMGroupRoleMappings": {"mappings": [{"scim_group_id": "other", "role_id": world.ids["role_id"]}]},
        "CreateDirectoryGroupRoleMapping": {"directory_group_id": "more", "role_id": world.ids["role_id"]},
        "CreateSCIMGroupRoleMapping": {"scim_group_id": "more", "role_id": world.ids["role_id"]},
        "CreateActorToken": {"actor": {"sub": "user_admin"}},
        "CreateEnterpriseConnection": {"provider": "saml_custom", "domains": ["more.example.com"]},
        "CreateSAMLConnection": {"provider": "saml_custom", "domain": "more.example.com"},
        "createAdminPortalLinkToken": {"organization_id": world.ids["organization_id"]},
        "AdjustUserBillingCreditBalance": {"amount": 100, "action": "increase"},
        "AdjustOrganizationBillingCreditBalance": {"amount": 100, "action": "increase"},
        "CreateBillingPrice": {"amount": 500},
        "verifyOAuthAccessToken": {"access_token": world.ids["access_token"]},
        "VerifyDomainProxy": {"domain_id": world.ids["domain_id"], "proxy_url": "https://example.com/proxy"},
    }
