// The instance: its settings, redirect URLs and domains.

import assert from 'node:assert/strict';

import { createClerkClient } from '@clerk/backend';

import { idsOf, refused, step } from './steps.mjs';

export async function instance(clerk, options) {
  const api = clerk.instance;

  await step('instance.get', async () => {
    const found = await api.get();
    assert.match(found.id, /^ins_[0-9A-Za-z]{27}$/);
    assert.equal(found.environmentType, 'development');
  });
  await step('instance.update', async () => {
    await api.update({ supportEmail: 'help@example.com', allowedOrigins: ['https://example.com'] });
    assert.deepEqual((await api.get()).allowedOrigins, ['https://example.com']);
  });
  await step('instance.updateRestrictions', async () => {
    const restrictions = await api.updateRestrictions({ allowlist: false, blocklist: true });
    assert.deepEqual([restrictions.allowlist, restrictions.blocklist], [false, true]);
  });
  await step('instance.updateOrganizationSettings', async () => {
    const settings = await api.updateOrganizationSettings({ enabled: true, maxAllowedMemberships: 20 });
    assert.deepEqual([settings.enabled, settings.maxAllowedMemberships], [true, 20]);
  });
  await step('instance.getOrganizationSettings', async () => {
    assert.equal((await api.getOrganizationSettings()).maxAllowedMemberships, 20);
  });
  await redirectUrls(clerk);
  await domains(clerk);
  await refused('users.getCount, with a wrong key', () =>
    createClerkClient({ ...options, secretKey: 'sk_test_wrong', telemetry: { disabled: true } }).users.getCount());
}

async function redirectUrls(clerk) {
  const api = clerk.redirectUrls;
  let redirect;

  await step('redirectUrls.createRedirectUrl', async () => {
    redirect = await api.createRedirectUrl({ url: 'my-app://callback' });
    assert.equal(redirect.url, 'my-app://callback');
  });
  await step('redirectUrls.getRedirectUrl', async () => assert.equal((await api.getRedirectUrl(redirect.id)).url, redirect.url));
  await step('redirectUrls.getRedirectUrlList', async () => {
    const list = await api.getRedirectUrlList();
    assert.deepEqual([idsOf(list), list.totalCount], [[redirect.id], 1]);
  });
  await step('redirectUrls.deleteRedirectUrl', async () => {
    assert.equal((await api.deleteRedirectUrl(redirect.id)).deleted, true);
  });
  await refused('redirectUrls.getRedirectUrl, one that was deleted', () => api.getRedirectUrl(redirect.id));
}

async function domains(clerk) {
  const api = clerk.domains;
  let satellite;

  await step('domains.add', async () => {
    satellite = await api.add({ name: 'satellite.example.com', isSatellite: true });
    assert.deepEqual([satellite.name, satellite.isSatellite], ['satellite.example.com', true]);
  });
  await step('domains.update', async () => {
    const updated = await api.update({ domainId: satellite.id, name: 'moon.example.com' });
    assert.equal(updated.name, 'moon.example.com');
  });
  await step('domains.list', async () => {
    const list = await api.list();
    assert.ok(idsOf(list).includes(satellite.id));
    assert.equal(list.totalCount, list.data.length);
  });
  await step('domains.delete', async () => {
    assert.equal((await api.delete(satellite.id)).deleted, true);
    assert.ok(!idsOf(await api.list()).includes(satellite.id));
  });
}
