// Updates a row with patches of many kinds on one connection: each kind is a statement of its own.
import { defineModel } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { z } from 'zod';
import { answerJobs } from '../child.js';

interface PatchesJob {
  readonly url: string;
  readonly fields: readonly string[];
  readonly patches: number;
  readonly steps: number;
}

/** What a backend of the server keeps. */
export interface Backend {
  readonly megabytes: number;
  readonly statements: number;
}

const jobs = {
  /** What the connection's backend keeps before and after each step. @throws Error when a patch was lost */
  async grow({ url, fields, patches, steps }: PatchesJob): Promise<readonly Backend[]> {
    const schema = z.object(Object.fromEntries(fields.map((field) => [field, z.number()])));
    class Wide extends defineModel('wide', schema) {}
    const store = postgresStore(url, { maxConnections: 1 });
    try {
      const rows = store.repository(Wide);
      const zeros = Object.fromEntries(fields.map((field) => [field, 0]));
      const ref = Wide.ref(await rows.save(new Wide(zeros)));
      const look = async (): Promise<Backend> => {
        const [backend] = await store.read<Backend>(`
          select (select sum(total_bytes) / 2 ^ 20 from pg_backend_memory_contexts)::float8 as megabytes,
            (select count(*) from pg_prepared_statements)::int as statements`);
        if (backend === undefined) throw new Error('the server says nothing about its memory');
        return backend;
      };
      const backends = [await look()];
      const expected: Record<string, number> = { ...zeros };
      for (let number = 1; number <= patches; number++) {
        // The bits of the number are the fields of the patch.
        const patch = Object.fromEntries(
          fields.flatMap((field, bit) => ((number >> bit) & 1 ? [[field, number]] : [])),
        );
        Object.assign(expected, patch);
        await rows.mutate(ref, () => patch);
        if (number % (patches / steps) === 0) backends.push(await look());
      }
      const stored = await rows.get(ref);
      const lost = fields.filter((field) => stored?.[field] !== expected[field]);
      if (lost.length > 0) throw new Error(`patches were lost: ${lost.join(', ')}`);
      return backends;
    } finally {
      await store.close();
    }
  },
};
export type PatchesJobs = typeof jobs;

answerJobs(jobs);
