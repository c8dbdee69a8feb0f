// Verifies one message with the reference library: node webhooks.mjs SECRET ID TIMESTAMP SIGNATURES BODY
import { Webhook } from "standardwebhooks";

const [secret, id, timestamp, signatures, body] = process.argv.slice(2);
try {
  new Webhook(secret).verify(body, {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures,
  });
  console.log("ok");
} catch (error) {
  console.log(error.message);
}
