// discord-hono: its application's fetch with a command that defers. Does: verify, parse, route,
// answer deferred, start the rest with waitUntil (empty here). Does not: queue, gate, store, log, look
// at the timestamp.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.BENCH_NODE + "/");
const { DiscordHono } = await import(pathToFileURL(require.resolve("discord-hono")));
const app = new DiscordHono();
app.command("hash", (c) => c.resDefer());
const env = {
  DISCORD_APPLICATION_ID: "1",
  DISCORD_PUBLIC_KEY: process.env.DISCORD_PUBLIC_KEY,
  DISCORD_TOKEN: "t",
};
const context = { waitUntil() {}, passThroughOnException() {} };

export function prepare(headers, body) {
  return async () => {
    const request = new Request("https://localhost/interactions", { method: "POST", headers, body });
    const response = await app.fetch(request, env, context);
    return [response.status, await response.text()];
  };
}
