/* tap.mjs: runs node:test files and prints a line `ok NAME` or `not ok NAME` per test, with the cause after a failure,
 * and what tests print as `# TEXT`.
 *   node tap.mjs FILE...      CPWG_FILTER: only tests whose name contains it */
import { run } from "node:test";
import path from "node:path";

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const filter = process.env.CPWG_FILTER;
let failed = 0;

const stream = run({
  files: process.argv.slice(2).map((file) => path.resolve(file)),
  concurrency: 1,
  ...(filter ? { testNamePatterns: [new RegExp(escape(filter))] } : {}),
});
const leaf = (data) => data.details?.type !== "suite" && !process.argv.some((file) => data.name === file || data.name === path.resolve(file));
stream.on("test:pass", (data) => leaf(data) && !data.skip && console.log(`ok ${data.name}`));
stream.on("test:fail", (data) => {
  failed++;
  const cause = data.details?.error?.cause ?? data.details?.error;
  console.log(`not ok ${data.name}\n${String(cause?.stack ?? cause).replace(/^/gm, "  # ")}`);
});
stream.on("test:stdout", (data) => data.message.startsWith("# ") && process.stdout.write(data.message));
stream.on("test:stderr", (data) => process.stdout.write(data.message.replace(/^(?=.)/gm, "  # "))); // why a file broke off
stream.on("end", () => (process.exitCode = failed ? 1 : 0));
stream.resume();
