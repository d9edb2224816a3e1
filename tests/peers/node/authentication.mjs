// Answers the cases of tests/peers/authentication with Clerk's client for Node.js, its clock and fetch in hand.
//
// Reads JSON from the file it is told: a list of cases, each a client and steps. Writes what came of each step.

import { readFileSync } from 'node:fs';
import process from 'node:process';

let now = 0;
let answers = {};
let sent = [];

Date.now = () => now;
globalThis.setTimeout = (action, _delay, ...rest) => setImmediate(action, ...rest);
console.log = console.warn = console.error = () => {};

globalThis.fetch = async (url, init = {}) => {
  const { pathname, search } = new URL(url);
  const place = `${init.method ?? 'GET'} ${pathname.replace(/^\/v1(?=\/)/, '')}`;
  sent.push(place + search);
  const answer = answers[place];
  if (answer === undefined) {
    throw new TypeError('fetch failed');
  }
  const [status, body, type] = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { 'content-type': type ?? 'application/json' } });
};

const { createClerkClient, verifyToken } = await import('@clerk/backend');

const OPTIONS = {
  accepts_token: 'acceptsToken',
  audience: 'audience',
  authorized_parties: 'authorizedParties',
  issuer: 'issuer',
  jwt_key: 'jwtKey',
  machine_secret_key: 'machineSecretKey',
  publishable_key: 'publishableKey',
  secret_key: 'secretKey',
};

function optionsOf(given) {
  const options = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === 'clock_skew') {
      options.clockSkewInMs = value * 1000;
    } else if (name in OPTIONS) {
      options[OPTIONS[name]] = value;
    }
  }
  return options;
}

function authOf(auth, asked) {
  if (auth === null) {
    return null;
  }
  const properties = {};
  for (const [name, value] of Object.entries(auth)) {
    if (typeof value !== 'function') {
      properties[name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)] = value ?? null;
    }
  }
  properties.has = asked.map(one => auth.has(askOf(one)));
  return properties;
}

function askOf(asked) {
  const { reverification, ...rest } = asked;
  if (reverification === undefined) {
    return rest;
  }
  if (reverification === null || typeof reverification !== 'object') {
    return { ...rest, reverification };
  }
  const { after_minutes: afterMinutes, ...others } = reverification;
  return { ...rest, reverification: { ...others, afterMinutes } };
}

function headersOf(headers) {
  const kept = ['location', 'cache-control', 'x-clerk-auth-status', 'x-clerk-auth-reason'];
  const found = kept.filter(name => headers.get(name) !== null).map(name => [name, headers.get(name)]);
  return [...found, ...headers.getSetCookie().map(value => ['set-cookie', value])].sort();
}

async function outcomeOf(client, step) {
  const options = optionsOf(step.options);
  if (step.call === 'verify_token') {
    try {
      const { deep, ...claims } = await verifyToken(step.token, { ...optionsOf(client), ...options });
      return { claims };
    } catch (error) {
      return { error: error.reason ?? null };
    }
  }
  const { method, url, headers } = step.request;
  const clerk = createClerkClient({ ...optionsOf(client), telemetry: { disabled: true } });
  try {
    const state = await clerk.authenticateRequest(new Request(url, { method, headers }), options);
    const auth = state.toAuth({ treatPendingAsSignedOut: step.options.treat_pending_as_signed_out ?? true });
    return {
      status: state.status,
      reason: state.reason,
      token_type: state.tokenType,
      headers: headersOf(state.headers),
      auth: authOf(auth, step.has),
    };
  } catch (error) {
    return { error: error.reason ?? null };
  }
}

const results = [];
for (const { client, steps } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const result = [];
  for (const step of steps) {
    [now, answers, sent] = [step.time * 1000, step.answers, []];
    result.push({ ...(await outcomeOf(client, step)), sent });
  }
  results.push(result);
}
process.stdout.write(JSON.stringify(results));
