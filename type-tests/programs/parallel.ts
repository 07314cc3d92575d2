// Several locks at once: lists, maps, groups, Promise.all, closures.
import type { Locked, Ref, Repository, Store } from '@justscale/runtime';
import { Account } from './domain.js';

export async function transfer(
  store: Store,
  accounts: Repository<Account>,
  from: Ref<Account>,
  to: Ref<Account>,
  amount: number,
): Promise<void> {
  await store.transaction(async () => {
    const [source, target] = await accounts.lockMany([from, to]);
    if (source === undefined || target === undefined) return;
    await accounts.update(source, source.withdrawal(amount));
    await accounts.update(target, { balance: target.balance + amount });
  });
}
export async function settle(
  store: Store,
  accounts: Repository<Account>,
  refs: readonly Ref<Account>[],
): Promise<void> {
  await store.transaction(async () => {
    const held = await accounts.lockMany(refs);
    const byId = new Map(held.map((account) => [account.id, account]));
    const groups: Record<string, Locked<Account>[]> = {};
    for (const account of byId.values()) (groups[account.owner] ??= []).push(account);
    const richest = held.reduce<Locked<Account> | undefined>(
      (best, each) => (best && best.balance > each.balance ? best : each),
      undefined,
    );
    if (richest) await accounts.update(richest, { balance: 0 });
    await Promise.all(
      Object.values(groups)
        .flat()
        .map((account) => accounts.update(account, { archived: true })),
    );
    const [first, ...others] = held;
    for (const each of first ? [first, ...others] : []) await accounts.update(each, { tags: [] });
  });
}
