// A story told with Clerk's client for Node.js: what a backend does in its life, against CLERK_API_URL.

import { createClerkClient } from '@clerk/backend';

import { instance } from './instance.mjs';
import { lists } from './lists.mjs';
import { machines } from './machines.mjs';
import { organizations } from './organizations.mjs';
import { sessions } from './sessions.mjs';
import { users } from './users.mjs';

const options = { secretKey: process.env.CLERK_SECRET_KEY, apiUrl: process.env.CLERK_API_URL };
const clerk = createClerkClient({ ...options, telemetry: { disabled: true } });

for (const chapter of [users, organizations, sessions, lists, machines, instance]) {
  await chapter(clerk, options);
}
