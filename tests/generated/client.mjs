// client.mjs: sends what other clients would refuse to send, over connections that are kept, and counts.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
const { hostname, port } = new URL(process.env.CPWG_URL);
export const sent = { requests: 0, byStatus: {} };

export function send({ method, path, headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const length = bytes ? { 'content-length': bytes.length } : {};
    const request = http.request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part)).on('error', reject).on('end', () => {
        sent.requests++;
        sent.byStatus[answer.statusCode] = (sent.byStatus[answer.statusCode] ?? 0) + 1;
        resolve({ status: answer.statusCode, headers: new Headers(answer.headersDistinct ? flat(answer.headersDistinct) : []), text: Buffer.concat(parts).toString('utf8') });
      });
    });
    request.on('error', (error) => (error.code === 'ECONNRESET' && request.reusedSocket ? resolve(send({ method, path, headers, body })) : reject(error)));
    request.end(bytes);
  });
}

const flat = (distinct) => Object.entries(distinct).flatMap(([name, values]) => values.map((value) => [name, value]));
