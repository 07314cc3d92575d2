import { InvalidArgumentError, Option, command } from '@justscale/fixtures/commands';
import { Demo } from './conductor/demo.js';
import { servePage } from './conductor/page-server.js';

const { port, json } = command({
  name: 'demo',
  does: 'Loses updates in front of you, and beside it does not: two processes, one PostgreSQL, one page.',
  takes: 'until Ctrl-C, and a few seconds to start',
  failsWhen: 'it could not start',
})
  .addOption(
    new Option('--port <n>', 'the port of the page; a free one without this')
      .argParser((text: string) => {
        const value = Number(text);
        if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
        throw new InvalidArgumentError('It must be a port.');
      })
      .default(0, 'any'),
  )
  .parse()
  .opts();

/** Ctrl-C, or whatever else asks this process to end. */
const asked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => resolve());
});

const demo = await Demo.start();
const server = await servePage(demo, port);
if (json) console.log(JSON.stringify({ url: server.url }));
else console.log(`The demo runs at ${server.url}\nCtrl-C ends it.`);

await asked;
await server.close();
await demo.stop();
