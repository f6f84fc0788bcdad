// load.mjs: runs the cases that were asked for, prints what they measured, and tells what does not hold. Reads its settings as JSON from its
// argument; tests/load/run makes them.
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { makeWorld } from './world.mjs';

const settings = JSON.parse(readFileSync(process.argv[2]));
const world = await makeWorld(settings);
const results = {};

console.log(`${os.cpus().length} cores, ${os.cpus()[0].model}; load average before: ${os.loadavg()[0].toFixed(1)}`);
for (const name of settings.cases.split(',')) {
  console.log(`\n# ${name}`);
  const { run } = await import(`./${name}.mjs`);
  const wrong = [];
  const figures = await run(world, {
    say: (text) => console.log(text),
    must: (holds, text) => { if (!holds) { wrong.push(text); console.log(`not so: ${text}`); } },
  });
  results[name] = { figures, wrong };
}
if (settings.json) writeFileSync(settings.json, `${JSON.stringify({ at: new Date().toISOString(), cores: os.cpus().length, results }, null, 1)}\n`);
const wrong = Object.entries(results).flatMap(([name, result]) => result.wrong.map((text) => `${name}: ${text}`));
console.log(wrong.length ? `\nDoes not hold:\n${wrong.join('\n')}` : '\nAll of it holds');
process.exit(wrong.length ? 1 : 0);
