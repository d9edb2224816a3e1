// Machines and their tokens, API keys, OAuth applications.

import assert from 'node:assert/strict';

import { createClerkClient } from '@clerk/backend';

import { idsOf, refused, step } from './steps.mjs';

export async function machines(clerk, options) {
  const api = clerk.machines;
  let sender, receiver, secret;

  await step('machines.create', async () => {
    receiver = await api.create({ name: 'receiver' });
    sender = await api.create({ name: 'sender', defaultTokenTtl: 120 });
    assert.match(sender.id, /^mch_/);
    assert.deepEqual([sender.defaultTokenTtl, sender.scopedMachines], [120, []]);
  });
  await step('machines.createScope', async () => {
    const scope = await api.createScope(sender.id, receiver.id);
    assert.deepEqual([scope.fromMachineId, scope.toMachineId], [sender.id, receiver.id]);
  });
  await refused('machines.createScope, once more', () => api.createScope(sender.id, receiver.id));
  await step('machines.get', async () => {
    const found = await api.get(sender.id);
    assert.deepEqual([found.name, found.scopedMachines.map((one) => one.id)], ['sender', [receiver.id]]);
  });
  await step('machines.list', async () => {
    const list = await api.list({ orderBy: '+name' });
    assert.deepEqual([idsOf(list), list.totalCount], [[receiver.id, sender.id], 2]);
  });
  await step('machines.update', async () => {
    assert.equal((await api.update({ machineId: sender.id, name: 'the sender' })).name, 'the sender');
  });
  await step('machines.getSecretKey', async () => {
    secret = (await api.getSecretKey(sender.id)).secret;
    assert.match(secret, /^ak_/);
  });
  await step('machines.rotateSecretKey', async () => {
    const rotated = await api.rotateSecretKey({ machineId: sender.id, previousTokenTtl: 60 });
    assert.notEqual(rotated.secret, secret);
    assert.equal((await api.getSecretKey(sender.id)).secret, rotated.secret);
    secret = rotated.secret;
  });

  await tokens(clerk, options, sender, receiver, secret);

  await step('machines.deleteScope', async () => {
    assert.equal((await api.deleteScope(sender.id, receiver.id)).deleted, true);
    assert.deepEqual((await api.get(sender.id)).scopedMachines, []);
  });
  await step('machines.delete', async () => {
    await api.delete(sender.id);
    assert.deepEqual(idsOf(await api.list()), [receiver.id]);
  });
  await apiKeys(clerk);
  await oauthApplications(clerk);
}

async function tokens(clerk, options, sender, receiver, secret) {
  const asSender = createClerkClient({ ...options, machineSecretKey: secret, telemetry: { disabled: true } });
  const receiverSecret = (await clerk.machines.getSecretKey(receiver.id)).secret;
  let token;

  await step('m2m.createToken', async () => {
    token = await asSender.m2m.createToken({ claims: { camelCase: 1 }, secondsUntilExpiration: 60 });
    assert.match(token.token, /^mt_/);
    assert.deepEqual([token.subject, token.scopes, token.claims], [sender.id, [receiver.id], { camelCase: 1 }]);
    assert.equal(token.expiration - token.createdAt, 60_000);
  });
  await step('m2m.verify', async () => {
    const verified = await clerk.m2m.verify({ token: token.token, machineSecretKey: receiverSecret });
    assert.deepEqual([verified.id, verified.subject, verified.revoked], [token.id, sender.id, false]);
  });
  await step('m2m.createToken, one that needs no lookup', async () => {
    const signed = await asSender.m2m.createToken({ tokenFormat: 'jwt', claims: { role: 'worker' } });
    const verified = await clerk.m2m.verify({ token: signed.token });
    assert.deepEqual([verified.subject, verified.scopes], [sender.id, [receiver.id]]);
    assert.equal(verified.claims.role, 'worker');
  });
  await step('m2m.list', async () => {
    const list = await clerk.m2m.list({ subject: sender.id });
    assert.deepEqual([idsOf(list), list.totalCount], [[token.id], 1]);
  });
  await step('authenticateRequest, with a token of a machine', async () => {
    const asReceiver = createClerkClient({ ...options, machineSecretKey: receiverSecret, telemetry: { disabled: true } });
    const request = new Request('http://localhost:3000/', { headers: { authorization: `Bearer ${token.token}` } });
    const state = await asReceiver.authenticateRequest(request, { acceptsToken: 'm2m_token' });
    assert.equal(state.isAuthenticated, true, state.reason);
    assert.equal(state.toAuth().machineId, sender.id);
  });
  await step('m2m.revokeToken', async () => {
    const revoked = await asSender.m2m.revokeToken({ m2mTokenId: token.id, revocationReason: 'lost' });
    assert.deepEqual([revoked.revoked, revoked.revocationReason], [true, 'lost']);
  });
  await refused('m2m.verify, one that was revoked', () =>
    clerk.m2m.verify({ token: token.token, machineSecretKey: receiverSecret }));
}

