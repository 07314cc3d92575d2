import type { Check } from '../check.js';

export default {
  ring: 'all',
  title: 'every known forgery of a lock is refused',
  async run({ progress }) {
    const [catalogueModule, { startPostgres }, { memoryStore }] = await Promise.all([
      import('@justscale/fixtures/forgeries'),
      import('@justscale/fixtures/postgres'),
      import('@justscale/runtime/memory'),
    ]);
    const { headerProblems, observeCatalogue, openPostgresStores, outcomeProblems } =
      catalogueModule;
    const catalogue = catalogueModule.readCatalogue();
    progress(`${catalogue.entries.length} forgeries, three compilers`);

    const server = await startPostgres();
    const postgres = await openPostgresStores(server);
    const memory = { store: memoryStore(), otherStore: memoryStore() };
    try {
      const observations = await observeCatalogue(catalogue, { memory, Postgres: postgres });
      const { entries, types, lint, runtime, runtimeAlone } =
        catalogueModule.totalsOf(observations);
      return {
        count: entries,
        unit: 'forgeries',
        details: [
          `refused by types ${types}, by lint ${lint}, by the runtime ${runtime}; by the runtime alone ${runtimeAlone}`,
        ],
        failures: [
          ...catalogue.problems,
          ...catalogue.entries.flatMap(({ name, header }) =>
            headerProblems(header).map((problem) => `${name}: ${problem}`),
          ),
          ...observations.flatMap((observation) =>
            outcomeProblems(observation).map((problem) => `${observation.entry.name}: ${problem}`),
          ),
        ],
      };
    } finally {
      await Promise.all([postgres.close(), memory.store.close(), memory.otherStore.close()]);
      await server.stop();
    }
  },
} satisfies Check;
