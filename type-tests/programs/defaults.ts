// Defaults: a new entity need not name them, what is read always has them.
import { defineModel, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Account extends defineModel(
  'account',
  z.object({
    owner: z.string(),
    balance: z.number().default(0),
    createdAt: z.date().default(() => new Date()),
    role: z.enum(['user', 'admin']).default('user'),
    settings: z.object({ theme: z.string() }).prefault({ theme: 'dark' }),
    lastSeen: z.coerce.date().optional(),
  }),
) {}
export async function run(store: Store): Promise<number> {
  const accounts = store.repository(Account);
  const saved = await accounts.save(new Account({ owner: 'ada' }));
  await accounts.save(new Account({ owner: 'bob', balance: 1, role: 'admin' }));
  const at: number = saved.createdAt.getTime();
  const theme: string = saved.settings.theme;
  return saved.balance + at + theme.length;
}
