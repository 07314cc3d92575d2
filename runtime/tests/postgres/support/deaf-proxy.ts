import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy that can withhold notifications, and nothing else, as a pooler does that shares its connections. */
export interface DeafProxy {
  isDeaf: boolean;
  through(url: string): string;
  close(): void;
}

const NOTIFICATION = 'A'.charCodeAt(0);

export async function startDeafProxy(targetUrl: string): Promise<DeafProxy> {
  const { hostname, port } = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    sockets.add(client);
    client.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => client.destroy()).on('end', () => client.end());
    let rest = Buffer.alloc(0);
    upstream.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      // One byte of type, four of length, which counts itself.
      for (;;) {
        const length = rest.length < 5 ? Infinity : rest.readUInt32BE(1) + 1;
        if (rest.length < length) return;
        if (!proxy.isDeaf || rest[0] !== NOTIFICATION) client.write(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: ownPort } = server.address() as AddressInfo;
  const proxy: DeafProxy = {
    isDeaf: false,
    through(url) {
      const proxied = new URL(url);
      proxied.host = `127.0.0.1:${ownPort}`;
      return proxied.href;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return proxy;
}
