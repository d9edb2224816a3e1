// Steps of a story: each one is a call with what has to come of it, and is told in a line of JSON.

import assert from 'node:assert/strict';

function tell(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Tell that a step holds, or how it doesn't; the story goes on. */
export async function step(name, act) {
  try {
    await act();
    tell({ step: name, ok: true });
  } catch (error) {
    tell({ step: name, ok: false, error: `${error.stack ?? error} ${JSON.stringify(error.errors ?? '')}` });
  }
}

/** Tell with what a call is refused; whoever reads it decides whether that is right. */
export async function refused(name, call) {
  await step(name, async () => {
    const error = await call().then(
      (answer) => assert.fail(`it was answered: ${JSON.stringify(answer)}`),
      (reason) => reason,
    );
    assert.equal(error.clerkError, true, `no error of the API: ${error.stack}`);
    assert.match(error.clerkTraceId, /^[0-9a-f]{32}$/);
    tell({ refused: name, status: error.status, code: error.errors[0].code, parameter: error.errors[0].meta?.paramName });
  });
}

/** Return the ids of a list. */
export function idsOf(list) {
  return list.data.map((item) => item.id);
}
