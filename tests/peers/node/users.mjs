// Users, their e-mail addresses, phone numbers, passwords and second factors.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

import { idsOf, refused, step } from './steps.mjs';

const PASSWORD = 'correct horse battery staple';
const TOTP_SECRET = Buffer.from('12345678901234567890');
const TOTP_SECRET_BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');

// RFC 6238: six digits, thirty seconds, SHA-1.
function oneTimePassword() {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', TOTP_SECRET).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

export async function users(clerk) {
  const api = clerk.users;
  let seeded, ada, alan, grace;

  await step('users.getUserList, before anybody came', async () => {
    const list = await api.getUserList();
    assert.deepEqual([list.data.length, list.totalCount], [1, 1]);
    seeded = list.data[0];
  });

  await step('users.createUser', async () => {
    ada = await api.createUser({
      emailAddress: ['ada@example.com'],
      phoneNumber: ['+15555550100'],
      username: 'ada_lovelace',
      password: PASSWORD,
      firstName: 'Ada',
      lastName: 'Lovelace',
      externalId: 'employee-1',
      publicMetadata: { plan: 'pro', nested: { keptAsIs: 1, gone: 2 } },
      privateMetadata: { note: 'secret' },
      totpSecret: TOTP_SECRET_BASE32,
      backupCodes: ['one-of-a-kind'],
      createdAt: new Date('2024-01-02T03:04:05Z'),
    });
    assert.match(ada.id, /^user_[0-9A-Za-z]{27}$/);
    assert.equal(ada.fullName, 'Ada Lovelace');
    assert.equal(ada.primaryEmailAddress.emailAddress, 'ada@example.com');
    assert.equal(ada.primaryEmailAddress.verification.status, 'verified');
    assert.equal(ada.primaryPhoneNumber.phoneNumber, '+15555550100');
    assert.deepEqual(ada.publicMetadata, { plan: 'pro', nested: { keptAsIs: 1, gone: 2 } });
    assert.equal(ada.createdAt, Date.parse('2024-01-02T03:04:05Z'));
    assert.deepEqual([ada.passwordEnabled, ada.totpEnabled, ada.backupCodeEnabled], [true, true, true]);
    assert.deepEqual([ada.banned, ada.locked, ada.externalId], [false, false, 'employee-1']);
  });
  await step('users.createUser, without a password', async () => {
    alan = await api.createUser({ emailAddress: ['alan@example.com'], firstName: 'Alan', skipPasswordRequirement: true });
    grace = await api.createUser({ emailAddress: ['grace@example.com'], firstName: 'Grace', skipPasswordRequirement: true });
    assert.deepEqual([alan.passwordEnabled, grace.lastName], [false, null]);
  });
  await refused('users.createUser, an address that is taken', () =>
    api.createUser({ emailAddress: ['ada@example.com'], password: PASSWORD }));
  await refused('users.createUser, a parameter that does not exist', () =>
    api.createUser({ emailAddress: ['new@example.com'], favouriteColour: 'green' }));
  await step('users.createUser, with a time zone', async () => {
    const user = await api.createUser({ emailAddress: ['zone@example.com'], timezone: 'Europe/London' });
    assert.equal(user.timezone, 'Europe/London');
    await api.deleteUser(user.id);
  });
  await step('users.getUser', async () => {
    const user = await api.getUser(ada.id);
    assert.deepEqual([user.username, user.privateMetadata], ['ada_lovelace', { note: 'secret' }]);
  });
  await refused('users.getUser, unknown', () => api.getUser('user_2aaaaaaaaaaaaaaaaaaaaaaaaaa'));

  await step('users.getUserList', async () => {
    const list = await api.getUserList({ orderBy: '+created_at' });
    assert.deepEqual(idsOf(list), [ada.id, seeded.id, alan.id, grace.id]);
    assert.equal(list.totalCount, 4);
  });
  await step('users.getUserList, in pages', async () => {
    const pages = [];
    for (let offset = 0; offset < 4; offset += 2) {
      pages.push(idsOf(await api.getUserList({ limit: 2, offset })));
    }
    assert.deepEqual(pages, [[grace.id, alan.id], [seeded.id, ada.id]]);
  });
  await step('users.getUserList, by what users have', async () => {
    const filters = [
      { emailAddress: ['ada@example.com', 'alan@example.com'] },
      { phoneNumber: ['+15555550100'] },
      { externalId: ['employee-1'] },
      { username: ['ada_lovelace'] },
      { query: 'grace' },
      { userId: [`-${ada.id}`, `-${seeded.id}`] },
    ];
    const found = await Promise.all(filters.map((filter) => api.getUserList({ ...filter, orderBy: 'first_name' })));
    assert.deepEqual(found.map(idsOf), [[ada.id, alan.id], [ada.id], [ada.id], [ada.id], [grace.id], [alan.id, grace.id]]);
    assert.deepEqual(found.map((list) => list.totalCount), [2, 1, 1, 1, 1, 2]);
  });
  await step('users.getUserList, of a time', async () => {
    const list = await api.getUserList({ createdAtBefore: Date.parse('2024-06-01') });
    assert.deepEqual(idsOf(list), [ada.id]);
  });
  await step('users.getCount', async () => {
    assert.equal(await api.getCount(), 4);
    assert.equal(await api.getCount({ query: 'example.com' }), 4);
    assert.equal(await api.getCount({ emailAddress: ['nobody@example.com'] }), 0);
  });

  await step('users.updateUser', async () => {
    const user = await api.updateUser(ada.id, { lastName: 'King', externalId: 'employee-2', username: 'ada_king' });
    assert.deepEqual([user.firstName, user.lastName, user.externalId, user.username], ['Ada', 'King', 'employee-2', 'ada_king']);
  });
  await step('users.updateUserMetadata', async () => {
    const user = await api.updateUserMetadata(ada.id, {
      publicMetadata: { nested: { gone: null, camelCase: true }, more: [1] },
    });
    assert.deepEqual(user.publicMetadata, { plan: 'pro', nested: { keptAsIs: 1, camelCase: true }, more: [1] });
    assert.deepEqual(user.privateMetadata, { note: 'secret' });
  });
  await step('users.replaceUserMetadata', async () => {
    const user = await api.replaceUserMetadata(ada.id, { publicMetadata: { only: 'this' } });
    assert.deepEqual([user.publicMetadata, user.privateMetadata], [{ only: 'this' }, { note: 'secret' }]);
  });
  await step('users.updateUser, with metadata', async () => {
    const user = await api.updateUser(ada.id, { firstName: 'Augusta Ada', unsafeMetadata: { theme: 'dark' } });
    assert.deepEqual([user.firstName, user.unsafeMetadata], ['Augusta Ada', { theme: 'dark' }]);
  });

  await step('users.verifyPassword', async () => {
    assert.deepEqual(await api.verifyPassword({ userId: ada.id, password: PASSWORD }), { verified: true });
  });
  await refused('users.verifyPassword, a wrong one', () =>
    api.verifyPassword({ userId: ada.id, password: 'a wrong password' }));
  await refused('users.verifyPassword, of a user without one', () =>
    api.verifyPassword({ userId: alan.id, password: PASSWORD }));
  await step('users.setPasswordCompromised', async () => {
    assert.equal((await api.setPasswordCompromised(ada.id)).id, ada.id);
  });
  await step('users.unsetPasswordCompromised', async () => {
    assert.equal((await api.unsetPasswordCompromised(ada.id)).id, ada.id);
  });
  await step('users.removePassword', async () => {
    assert.equal((await api.removePassword(ada.id)).passwordEnabled, false);
  });
  await step('users.verifyTOTP', async () => {
    const answer = await api.verifyTOTP({ userId: ada.id, code: oneTimePassword() });
    assert.deepEqual([answer.verified, answer.code_type ?? answer.codeType], [true, 'totp']);
  });
  await refused('users.verifyTOTP, a wrong code', () => api.verifyTOTP({ userId: ada.id, code: 'no code' }));
  await step('users.deleteUserTOTP', async () => {
    assert.equal((await api.deleteUserTOTP(ada.id)).user_id, ada.id);
    assert.equal((await api.getUser(ada.id)).totpEnabled, false);
  });
  await step('users.deleteUserBackupCodes', async () => {
    assert.equal((await api.deleteUserBackupCodes(ada.id)).user_id, ada.id);
    assert.equal((await api.getUser(ada.id)).backupCodeEnabled, false);
  });
  await step('users.disableUserMFA', async () => {
    assert.equal((await api.disableUserMFA(ada.id)).user_id, ada.id);
    assert.equal((await api.getUser(ada.id)).twoFactorEnabled, false);
  });

  await step('users.banUser', async () => assert.equal((await api.banUser(alan.id)).banned, true));
  await step('users.unbanUser', async () => assert.equal((await api.unbanUser(alan.id)).banned, false));
  await step('users.lockUser', async () => assert.equal((await api.lockUser(alan.id)).locked, true));
  await step('users.unlockUser', async () => assert.equal((await api.unlockUser(alan.id)).locked, false));
  await step('users.updateUserProfileImage', async () => {
    const user = await api.updateUserProfileImage(ada.id, { file: new Blob([PICTURE], { type: 'image/png' }) });
    assert.equal(user.hasImage, true);
  });
  await step('users.deleteUserProfileImage', async () => {
    assert.equal((await api.deleteUserProfileImage(ada.id)).hasImage, false);
  });

  await contacts(clerk, ada);

  await step('users.deleteUser', async () => {
    const deleted = await api.deleteUser(grace.id);
    assert.equal(deleted.id, grace.id);
    assert.equal(await api.getCount(), 3);
  });
  await refused('users.deleteUser, for the second time', () => api.deleteUser(grace.id));
}

async function contacts(clerk, user) {
  let email, phone;

  await step('emailAddresses.createEmailAddress', async () => {
    email = await clerk.emailAddresses.createEmailAddress({ userId: user.id, emailAddress: 'ada@example.org' });
    assert.equal(email.emailAddress, 'ada@example.org');
    assert.equal((await clerk.users.getUser(user.id)).emailAddresses.length, 2);
  });
  await refused('emailAddresses.createEmailAddress, malformed', () =>
    clerk.emailAddresses.createEmailAddress({ userId: user.id, emailAddress: 'no address' }));
  await step('emailAddresses.updateEmailAddress', async () => {
    const updated = await clerk.emailAddresses.updateEmailAddress(email.id, { verified: true, primary: true });
    assert.equal(updated.verification.status, 'verified');
    assert.equal((await clerk.users.getUser(user.id)).primaryEmailAddressId, email.id);
  });
  await step('emailAddresses.getEmailAddress', async () => {
    assert.equal((await clerk.emailAddresses.getEmailAddress(email.id)).emailAddress, 'ada@example.org');
  });
  await step('users.replaceUserEmailAddress', async () => {
    const replaced = await clerk.users.replaceUserEmailAddress(user.id, { emailAddress: 'ada@example.net' });
    assert.equal(replaced.emailAddress, 'ada@example.net');
    const { emailAddresses, primaryEmailAddressId } = await clerk.users.getUser(user.id);
    assert.deepEqual([emailAddresses.map((one) => one.id), primaryEmailAddressId], [[replaced.id], replaced.id]);
  });
  await refused('emailAddresses.getEmailAddress, one that was replaced', () =>
    clerk.emailAddresses.getEmailAddress(email.id));
  await step('emailAddresses.deleteEmailAddress', async () => {
    const extra = await clerk.emailAddresses.createEmailAddress({ userId: user.id, emailAddress: 'more@example.net' });
    assert.equal((await clerk.emailAddresses.deleteEmailAddress(extra.id)).deleted, true);
  });

  await step('phoneNumbers.createPhoneNumber', async () => {
    phone = await clerk.phoneNumbers.createPhoneNumber({ userId: user.id, phoneNumber: '+15555550101', verified: true });
    assert.equal(phone.phoneNumber, '+15555550101');
  });
  await step('phoneNumbers.updatePhoneNumber', async () => {
    const updated = await clerk.phoneNumbers.updatePhoneNumber(phone.id, { primary: true, reservedForSecondFactor: true });
    assert.equal(updated.reservedForSecondFactor, true);
    assert.equal((await clerk.users.getUser(user.id)).primaryPhoneNumberId, phone.id);
  });
  await step('phoneNumbers.getPhoneNumber', async () => {
    assert.equal((await clerk.phoneNumbers.getPhoneNumber(phone.id)).verification.status, 'verified');
  });
  await step('phoneNumbers.deletePhoneNumber', async () => {
    assert.equal((await clerk.phoneNumbers.deletePhoneNumber(phone.id)).deleted, true);
    assert.equal((await clerk.users.getUser(user.id)).phoneNumbers.length, 1);
  });
  await step('users.replaceUserPhoneNumber', async () => {
    const replaced = await clerk.users.replaceUserPhoneNumber(user.id, { phoneNumber: '+15555550102' });
    const { phoneNumbers } = await clerk.users.getUser(user.id);
    assert.deepEqual(phoneNumbers.map((one) => one.id), [replaced.id]);
  });
}
