import { createServer } from 'node:http';
import { once } from 'node:events';
import { explore } from '@justscale/eslint-plugin/replay';

/** Two operations, two orders, each twice. */
const SERIAL = 8;
let asked = 0;

// The operations end in serial runs, and wait for ever when they run at the same time.
const server = createServer((request, response) => {
  asked++;
  response.end(asked > SERIAL ? 'wait' : 'end');
  if (asked > SERIAL) process.send(Number(request.url.slice(1)));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const waits = {
  module: new URL('./waits.js', import.meta.url),
  args: [`http://127.0.0.1:${server.address().port}`],
};
await explore(waits, waits, {
  database: process.argv[2],
  setup: () => undefined,
  limit: 600_000,
});
