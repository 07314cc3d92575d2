// The claim wrote a token that the end compares with the locked row: nobody has taken the row over meanwhile.
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Lease extends defineModel(
  'lease',
  z.object({
    holder: z.string().nullable(),
    since: z.number().nullable(),
    input: z.string(),
    output: z.string(),
  }),
) {}
declare const store: Store;
declare const leases: Repository<Lease>;
declare function work(input: string): Promise<string>;

export async function ok_holder_compared(id: string, me: string) {
  const lease = await store.transaction(async () => {
    const held = await leases.lock(Lease.ref(id));
    return held && held.holder === null
      ? leases.update(held, { holder: me, since: Date.now() })
      : null;
  });
  if (!lease) return;
  const output = await work(lease.input);
  await store.transaction(async () => {
    const held = await leases.lock(Lease.ref(id));
    if (!held || held.since !== lease.since) return;
    await leases.update(held, { output, holder: null });
  });
}
