// Runs one npm peer: jobs in as JSON lines, times out as JSON lines, as runner.py does.
//
//     node runner.mjs ADAPTER.mjs
//
// The floor is Node's own verification of the same bytes (crypto.verify with a key made once).
import { createPublicKey, verify } from "node:crypto";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

console.log = console.error; // what libraries print is no answer
const adapter = await import(pathToFileURL(process.argv[2]));

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function floorOf(job) {
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(job.public_key, "hex").toString("base64url") },
    format: "jwk",
  });
  const message = Buffer.from(job.headers["x-signature-timestamp"] + job.body);
  const signature = Buffer.from(job.headers["x-signature-ed25519"], "hex");
  return () => verify(null, message, key, signature);
}

function timed(call, times) {
  const began = cpu();
  for (let i = 0; i < times; i++) call();
  return cpu() - began;
}

async function work(job) {
  const call = adapter.prepare(job.headers, job.body);
  const [status, body] = await call();
  const type = job.type === null ? null : JSON.parse(body).type;
  if (status !== job.status || type !== job.type)
    throw new Error(`wrong answer: ${status} ${body}, expected ${job.status} ${job.type}`);
  if (!job.calls) return {};
  const check = floorOf(job);
  const half = Math.floor(job.calls / 2);
  const before = timed(check, half);
  const began = cpu();
  for (let i = 0; i < job.calls; i++) await call();
  const own = cpu() - began;
  return { own_ns: own, floor_ns: before + timed(check, job.calls - half) };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await work(JSON.parse(line))) + "\n");
}
