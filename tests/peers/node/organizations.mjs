// Organizations, their members, roles, invitations and domains.

import assert from 'node:assert/strict';

import { idsOf, refused, step } from './steps.mjs';

export async function organizations(clerk) {
  const api = clerk.organizations;
  const [owner, member] = await Promise.all(
    ['owner', 'member'].map((name) =>
      clerk.users.createUser({ emailAddress: [`${name}@example.com`], skipPasswordRequirement: true })),
  );
  let acme;

  await step('organizations.createOrganization', async () => {
    acme = await api.createOrganization({ name: 'Acme', createdBy: owner.id, publicMetadata: { tier: 1 } });
    assert.match(acme.id, /^org_/);
    assert.deepEqual([acme.name, acme.createdBy, acme.publicMetadata], ['Acme', owner.id, { tier: 1 }]);
  });
  await refused('organizations.createOrganization, for an unknown user', () =>
    api.createOrganization({ name: 'Nobodys', createdBy: 'user_2aaaaaaaaaaaaaaaaaaaaaaaaaa' }));
  await step('organizations.getOrganization', async () => {
    const found = await api.getOrganization({ organizationId: acme.id, includeMembersCount: true });
    assert.deepEqual([found.id, found.membersCount], [acme.id, 1]);
  });
  await step('organizations.updateOrganization', async () => {
    const updated = await api.updateOrganization(acme.id, { name: 'Acme Works', maxAllowedMemberships: 10 });
    assert.deepEqual([updated.name, updated.maxAllowedMemberships], ['Acme Works', 10]);
  });
  await step('organizations.updateOrganizationMetadata', async () => {
    const updated = await api.updateOrganizationMetadata(acme.id, { publicMetadata: { tier: null, camelCase: 1 } });
    assert.deepEqual(updated.publicMetadata, { camelCase: 1 });
  });
  await step('organizations.replaceOrganizationMetadata', async () => {
    const updated = await api.replaceOrganizationMetadata(acme.id, { publicMetadata: { new: 1 } });
    assert.deepEqual(updated.publicMetadata, { new: 1 });
  });
  await step('organizations.updateOrganizationLogo', async () => {
    const file = new Blob([Buffer.from('89504e470d0a1a0a', 'hex')], { type: 'image/png' });
    assert.equal((await api.updateOrganizationLogo(acme.id, { file, uploaderUserId: owner.id })).hasImage, true);
  });
  await step('organizations.deleteOrganizationLogo', async () => {
    assert.equal((await api.deleteOrganizationLogo(acme.id)).hasImage, false);
  });
  await step('organizations.getOrganizationList', async () => {
    const other = await api.createOrganization({ name: 'Binary Works' });
    const all = await api.getOrganizationList({ orderBy: '+name' });
    assert.deepEqual([idsOf(all), all.totalCount], [[acme.id, other.id], 2]);
    const found = await api.getOrganizationList({ query: 'binary', includeMembersCount: true });
    assert.deepEqual([idsOf(found), found.data[0].membersCount], [[other.id], 0]);
    assert.deepEqual(idsOf(await api.getOrganizationList({ userId: [`+${owner.id}`] })), [acme.id]);
  });

  await roles(clerk);
  await memberships(clerk, acme, owner, member);
  await invitations(clerk, acme, owner);
  await domains(clerk, acme);

  await step('organizations.deleteOrganization', async () => {
    const deleted = await api.deleteOrganization(acme.id);
    assert.equal(deleted.id, acme.id);
    assert.deepEqual(idsOf(await clerk.users.getOrganizationMembershipList({ userId: owner.id })), []);
  });
  await refused('organizations.getOrganization, one that was deleted', () => api.getOrganization({ organizationId: acme.id }));
}

