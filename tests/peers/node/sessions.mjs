// Sessions, their tokens and the tokens for signing in.

import assert from 'node:assert/strict';

import { verifyToken } from '@clerk/backend';

import { idsOf, refused, step } from './steps.mjs';

export async function sessions(clerk, options) {
  const api = clerk.sessions;
  const user = await clerk.users.createUser({ emailAddress: ['sid@example.com'], firstName: 'Sid', skipPasswordRequirement: true });
  const organization = await clerk.organizations.createOrganization({ name: 'Sessions', createdBy: user.id });
  let session, jwt;

  await step('sessions.createSession', async () => {
    session = await api.createSession({ userId: user.id });
    assert.match(session.id, /^sess_/);
    assert.deepEqual([session.userId, session.status], [user.id, 'active']);
  });
  await step('sessions.getSession', async () => {
    assert.equal((await api.getSession(session.id)).clientId, session.clientId);
  });
  await step('sessions.getSessionList', async () => {
    const list = await api.getSessionList({ userId: user.id, status: 'active' });
    assert.deepEqual([idsOf(list), list.totalCount], [[session.id], 1]);
    assert.equal((await api.getSessionList({ userId: user.id, status: 'revoked' })).totalCount, 0);
  });
  await step('sessions.getToken', async () => {
    jwt = (await api.getToken(session.id)).jwt;
    const claims = await verifyToken(jwt, options);
    assert.deepEqual([claims.sub, claims.sid, claims.sts, claims.v], [user.id, session.id, 'active', 2]);
    assert.equal(claims.exp - claims.iat, 60);
  });
  await step('sessions.getToken, for longer', async () => {
    const claims = await verifyToken((await api.getToken(session.id, '', 600)).jwt, options);
    assert.equal(claims.exp - claims.iat, 600);
  });
  await step('verifyToken, one that somebody changed', async () => {
    const [head, , signature] = jwt.split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'user_1', iat: 1, nbf: 1, exp: 4_000_000_000 })).toString('base64url');
    await assert.rejects(verifyToken(`${head}.${forged}.${signature}`, options), { reason: 'token-invalid-signature' });
  });
  await step('jwks.getJwks', async () => {
    const { keys } = await clerk.jwks.getJwks();
    assert.deepEqual([keys[0].alg, keys[0].kty, keys[0].use], ['RS256', 'RSA', 'sig']);
  });
  await step('sessions.createSession, in an organization', async () => {
    const inside = await api.createSession({ userId: user.id, activeOrganizationId: organization.id });
    const claims = await verifyToken((await api.getToken(inside.id)).jwt, options);
    assert.deepEqual([claims.o.id, claims.o.rol], [organization.id, 'admin']);
    await api.revokeSession(inside.id);
  });
  await templates(clerk, options, session);
  await authenticated(clerk, options, session, user);

  await step('clients.getClient', async () => {
    const client = await clerk.clients.getClient(session.clientId);
    assert.deepEqual([client.sessionIds, client.lastActiveSessionId], [[session.id], session.id]);
  });
  await step('clients.getClientList', async () => {
    const list = await clerk.clients.getClientList();
    assert.ok(idsOf(list).includes(session.clientId));
  });
  await step('clients.verifyClient', async () => {
    assert.equal((await clerk.clients.verifyClient(jwt)).id, session.clientId);
  });
  await step('sessions.verifySession', async () => {
    assert.equal((await api.verifySession(session.id, jwt)).id, session.id);
  });
  await step('sessions.refreshSession', async () => {
    const answer = await api.refreshSession(session.id, {
      expired_token: jwt,
      refresh_token: 'a refresh token',
      request_origin: 'https://example.com',
      request_originating_ip: '127.0.0.1',
      format: 'token',
    });
    assert.equal((await verifyToken(answer.jwt, options)).sid, session.id);
  });
  await step('sessions.refreshSession, for suffixed cookies', async () => {
    const answer = await api.refreshSession(session.id, {
      expired_token: jwt,
      refresh_token: 'a refresh token',
      request_origin: 'https://example.com',
      request_originating_ip: '127.0.0.1',
      suffixed_cookies: true,
      format: 'cookie',
    });
    assert.ok(answer.cookies.some(cookie => cookie.startsWith('__session_')));
  });
  await step('sessions.revokeSession', async () => {
    assert.equal((await api.revokeSession(session.id)).status, 'revoked');
  });
  await refused('sessions.getToken, of a session that was revoked', () => api.getToken(session.id));
  await tickets(clerk, user);
}

