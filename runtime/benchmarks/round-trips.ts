import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * Counts how often a client of a server sends something after it has heard something: each time it has waited for the network.
 *
 * @param url - of the server
 * @param use - is given a url that leads there, and what was counted
 */
export async function countRoundTrips<Result>(
  url: string,
  use: (url: string, count: () => number) => Promise<Result>,
): Promise<Result> {
  let roundTrips = 0;
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(Number(port), hostname);
    let hasHeard = true;
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    client.on('data', () => {
      if (hasHeard) roundTrips += 1;
      hasHeard = false;
    });
    target.on('data', () => (hasHeard = true));
    client.pipe(target).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const counted = new URL(url);
  counted.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await use(counted.href, () => roundTrips);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}
