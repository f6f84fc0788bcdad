// proxy.mjs: nginx in front of a server, as deploy/nginx.conf sets it up but for TLS and for how many may call, with one connection kept
// to the server, so that whatever a request leaves behind in it meets the next one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../lib/ports.mjs';
import { honest } from './wire.mjs';

/** The deployed configuration with other addresses, in plain HTTP, and a log of what went to the server: one line a request. */
function configuration(dir, port, upstream) {
  const deployed = readFileSync(path.join(process.env.CPWG_SOURCE, 'deploy/nginx.conf'), 'utf8');
  const changes = [
    [/worker_processes auto;/, 'worker_processes 1;\ndaemon off;'], [/error_log [^;]*;/, `error_log ${dir}/error.log crit;`], [/pid [^;]*;/, `pid ${dir}/nginx.pid;`],
    [/access_log off;/, `log_format asked '$upstream_status $sent_http_traceparent';\n  access_log ${dir}/access.log asked;\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `  ${kind}_temp_path ${dir}/${kind};\n`).join('')}`],
    [/server api:8080;/, `server ${upstream};`], [/keepalive 64;/, 'keepalive 1;'], [/ {2}server \{\n {4}listen 80;[^}]*\}\n/, ''], [/listen 443 ssl http2;.*/, `listen 127.0.0.1:${port};`],
    [/ *ssl_.*\n/g, ''], [/ *limit_req.*\n/g, ''],
  ];
  return changes.reduce((text, [from, to]) => {
    assert.match(text, from, 'deploy/nginx.conf has changed');
    return text.replace(from, () => to);
  }, deployed);
}

export async function startProxy(upstream) {
  const dir = mkdtempSync(path.join(tmpdir(), 'cpwg-nginx-')), [port] = freePorts(1), file = path.join(dir, 'nginx.conf');
  writeFileSync(file, configuration(dir, port, new URL(upstream).host));
  const child = spawn('nginx', ['-p', dir, '-c', file], { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const exited = new Promise((resolve) => child.on('exit', resolve).on('error', resolve));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(dir, { recursive: true });
  };
  for (let tries = 0; tries < 100; tries++, await sleep(50))
    if (await honest(url).then(() => true, () => false)) return { url, stop, passed: () => readFileSync(path.join(dir, 'access.log'), 'utf8').split('\n').filter((line) => /^\d/.test(line)).length };
  await stop();
  throw new Error(`nginx does not serve: ${said}`);
}
