// Patches in ordinary forms.
import type { Locked, Ref, Repository, UpdateData } from '@justscale/runtime';
import { Account, AccountFields } from './domain.js';

const Body = AccountFields.partial().pick({ owner: true, nick: true });
export function rename(account: Locked<Account>, owner: string): UpdateData<Account> {
  return account.owner === owner ? {} : { owner };
}
export async function use(
  accounts: Repository<Account>,
  ref: Ref<Account>,
  body: unknown,
): Promise<void> {
  const patch: UpdateData<Account> = { nick: 'x' };
  const { nick } = Body.parse(body);
  await accounts.mutate(ref, () => patch);
  await accounts.mutate(ref, () => ({ nick: undefined }));
  await accounts.mutate(ref, () => ({ ...(nick !== undefined && { nick }) }));
  await accounts.mutate(ref, (a) => ({ tags: [...a.tags, 'new'].sort() }));
  await accounts.mutate(ref, (a) => ({
    tags: a.tags.filter((tag) => tag !== 'old'),
    balance: a.balance,
  }));
  await accounts.mutate(ref, (a) => rename(a, 'bob'));
  await accounts.mutate(ref, ({ balance, ...rest }) =>
    balance > 0 ? { balance: 0 } : { owner: rest.owner },
  );
  const open: Partial<Record<'owner' | 'nick', string>> = {};
  open.owner = 'x';
  await accounts.mutate(ref, () => open);
}
