// slash-create: its server for AWS Lambda with a command that defers. Does: verify (tweetnacl, pure
// JavaScript), parse, route, answer deferred. Does not: queue, gate, store, log, look at the timestamp.
import { createRequire } from "node:module";

const require = createRequire(process.env.BENCH_NODE + "/");
const { AWSLambdaServer, SlashCommand, SlashCreator } = require("slash-create");
const creator = new SlashCreator({
  applicationID: "1200000000000000001",
  publicKey: process.env.DISCORD_PUBLIC_KEY,
  token: "t",
});

class Hash extends SlashCommand {
  constructor(made) {
    const options = [{ name: "text", description: "Text", type: 3 }];
    super(made, { name: "hash", description: "Hash", options });
  }

  async run(context) {
    await context.defer();
  }
}

const lambda = {};
creator.withServer(new AWSLambdaServer(lambda, "interactions"));
creator.registerCommand(Hash);

export function prepare(headers, body) {
  const event = { version: "2.0", headers, body, isBase64Encoded: false };
  return () =>
    new Promise((resolve, reject) => {
      lambda.interactions(event, {}, (error, response) =>
        error ? reject(new Error(error)) : resolve([response.statusCode, response.body ?? ""]),
      );
    });
}
