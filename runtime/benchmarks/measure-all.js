import { createDatabase, startPostgres } from '@justscale/fixtures/postgres';
import { BenchmarkDatabase } from './database.js';
import { DelayedServer } from './delayed-server.js';
import { describeEnvironment } from './environment.js';
import { PARTS } from './parts/index.js';

/** Makes measurements, one after the other, on a server of their own; says on stderr how far it is. */
export async function measureAll(names, rounds) {
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1_000);
  const server = await startPostgres();
  const { url, drop } = await createDatabase(server);
  const database = new BenchmarkDatabase(url);
  let delayed;
  try {
    await database.createTable();
    delayed = await DelayedServer.start(url);
    const environment = await describeEnvironment(database, rounds);
    const parts = {};
    for (const name of names) {
      const progress = (text) =>
        console.error(`${String(seconds()).padStart(4)} s  ${name}: ${text}`);
      progress('begins');
      parts[name] = await PARTS[name]({ database, delayed, rounds, progress });
    }
    return {
      environment: { ...environment, seconds: seconds() },
      roundTrip: delayed.roundTrip,
      parts,
    };
  } finally {
    await delayed?.end();
    await database.close();
    await drop();
    await server.stop();
  }
}
