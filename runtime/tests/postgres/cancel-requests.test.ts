import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { CancelRequests } from '#src/postgres/cancel-requests.js';

test.each([
  { pid: 4_711, secret: 42 },
  { pid: 4_294_967_295, secret: 2_462_731_459 },
  { pid: 2_147_483_648, secret: -1 },
])('names the backend by the bytes that the server or a pooler gave: %j', async (backend) => {
  const received: Buffer[] = [];
  const server = createServer((socket: Socket) => {
    socket.once('data', (chunk) => {
      received.push(chunk);
      socket.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new CancelRequests(() => Promise.resolve(connect(port, '127.0.0.1'))).send(backend);
  const [request] = received;
  expect(request?.readInt32BE(4)).toBe(80_877_102);
  expect(request?.readUInt32BE(8)).toBe(backend.pid >>> 0);
  expect(request?.readUInt32BE(12)).toBe(backend.secret >>> 0);
  server.close();
});
