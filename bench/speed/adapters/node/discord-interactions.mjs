// discord-interactions (npm): verifyKey, then what its README's handler does: parse, route by name,
// answer deferred. Does not: route itself, queue, gate, store, log, look at the timestamp.
import { createRequire } from "node:module";

const require = createRequire(process.env.BENCH_NODE + "/");
const { InteractionResponseType, InteractionType, verifyKey } = require("discord-interactions");
const commands = {
  hash: () => ({ type: InteractionResponseType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE }),
};

export function prepare(headers, body) {
  return async () => {
    const signature = headers["x-signature-ed25519"];
    const timestamp = headers["x-signature-timestamp"];
    if (!(await verifyKey(body, signature, timestamp, process.env.DISCORD_PUBLIC_KEY)))
      return [401, ""];
    const interaction = JSON.parse(body);
    if (interaction.type === InteractionType.PING)
      return [200, JSON.stringify({ type: InteractionResponseType.PONG })];
    return [200, JSON.stringify(commands[interaction.data.name](interaction))];
  };
}
