import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** The same database behind a relay that takes `for update` out of what is sent to it. */
export async function withoutLocks(url: string): Promise<{ url: string; close(): void }> {
  const upstream = new URL(url);
  const server = createServer((client) => {
    const target = connect(Number(upstream.port), upstream.hostname);
    client.on('data', (chunk) => {
      // As long as before, since messages begin with their lengths.
      const text = chunk.toString('latin1').replaceAll('for update', ' '.repeat(10));
      target.write(Buffer.from(text, 'latin1'));
    });
    target.pipe(client);
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relayed = new URL(url);
  relayed.port = String((server.address() as AddressInfo).port);
  return { url: relayed.href, close: () => server.close() };
}