async function apiKeys(clerk) {
  const api = clerk.apiKeys;
  const user = await clerk.users.createUser({ emailAddress: ['keys@example.com'], skipPasswordRequirement: true });
  let key;

  await step('apiKeys.create', async () => {
    key = await api.create({ name: 'for the robot', subject: user.id, scopes: ['read'], claims: { camelCase: 1 }, createdBy: user.id });
    assert.deepEqual([key.subject, key.scopes, key.revoked], [user.id, ['read'], false]);
    assert.match(key.secret, /^ak_/);
  });
  await step('apiKeys.get', async () => assert.equal((await api.get(key.id)).name, 'for the robot'));
  await step('apiKeys.list', async () => {
    const list = await api.list({ subject: user.id });
    assert.deepEqual([idsOf(list), list.totalCount], [[key.id], 1]);
  });
  await step('apiKeys.update', async () => {
    const updated = await api.update({ apiKeyId: key.id, subject: user.id, description: 'a key', scopes: ['read', 'write'] });
    assert.deepEqual([updated.description, updated.scopes], ['a key', ['read', 'write']]);
  });
  await step('apiKeys.getSecret', async () => assert.equal((await api.getSecret(key.id)).secret, key.secret));
  await step('apiKeys.verify', async () => {
    const verified = await api.verify(key.secret);
    assert.deepEqual([verified.id, verified.claims], [key.id, { camelCase: 1 }]);
  });
  await step('authenticateRequest, with an API key', async () => {
    const request = new Request('http://localhost:3000/', { headers: { authorization: `Bearer ${key.secret}` } });
    const state = await clerk.authenticateRequest(request, { acceptsToken: 'api_key' });
    assert.equal(state.isAuthenticated, true, state.reason);
    assert.equal(state.toAuth().userId, user.id);
  });
  await step('apiKeys.revoke', async () => {
    const revoked = await api.revoke({ apiKeyId: key.id, revocationReason: 'lost' });
    assert.deepEqual([revoked.revoked, revoked.revocationReason], [true, 'lost']);
    assert.equal((await api.list({ subject: user.id })).totalCount, 0);
    assert.equal((await api.list({ subject: user.id, includeInvalid: true })).totalCount, 1);
  });
  await refused('apiKeys.verify, one that was revoked', () => api.verify(key.secret));
  await step('apiKeys.delete', async () => {
    assert.equal((await api.delete(key.id)).deleted, true);
    assert.equal((await api.list({ subject: user.id, includeInvalid: true })).totalCount, 0);
  });
}

async function oauthApplications(clerk) {
  const api = clerk.oauthApplications;
  let application;

  await step('oauthApplications.create', async () => {
    application = await api.create({ name: 'Robot', redirectUris: ['https://robot.example.com/back'], scopes: 'profile email' });
    assert.deepEqual([application.name, application.scopes], ['Robot', 'profile email']);
    assert.ok(application.clientSecret);
  });
  await step('oauthApplications.get', async () => {
    assert.equal((await api.get(application.id)).clientId, application.clientId);
  });
  await step('oauthApplications.update', async () => {
    const updated = await api.update({ oauthApplicationId: application.id, name: 'Android', scopes: 'email' });
    assert.deepEqual([updated.name, updated.scopes], ['Android', 'email']);
  });
  await step('oauthApplications.list', async () => {
    const list = await api.list({ nameQuery: 'droid' });
    assert.deepEqual([idsOf(list), list.totalCount], [[application.id], 1]);
  });
  await step('oauthApplications.rotateSecret', async () => {
    assert.notEqual((await api.rotateSecret(application.id)).clientSecret, application.clientSecret);
  });
  await step('idPOAuthAccessToken.verify', async () => {
    const accessToken = process.env.OAUTH_ACCESS_TOKEN;
    const verified = await clerk.idPOAuthAccessToken.verify(accessToken);
    assert.deepEqual([verified.scopes, verified.revoked, verified.expired], [['profile', 'email'], false, false]);
  });
  await step('oauthApplications.delete', async () => {
    assert.equal((await api.delete(application.id)).deleted, true);
    assert.equal((await api.list({ nameQuery: 'droid' })).totalCount, 0);
  });
}