async function roles(clerk) {
  const { organizationRoles, organizationPermissions, roleSets } = clerk;
  let editor, permission;

  await step('organizationPermissions.createOrganizationPermission', async () => {
    permission = await organizationPermissions.createOrganizationPermission({ name: 'Edit', key: 'org:posts:edit' });
    assert.deepEqual([permission.key, permission.name], ['org:posts:edit', 'Edit']);
  });
  await step('organizationPermissions.updateOrganizationPermission', async () => {
    const updated = await organizationPermissions.updateOrganizationPermission({
      permissionId: permission.id,
      description: 'Edit posts',
    });
    assert.equal(updated.description, 'Edit posts');
  });
  await step('organizationPermissions.getOrganizationPermission', async () => {
    assert.equal((await organizationPermissions.getOrganizationPermission(permission.id)).description, 'Edit posts');
  });
  await step('organizationPermissions.getOrganizationPermissionList', async () => {
    const list = await organizationPermissions.getOrganizationPermissionList({ query: 'org:posts' });
    assert.deepEqual(idsOf(list), [permission.id]);
  });
  await step('organizationRoles.createOrganizationRole', async () => {
    editor = await organizationRoles.createOrganizationRole({ name: 'Editor', key: 'org:editor', includeInInitialRoleSet: true });
    assert.deepEqual([editor.key, editor.permissions], ['org:editor', []]);
  });
  await step('organizationRoles.updateOrganizationRole', async () => {
    const updated = await organizationRoles.updateOrganizationRole({ organizationRoleId: editor.id, name: 'Chief Editor' });
    assert.equal(updated.name, 'Chief Editor');
  });
  await step('organizationRoles.assignPermissionToOrganizationRole', async () => {
    const changed = await organizationRoles.assignPermissionToOrganizationRole({
      organizationRoleId: editor.id,
      permissionId: permission.id,
    });
    assert.deepEqual(changed.permissions.map((one) => one.key), ['org:posts:edit']);
  });
  await step('organizationRoles.getOrganizationRole', async () => {
    const found = await organizationRoles.getOrganizationRole(editor.id);
    assert.deepEqual([found.name, found.permissions.length], ['Chief Editor', 1]);
  });
  await step('organizationRoles.getOrganizationRoleList', async () => {
    const list = await organizationRoles.getOrganizationRoleList({ orderBy: '+key' });
    assert.deepEqual(list.data.map((role) => role.key), ['org:admin', 'org:editor', 'org:member']);
  });
  await step('roleSets.createRoleSet', async () => {
    const set = await roleSets.createRoleSet({
      name: 'Small',
      key: 'role_set:small',
      defaultRoleKey: 'org:member',
      creatorRoleKey: 'org:admin',
      roles: ['org:admin', 'org:member'],
    });
    assert.equal(set.key, 'role_set:small');
  });
  await step('roleSets.addRolesToRoleSet', async () => {
    const set = await roleSets.addRolesToRoleSet({ roleSetKeyOrId: 'role_set:small', roleKeys: ['org:editor'] });
    assert.equal(set.roles.length, 3);
  });
  await step('roleSets.getRoleSet', async () => {
    const set = await roleSets.getRoleSet('role_set:small');
    assert.deepEqual([set.name, set.roles.map((role) => role.key).sort()], ['Small', ['org:admin', 'org:editor', 'org:member']]);
  });
  await step('roleSets.getRoleSetList', async () => {
    assert.equal((await roleSets.getRoleSetList({ query: 'small' })).totalCount, 1);
  });
}

async function memberships(clerk, acme, owner, member) {
  const api = clerk.organizations;
  const organizationId = acme.id;

  await step('organizations.createOrganizationMembership', async () => {
    const made = await api.createOrganizationMembership({ organizationId, userId: member.id, role: 'org:member' });
    assert.deepEqual([made.organization.id, made.publicUserData.userId, made.role], [acme.id, member.id, 'org:member']);
  });
  await refused('organizations.createOrganizationMembership, of a member', () =>
    api.createOrganizationMembership({ organizationId, userId: member.id, role: 'org:member' }));
  await refused('organizations.createOrganizationMembership, an unknown role', () =>
    api.createOrganizationMembership({ organizationId, userId: member.id, role: 'org:king' }));
  await step('organizations.updateOrganizationMembership', async () => {
    const updated = await api.updateOrganizationMembership({ organizationId, userId: member.id, role: 'org:editor' });
    assert.deepEqual([updated.role, updated.permissions], ['org:editor', ['org:posts:edit']]);
  });
  await step('organizations.updateOrganizationMembershipMetadata', async () => {
    const publicMetadata = { desk: 7 };
    const updated = await api.updateOrganizationMembershipMetadata({ organizationId, userId: member.id, publicMetadata });
    assert.deepEqual(updated.publicMetadata, publicMetadata);
  });
  await step('organizations.getOrganizationMembershipList', async () => {
    const list = await api.getOrganizationMembershipList({ organizationId, orderBy: '+created_at' });
    assert.deepEqual(list.data.map((one) => one.publicUserData.userId), [owner.id, member.id]);
    assert.deepEqual(list.data.map((one) => one.role), ['org:admin', 'org:editor']);
    const editors = await api.getOrganizationMembershipList({ organizationId, role: ['org:editor'] });
    assert.equal(editors.totalCount, 1);
  });
  await step('organizations.getInstanceOrganizationMembershipList', async () => {
    assert.equal((await api.getInstanceOrganizationMembershipList({ limit: 1 })).totalCount, 2);
  });
  await step('users.getOrganizationMembershipList', async () => {
    const list = await clerk.users.getOrganizationMembershipList({ userId: member.id });
    assert.deepEqual(list.data.map((one) => one.organization.id), [acme.id]);
  });
  await refused('organizations.deleteOrganizationMembership, of the last one who may manage', () =>
    api.deleteOrganizationMembership({ organizationId, userId: owner.id }));
  await step('organizations.deleteOrganizationMembership', async () => {
    await api.deleteOrganizationMembership({ organizationId, userId: member.id });
    assert.equal((await api.getOrganizationMembershipList({ organizationId })).totalCount, 1);
  });
  await step('organizationRoles.removePermissionFromOrganizationRole', async () => {
    const [editor] = (await clerk.organizationRoles.getOrganizationRoleList({ query: 'org:editor' })).data;
    const changed = await clerk.organizationRoles.removePermissionFromOrganizationRole({
      organizationRoleId: editor.id,
      permissionId: editor.permissions[0].id,
    });
    assert.deepEqual(changed.permissions, []);
  });
}

