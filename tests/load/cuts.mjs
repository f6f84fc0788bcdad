// cuts.mjs: clients that leave: after each byte of a request, and in the midst of an answer. Knows nothing of what the service does then.
import { randomUUID } from 'node:crypto';
import net from 'node:net';

const AT_ONCE = 16;

const cut = (socket, way) => (way === 'RST' ? socket.resetAndDestroy() : socket.destroy()); // destroy sends a FIN where nothing is left unread

/** Sends the bytes, or the first n of them, and leaves once they are on their way. */
const leave = (port, bytes, n, way) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes.subarray(0, n), () => cut(socket, way)));
  socket.setNoDelay(true).on('error', () => {}).on('close', resolve);
});

/** Sends the request, and leaves when so many bytes of the answer came. Gives how many came. */
export const leaveWhileReading = (port, text, bytes, way) => new Promise((resolve) => {
  let read = 0;
  const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
  socket.on('error', () => {}).on('close', () => resolve(read)).on('data', (part) => {
    read += part.length;
    if (read >= bytes) cut(socket, way);
  });
});

async function each(items, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { while (queue.length) await work(queue.shift()); }));
}

/** Creates an organization, with a length or in chunks, under a key of its own; its name begins with the prefix. */
export function creation(token, way, prefix) {
  const name = `${prefix} ${randomUUID()}`, body = JSON.stringify({ kind: 'other', name });
  const head = ['POST /v1/organizations HTTP/1.1', 'Host: load', `Authorization: Bearer ${token}`, 'Content-Type: application/json', `Idempotency-Key: ${randomUUID()}`];
  const chunks = [body.slice(0, 20), body.slice(20)].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
  const rest = way === 'chunked' ? ['Transfer-Encoding: chunked', '', `${chunks}0\r\n\r\n`] : [`Content-Length: ${body.length}`, '', body];
  return { text: [...head, ...rest].join('\r\n') };
}

/** Cuts what make() gives after each byte, each time another one; ways: one after the other. Gives all that were made. */
export async function cutAtEachByte(port, make, ways) {
  const made = [];
  for (let n = 1; n === 1 || n <= made[0].text.length; n += 1) made.push({ ...make(), n, way: ways[n % ways.length] });
  await each(made, ({ text, n, way }) => leave(port, Buffer.from(text, 'latin1'), n, way));
  return made;
}

/** Sends whole what was cut. Gives the statuses that came, with how often. */
export async function sendAgain(port, made) {
  const seen = {};
  await each(made, ({ text }) => new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text.replace('Host: load', 'Host: load\r\nConnection: close'), 'latin1'));
    socket.on('error', () => {}).on('data', (part) => { answer += part.toString('latin1'); }).on('close', () => {
      const status = answer.slice(9, 12) || 'none';
      seen[status] = (seen[status] ?? 0) + 1;
      resolve();
    });
  }));
  return seen;
}
