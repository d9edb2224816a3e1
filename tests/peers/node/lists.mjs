// Who may sign up: invitations, the waitlist, allow- and blocklist.

import assert from 'node:assert/strict';

import { idsOf, refused, step } from './steps.mjs';

export async function lists(clerk) {
  await invitations(clerk);
  await waitlist(clerk);
  await identifiers(clerk);
}

async function invitations(clerk) {
  const api = clerk.invitations;
  let invitation;

  await step('invitations.createInvitation', async () => {
    const publicMetadata = { camelCase: 1 };
    invitation = await api.createInvitation({
      emailAddress: 'barbara@example.com',
      redirectUrl: 'https://example.com/welcome',
      publicMetadata,
      expiresInDays: 7,
      notify: false,
    });
    assert.deepEqual([invitation.status, invitation.publicMetadata], ['pending', publicMetadata]);
  });
  await refused('invitations.createInvitation, once more', () => api.createInvitation({ emailAddress: 'barbara@example.com' }));
  await step('invitations.createInvitationBulk', async () => {
    const many = await api.createInvitationBulk([{ emailAddress: 'edsger@example.com' }, { emailAddress: 'niklaus@example.com' }]);
    assert.deepEqual(many.map((one) => one.emailAddress), ['edsger@example.com', 'niklaus@example.com']);
  });
  await step('invitations.getInvitationList', async () => {
    const list = await api.getInvitationList({ status: 'pending', query: 'barbara' });
    assert.deepEqual([idsOf(list), list.totalCount], [[invitation.id], 1]);
  });
  await step('invitations.revokeInvitation', async () => {
    assert.equal((await api.revokeInvitation(invitation.id)).status, 'revoked');
    assert.equal((await api.getInvitationList()).totalCount, 2);
  });
  await refused('invitations.revokeInvitation, once more', () => api.revokeInvitation(invitation.id));
  await step('invitations.deleteInvitation', async () => {
    assert.equal((await api.deleteInvitation(invitation.id)).deleted, true);
  });
  await refused('invitations.deleteInvitation, once more', () => api.deleteInvitation(invitation.id));
}

async function waitlist(clerk) {
  const api = clerk.waitlistEntries;
  let first;

  await step('waitlistEntries.create', async () => {
    first = await api.create({ emailAddress: 'first@example.com', notify: false });
    assert.equal(first.status, 'pending');
    assert.equal((await api.create({ emailAddress: 'first@example.com', notify: false })).id, first.id);
  });
  await step('waitlistEntries.createBulk', async () => {
    const many = await api.createBulk([{ emailAddress: 'second@example.com' }, { emailAddress: 'third@example.com' }]);
    assert.equal(many.length, 2);
  });
  await step('waitlistEntries.list', async () => {
    assert.equal((await api.list({ status: 'pending', orderBy: '+created_at' })).totalCount, 3);
  });
  await step('waitlistEntries.invite', async () => assert.equal((await api.invite(first.id)).status, 'invited'));
  await step('waitlistEntries.reject', async () => {
    const [second] = (await api.list({ query: 'second@example.com' })).data;
    assert.equal((await api.reject(second.id)).status, 'rejected');
  });
  await step('waitlistEntries.delete', async () => {
    const [third] = (await api.list({ query: 'third@example.com' })).data;
    assert.equal((await api.delete(third.id)).deleted, true);
    assert.equal((await api.list()).totalCount, 2);
  });
}

async function identifiers(clerk) {
  const { allowlistIdentifiers, blocklistIdentifiers } = clerk;
  let allowed, blocked;

  await step('allowlistIdentifiers.createAllowlistIdentifier', async () => {
    allowed = await allowlistIdentifiers.createAllowlistIdentifier({ identifier: '*@example.com', notify: false });
    assert.deepEqual([allowed.identifier, allowed.identifierType], ['*@example.com', 'email_address']);
  });
  await refused('allowlistIdentifiers.createAllowlistIdentifier, once more', () =>
    allowlistIdentifiers.createAllowlistIdentifier({ identifier: '*@example.com', notify: false }));
  await step('allowlistIdentifiers.getAllowlistIdentifierList', async () => {
    const list = await allowlistIdentifiers.getAllowlistIdentifierList();
    assert.deepEqual([idsOf(list), list.totalCount], [[allowed.id], 1]);
  });
  await step('allowlistIdentifiers.deleteAllowlistIdentifier', async () => {
    assert.equal((await allowlistIdentifiers.deleteAllowlistIdentifier(allowed.id)).deleted, true);
  });
  await step('blocklistIdentifiers.createBlocklistIdentifier', async () => {
    blocked = await blocklistIdentifiers.createBlocklistIdentifier({ identifier: 'eve@example.com' });
    assert.equal(blocked.identifierType, 'email_address');
  });
  await step('blocklistIdentifiers.getBlocklistIdentifierList', async () => {
    assert.deepEqual(idsOf(await blocklistIdentifiers.getBlocklistIdentifierList()), [blocked.id]);
  });
  await step('blocklistIdentifiers.deleteBlocklistIdentifier', async () => {
    assert.equal((await blocklistIdentifiers.deleteBlocklistIdentifier(blocked.id)).deleted, true);
  });
}
