// Helpers of one's own around transactions, typed with the runtime's types.
import type {
  AnyModel,
  Locked,
  Ref,
  Repository,
  Store,
  TransactionOptions,
  TransactionWork,
} from '@justscale/runtime';
import { Account } from './domain.js';

export function inTransaction<R>(
  store: Store,
  work: TransactionWork<R>,
  options?: TransactionOptions,
): Promise<R> {
  return store.transaction(work, { retries: 3, ...options });
}
export async function locked<T extends AnyModel>(
  repository: Repository<T>,
  ref: Ref<T>,
): Promise<Locked<T>> {
  const entity = await repository.lock(ref);
  if (entity === null) throw new Error(`there is no ${ref.id}`);
  return entity;
}
export function transactional<A extends readonly unknown[], R>(
  store: Store,
  work: (...args: A) => Promise<R>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    await store.transaction(async () => void (await work(...args)));
  };
}
export const use = (store: Store, accounts: Repository<Account>) =>
  inTransaction(store, async () => {
    const account = await locked(accounts, Account.ref('a'));
    return (await accounts.update(account, account.withdrawal(1))).balance;
  });
