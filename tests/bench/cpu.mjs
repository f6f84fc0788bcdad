// cpu.mjs: who used the processors: seconds of CPU of process trees and of the whole machine, from /proc. Knows nothing of
// what was measured.
import { readFileSync, readdirSync } from 'node:fs';

const TICKS = 100; // USER_HZ, the same on every Linux that Debian runs on

// pid -> parent and ticks, those of its ended children included.
function processes() {
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const field = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // begins with the third, the state
      all.set(Number(name), { parent: Number(field[1]), ticks: field.slice(11, 15).map(Number) });
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    }
  }
  return all;
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

function treeTicks(all, root) {
  let ticks = 0;
  for (const [pid, { ticks: own }] of all) {
    for (let at = pid; at !== undefined && at > 1; at = all.get(at)?.parent) {
      if (at === root) ticks += sum(own);
    }
  }
  return ticks;
}

// Busy and stolen ticks of the machine, and those of interrupts, which no process is charged for where the kernel counts them apart.
function machine() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'latin1').split('\n')[0]
    .split(/\s+/).slice(1).map(Number);
  return { busy: user + nice + system + irq + softirq + steal, interrupts: irq + softirq };
}

// CPU so far, in seconds: of each tree by name ({name: pid}), of this process and of its ended children, of the machine.
// Everything is read one after the other: blur is how long that took.
export function cpuNow(trees) {
  const from = performance.now(), all = processes(), { busy, interrupts } = machine(), to = performance.now();
  const now = { at: (from + to) / 2000, blur: (to - from) / 1000, trees: {} };
  for (const [name, pid] of Object.entries(trees)) {
    now.trees[name] = treeTicks(all, pid) / TICKS;
  }
  const [user, system, childUser, childSystem] = all.get(process.pid).ticks;
  const seconds = { self: user + system, children: childUser + childSystem, busy, interrupts };
  return { ...now, ...Object.fromEntries(Object.entries(seconds).map(([name, ticks]) => [name, ticks / TICKS])) };
}

export function cpuBetween(from, to) {
  const trees = Object.fromEntries(Object.keys(to.trees).map((name) => [name, to.trees[name] - from.trees[name]]));
  return { trees, blur: from.blur + to.blur, ...Object.fromEntries(['at', 'self', 'children', 'busy', 'interrupts'].map((name) => [name, to[name] - from[name]])) };
}