async function invitations(clerk, acme, owner) {
  const api = clerk.organizations;
  const organizationId = acme.id;
  const invited = { organizationId, inviterUserId: owner.id, role: 'org:member' };
  let invitation;

  await step('organizations.createOrganizationInvitation', async () => {
    invitation = await api.createOrganizationInvitation({ ...invited, emailAddress: 'new@example.com', publicMetadata: { a: 1 } });
    assert.deepEqual([invitation.status, invitation.role, invitation.publicMetadata], ['pending', 'org:member', { a: 1 }]);
  });
  await refused('organizations.createOrganizationInvitation, once more', () =>
    api.createOrganizationInvitation({ ...invited, emailAddress: 'new@example.com' }));
  await refused('organizations.createOrganizationInvitation, of a member', () =>
    api.createOrganizationInvitation({ ...invited, emailAddress: 'owner@example.com' }));
  await step('organizations.createOrganizationInvitationBulk', async () => {
    const many = await api.createOrganizationInvitationBulk(
      organizationId,
      ['b@example.com', 'c@example.com'].map((emailAddress) => ({ emailAddress, role: 'org:member', inviterUserId: owner.id })),
    );
    const made = Array.isArray(many) ? many : many.data;
    assert.deepEqual(made.map((one) => one.emailAddress), ['b@example.com', 'c@example.com']);
  });
  await step('organizations.getOrganizationInvitation', async () => {
    const found = await api.getOrganizationInvitation({ organizationId, invitationId: invitation.id });
    assert.equal(found.emailAddress, 'new@example.com');
  });
  await step('organizations.revokeOrganizationInvitation', async () => {
    const revoked = await api.revokeOrganizationInvitation({
      organizationId,
      invitationId: invitation.id,
      requestingUserId: owner.id,
    });
    assert.equal(revoked.status, 'revoked');
  });
  await refused('organizations.revokeOrganizationInvitation, once more', () =>
    api.revokeOrganizationInvitation({ organizationId, invitationId: invitation.id }));
  await step('organizations.getOrganizationInvitationList', async () => {
    assert.equal((await api.getOrganizationInvitationList({ organizationId, status: ['pending'] })).totalCount, 2);
    assert.equal((await api.getOrganizationInvitationList({ organizationId, status: ['revoked'] })).totalCount, 1);
  });
}

async function domains(clerk, acme) {
  const api = clerk.organizations;
  const organizationId = acme.id;
  let domain;

  await step('organizations.createOrganizationDomain', async () => {
    domain = await api.createOrganizationDomain({
      organizationId,
      name: 'acme.example.com',
      enrollmentMode: 'automatic_invitation',
    });
    assert.deepEqual([domain.name, domain.verification.status], ['acme.example.com', 'verified']);
  });
  await step('organizations.updateOrganizationDomain', async () => {
    const updated = await api.updateOrganizationDomain({
      organizationId,
      domainId: domain.id,
      enrollmentMode: 'automatic_suggestion',
    });
    assert.equal(updated.enrollment_mode, 'automatic_suggestion'); // this client makes no object of a domain
  });
  await step('organizations.getOrganizationDomainList', async () => {
    assert.deepEqual(idsOf(await api.getOrganizationDomainList({ organizationId })), [domain.id]);
  });
  await step('organizations.deleteOrganizationDomain', async () => {
    assert.equal((await api.deleteOrganizationDomain({ organizationId, domainId: domain.id })).deleted, true);
    assert.equal((await api.getOrganizationDomainList({ organizationId })).totalCount, 0);
  });
}
