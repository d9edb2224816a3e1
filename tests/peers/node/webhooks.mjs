// Reads cases from stdin, and tells what Clerk's own check makes of each; signs them too, as Standard Webhooks does.
import { verifyWebhook } from "@clerk/backend/webhooks";
import { Webhook } from "standardwebhooks";

let input = "";
for await (const chunk of process.stdin) input += chunk;

const results = [];
for (const { body, headers, secret, sign } of JSON.parse(input)) {
  const bytes = Buffer.from(body, "base64");
  const result = {};
  if (sign) {
    result.signature = new Webhook(secret).sign(sign.id, new Date(sign.timestamp * 1000), bytes.toString());
  } else {
    try {
      const request = new Request("http://127.0.0.1/webhooks", { method: "POST", body: bytes, headers });
      result.event = await verifyWebhook(request, { signingSecret: secret });
    } catch (error) {
      result.error = String(error.message ?? error);
    }
  }
  results.push(result);
}
process.stdout.write(JSON.stringify(results));
