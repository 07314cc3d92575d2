import { createDatabase, startPostgres } from '@justscale/fixtures/postgres';
import { BenchmarkDatabase } from './database.js';
import { DelayedServer } from './delayed-server.js';
import { describeEnvironment } from './environment.js';
import { PARTS } from './parts/index.js';
import type { PartName } from './parts/part-names.js';
import type { Parts, Results } from './results.js';

/** Makes measurements, one after the other, on a server of their own; says on stderr how far it is. */
export async function measureAll(
  names: readonly PartName[],
  rounds: number,
): Promise<Results<Partial<Parts>>> {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 1_000);
  const server = await startPostgres();
  const { url, drop } = await createDatabase(server);
  const database = new BenchmarkDatabase(url);
  let delayed: DelayedServer | undefined;
  try {
    await database.createTable();
    delayed = await DelayedServer.start(url);
    const environment = await describeEnvironment(database, rounds);
    const parts: Partial<Record<PartName, unknown>> = {};
    for (const name of names) {
      const progress = (text: string): void =>
        console.error(`${String(seconds()).padStart(4)} s  ${name}: ${text}`);
      progress('begins');
      parts[name] = await PARTS[name]({ database, delayed, rounds, progress });
    }
    return {
      environment: { ...environment, seconds: seconds() },
      roundTrip: delayed.roundTrip,
      parts: parts as Partial<Parts>,
    };
  } finally {
    await delayed?.end();
    await database.close();
    await drop();
    await server.stop();
  }
}
