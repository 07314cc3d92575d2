// Queries in ordinary forms.
import { gt, lte, not, oneOf, type OrderBy, type Repository, type Where } from '@justscale/runtime';
import { Account } from './domain.js';

export async function search(
  accounts: Repository<Account>,
  query: { owner?: string; least?: number },
): Promise<string[]> {
  const where: Where<Account> = {
    ...(query.owner !== undefined && { owner: query.owner }),
    ...(query.least !== undefined && { balance: gt(query.least) }),
  };
  const orderBy: OrderBy<Account> = { balance: 'desc', owner: 'asc' };
  const all = await accounts.find(where, { orderBy, limit: 5 });
  const more = await accounts.find(
    { owner: oneOf(['a', 'b']), balance: lte(5), id: not('x') },
    { orderBy: 'id' },
  );
  const builder: { -readonly [K in keyof Where<Account>]: Where<Account>[K] } = {};
  builder.owner = 'ada';
  await accounts.find(builder);
  return [...all, ...more].map(({ label }) => label);
}