async function templates(clerk, options, session) {
  const api = clerk.jwtTemplates;
  let template;

  await step('jwtTemplates.create', async () => {
    template = await api.create({ name: 'for_the_database', claims: { name: '{{user.first_name}}' }, lifetime: 300 });
    assert.deepEqual([template.name, template.lifetime, template.allowedClockSkew], ['for_the_database', 300, 5]);
  });
  await step('sessions.getToken, from a template', async () => {
    const { jwt } = await clerk.sessions.getToken(session.id, 'for_the_database');
    const claims = await verifyToken(jwt, options);
    assert.deepEqual([claims.name, claims.exp - claims.iat], ['Sid', 300]);
  });
  await step('jwtTemplates.update', async () => {
    const claims = { name: '{{user.last_name}}' };
    const updated = await api.update({ templateId: template.id, name: 'renamed', claims });
    assert.deepEqual([updated.name, updated.claims], ['renamed', claims]);
  });
  await step('jwtTemplates.get', async () => assert.equal((await api.get(template.id)).name, 'renamed'));
  await step('jwtTemplates.list', async () => {
    const list = await api.list();
    assert.deepEqual([idsOf(list), list.totalCount], [[template.id], 1]);
  });
  await step('jwtTemplates.delete', async () => {
    assert.equal((await api.delete(template.id)).deleted, true);
    assert.equal((await api.list()).totalCount, 0);
  });
}

async function authenticated(clerk, options, session, user) {
  await step('authenticateRequest, with a session token', async () => {
    const { jwt } = await clerk.sessions.getToken(session.id);
    const host = new URL((await verifyToken(jwt, options)).iss).host;
    const publishableKey = `pk_test_${Buffer.from(`${host}$`).toString('base64')}`;
    const request = new Request('http://localhost:3000/', { headers: { authorization: `Bearer ${jwt}` } });
    const state = await clerk.authenticateRequest(request, { publishableKey, authorizedParties: ['http://localhost:3000'] });
    assert.equal(state.isAuthenticated, true, state.reason);
    assert.equal(state.toAuth().userId, user.id);
  });
}

async function tickets(clerk, user) {
  await step('signInTokens.createSignInToken', async () => {
    const ticket = await clerk.signInTokens.createSignInToken({ userId: user.id, expiresInSeconds: 600 });
    assert.deepEqual([ticket.userId, ticket.status], [user.id, 'pending']);
    assert.ok(ticket.url.includes(ticket.token));
  });
  await step('signInTokens.revokeSignInToken', async () => {
    const ticket = await clerk.signInTokens.createSignInToken({ userId: user.id, expiresInSeconds: 600 });
    assert.equal((await clerk.signInTokens.revokeSignInToken(ticket.id)).status, 'revoked');
  });
  await step('actorTokens.create', async () => {
    const actor = { sub: 'user_admin', camelCase: 1 };
    const token = await clerk.actorTokens.create({ userId: user.id, actor, expiresInSeconds: 60 });
    assert.deepEqual([token.status, token.userId, token.actor], ['pending', user.id, actor]);
  });
  await step('actorTokens.revoke', async () => {
    const token = await clerk.actorTokens.create({ userId: user.id, actor: { sub: 'user_admin' }, expiresInSeconds: 60 });
    assert.equal((await clerk.actorTokens.revoke(token.id)).status, 'revoked');
  });
  await step('testingTokens.createTestingToken', async () => {
    // This client makes no object of it, either.
    const { token, expires_at: expiresAt } = await clerk.testingTokens.createTestingToken();
    assert.match(token, /^\d+-/);
    assert.ok(expiresAt * 1000 > Date.now());
  });
}
