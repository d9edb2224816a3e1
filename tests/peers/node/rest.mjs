// What the service keeps and gives back without a behaviour of its own, and what it makes up.

import assert from 'node:assert/strict';

import { idsOf, refused, step } from './steps.mjs';

export async function rest(clerk) {
  const user = await clerk.users.createUser({ emailAddress: ['rest@example.com'], skipPasswordRequirement: true });

  await connections(clerk);
  await emails(clerk);
  await step('agentTasks.create', async () => {
    const task = await clerk.agentTasks.create({
      onBehalfOf: { userId: user.id },
      permissions: '*',
      agentName: 'agent',
      taskDescription: 'a task',
      redirectUrl: 'https://example.com/',
    });
    assert.ok(task.url);
    assert.equal((await clerk.agentTasks.revoke(task.agentTaskId)).agentTaskId, task.agentTaskId);
  });
  await step('webhooks.createSvixApp', async () => {
    assert.ok((await clerk.webhooks.createSvixApp()).svix_url);
    assert.ok((await clerk.webhooks.generateSvixAuthURL()).svix_url);
    await clerk.webhooks.deleteSvixApp();
  });
  await step('billing.getPlanList', async () => {
    const list = await clerk.billing.getPlanList({ limit: 5 });
    assert.equal(list.totalCount, list.data.length);
  });
  await step('billing.getUserBillingSubscription', async () => {
    assert.ok((await clerk.billing.getUserBillingSubscription(user.id)).id);
  });
  await step('users.getUserOauthAccessToken', async () => {
    const list = await clerk.users.getUserOauthAccessToken(user.id, 'google');
    assert.equal(list.totalCount, list.data.length);
  });
  await step('users.getOrganizationInvitationList', async () => {
    assert.equal((await clerk.users.getOrganizationInvitationList({ userId: user.id, status: 'pending' })).totalCount, 0);
  });
}

async function connections(clerk) {
  const api = clerk.enterpriseConnections;
  let connection;

  await step('enterpriseConnections.createEnterpriseConnection', async () => {
    connection = await api.createEnterpriseConnection({
      name: 'Acme',
      provider: 'saml_custom',
      domains: ['acme.example.com'],
      saml: { idpEntityId: 'https://idp.example.com' },
    });
    assert.deepEqual([connection.name, connection.domains], ['Acme', ['acme.example.com']]);
  });
  await step('enterpriseConnections.updateEnterpriseConnection', async () => {
    assert.equal((await api.updateEnterpriseConnection(connection.id, { name: 'Acme Works' })).name, 'Acme Works');
  });
  await step('enterpriseConnections.getEnterpriseConnection', async () => {
    assert.equal((await api.getEnterpriseConnection(connection.id)).name, 'Acme Works');
  });
  await step('enterpriseConnections.getEnterpriseConnectionList', async () => {
    assert.deepEqual(idsOf(await api.getEnterpriseConnectionList()), [connection.id]);
  });
  await step('enterpriseConnections.deleteEnterpriseConnection', async () => {
    await api.deleteEnterpriseConnection(connection.id);
    assert.equal((await api.getEnterpriseConnectionList()).totalCount, 0);
  });
}

async function emails(clerk) {
  const message = {
    to: { address: 'ada@example.com' },
    from: { address: 'me@example.com' },
    subject: 'Hello',
    text: 'Hello, Ada',
  };
  await step('emails.create', async () => {
    const email = await clerk.emails.create(message);
    assert.equal(email.toEmailAddress, 'ada@example.com');
  });
  await refused('emails.create, to an unknown user', () => clerk.emails.create({ ...message, to: { userId: 'user_1' } }));
  await step('emails.get', async () => {
    const attachments = [{ filename: 'a.txt', content: 'd29yZHM=' }];
    const more = { cc: ['b@example.com'], bcc: ['c@example.com'], headers: { 'X-Mine': '1' }, attachments };
    const sent = await clerk.emails.create({ ...message, ...more }, { idempotencyKey: 'once' });
    const again = await clerk.emails.create({ ...message, ...more }, { idempotencyKey: 'once' });
    assert.deepEqual([again.id, (await clerk.emails.get(sent.id)).subject], [sent.id, 'Hello']);
  });
  await refused('emails.get, unknown', () => clerk.emails.get('ema_1'));
  await step('emails.createBatch', async () => {
    const [taken, refused] = await clerk.emails.createBatch([message, { ...message, to: { userId: 'user_1' } }]);
    assert.deepEqual([taken.statusCode, refused.statusCode], [200, 404]);
    assert.equal(taken.email.subject, 'Hello');
    assert.equal(refused.errors[0].code, 'resource_not_found');
  });
}
