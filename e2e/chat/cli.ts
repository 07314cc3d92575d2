import { command } from '@justscale/fixtures/commands';
import { createDatabase, startPostgres } from '@justscale/fixtures/postgres';
import { ChatProcess } from './chat-process.js';

const { json } = command({
  name: 'chat',
  does: 'Runs the chat app on two processes and one PostgreSQL. Each serves its page: log in on both, and talk.',
  takes: 'until Ctrl-C, and a few seconds to start',
  failsWhen: 'it could not start',
})
  .parse()
  .opts();

/** Ctrl-C, or whatever else asks this process to end. */
const asked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => resolve());
});

const server = await startPostgres();
const database = await createDatabase(server);
const processes: ChatProcess[] = [];
try {
  for (let count = 0; count < 2; count++) processes.push(await ChatProcess.start(database.url, 0));
  if (json)
    console.log(JSON.stringify({ processes: processes.map(({ url, pid }) => ({ url, pid })) }));
  else {
    for (const { url, pid } of processes) console.log(`${url}   (process ${pid})`);
    console.log('Open both, each as somebody else. Ctrl-C ends them.');
  }
  await asked;
} finally {
  await Promise.all(processes.map((each) => each.stop()));
  await database.drop();
  await server.stop();
}
