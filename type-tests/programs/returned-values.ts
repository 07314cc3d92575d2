// What leaves a transaction: snapshots, references, plain objects, tuples, results, nothing.
import type { Persistent, Ref, Repository, Store } from '@justscale/runtime';
import { Account } from './domain.js';

type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export async function withdraw(
  store: Store,
  accounts: Repository<Account>,
  ref: Ref<Account>,
  amount: number,
): Promise<Result<Persistent<Account>, 'missing' | 'too little'>> {
  return store.transaction(async () => {
    const account = await accounts.lock(ref);
    if (account === null) return { ok: false, error: 'missing' } as const;
    if (account.balance < amount) return { ok: false, error: 'too little' } as const;
    return { ok: true, value: await accounts.update(account, account.withdrawal(amount)) } as const;
  });
}
export async function others(store: Store, accounts: Repository<Account>): Promise<void> {
  const pair = await store.transaction(async () => {
    const [first, second] = await accounts.lockMany([Account.ref('a'), Account.ref('b')]);
    return [first?.balance, second && Account.ref(second)] as const;
  });
  const copied = await store.transaction(async () => {
    const account = await accounts.lock(Account.ref('a'));
    return account && { id: account.id, owner: account.owner, tags: [...account.tags] };
  });
  const nothing: void = await store.transaction(async () => {});
  const plain: number = await store.transaction(() => 5);
  void [pair, copied, nothing, plain];
}
