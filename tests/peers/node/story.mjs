// A story told with Clerk's client for Node.js: what a backend does in its life.
//
// It needs CLERK_API_URL, CLERK_SECRET_KEY and OAUTH_ACCESS_TOKEN: a service with one user, whom the token is of.

import { createClerkClient } from '@clerk/backend';

import { instance } from './instance.mjs';
import { lists } from './lists.mjs';
import { machines } from './machines.mjs';
import { organizations } from './organizations.mjs';
import { rest } from './rest.mjs';
import { sessions } from './sessions.mjs';
import { users } from './users.mjs';

const options = { secretKey: process.env.CLERK_SECRET_KEY, apiUrl: process.env.CLERK_API_URL };
const clerk = createClerkClient({ ...options, telemetry: { disabled: true } });

for (const chapter of [users, organizations, sessions, lists, machines, instance, rest]) {
  await chapter(clerk, options);
}
