// What the documentation says of Clerk's client for Node.js, tried on it; what is so is told as JSON, claim by claim.
import { inspect } from "node:util";

const KEY = "sk_test_that_nobody_has";
const USER = { object: "user", id: "user_1", private_metadata: { note: "nobody's business" } };
const ERROR = { code: "a", message: "b", meta: { param_name: "c", other: "d" } };

let seen, answer;
globalThis.fetch = async (url, options) => {
  seen.push({ url: new URL(url), method: options?.method ?? "GET" });
  return answer();
};

// It keeps the fetch that it finds when it is loaded.
const { createClerkClient } = await import("@clerk/backend");
const { verifyWebhook } = await import("@clerk/backend/webhooks");

function reply(status, body, headers = {}) {
  return () => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

async function call(made, work) {
  seen = [];
  answer = made;
  const clerk = createClerkClient({ secretKey: KEY });
  try {
    return { clerk, value: await work(clerk) };
  } catch (error) {
    return { clerk, error };
  }
}

const claims = {
  async nothing_is_sent_again() {
    const counts = [];
    for (const status of [429, 503]) {
      await call(reply(status, { errors: [ERROR] }, { "retry-after": "1" }), (clerk) => clerk.users.getUser("user_1"));
      counts.push(seen.length);
    }
    return counts.every((count) => count === 1);
  },
  async a_trace_id_and_a_part_of_meta_are_told() {
    const body = { errors: [ERROR], clerk_trace_id: "trace_1" };
    const { error } = await call(reply(422, body), (clerk) => clerk.users.getUser("user_1"));
    const meta = error.errors[0].meta;
    return error.clerkTraceId === "trace_1" && meta.paramName === "c" && !JSON.stringify(meta).includes('"d"');
  },
  async one_class_for_every_status() {
    const names = new Set();
    for (const status of [400, 401, 404, 422, 429]) {
      const { error } = await call(reply(status, { errors: [ERROR] }), (clerk) => clerk.users.getUser("user_1"));
      names.add(error.constructor.name);
    }
    return names.size === 1;
  },
  async answers_are_not_checked() {
    const { value } = await call(reply(200, { object: "user", id: null }), (clerk) => clerk.users.getUser("user_1"));
    return value.id === null;
  },
  async private_metadata_shows() {
    const { value } = await call(reply(200, USER), (clerk) => clerk.users.getUser("user_1"));
    return inspect(value).includes("nobody's business");
  },
  async the_key_does_not_show() {
    const { clerk } = await call(reply(200, USER), (made) => made.users.getUser("user_1"));
    return !inspect(clerk, { depth: 9, showHidden: true }).includes(KEY);
  },
  async ids_in_paths_are_not_encoded() {
    await call(reply(200, USER), (clerk) => clerk.users.getUser("user_1/ban"));
    return seen[0].url.pathname === "/v1/users/user_1/ban";
  },
  async zero_and_false_are_dropped_from_queries() {
    await call(reply(200, []), (clerk) => clerk.users.getUserList({ offset: 0, limit: 5, banned: false }));
    const query = seen.find((one) => one.url.pathname === "/v1/users").url.searchParams;
    return query.get("limit") === "5" && !query.has("offset") && !query.has("banned");
  },
  async lists_do_not_iterate() {
    const { value } = await call(reply(200, [USER]), (clerk) => clerk.users.getUserList());
    return value[Symbol.asyncIterator] === undefined && Object.keys(value).sort().join() === "data,totalCount";
  },
  async webhooks_are_verified() {
    return typeof verifyWebhook === "function";
  },
};

const told = {};
for (const [name, claim] of Object.entries(claims)) {
  told[name] = await claim().catch((error) => String(error.stack));
}
process.stdout.write(JSON.stringify(told));
