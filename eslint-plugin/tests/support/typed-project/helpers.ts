import { Account, accounts, store, type Locked, type Persistent, type Ref } from './domain.js';

/** Helpers of another file, for what the rules follow across files. */
export async function loadAccount(id: string): Promise<Persistent<Account>> {
  const account = await accounts.get(Account.ref(id));
  if (!account) throw new Error(`no account ${id}`);
  return account;
}

export async function lockAccount(ref: Ref<Account>): Promise<Locked<Account>> {
  const account = await accounts.lock(ref);
  if (!account) throw new Error(`no account ${ref.id}`);
  return account;
}

export async function lockOpenAccount(ref: Ref<Account>): Promise<Locked<Account> | null> {
  const account = await accounts.lock(ref);
  if (!account || account.frozen) return null;
  return account;
}

export async function storeBalance(ref: Ref<Account>, balance: number): Promise<void> {
  await store.transaction(async () => {
    const account = await lockAccount(ref);
    await accounts.update(account, { balance });
  });
}

export async function withdraw(ref: Ref<Account>, amount: number): Promise<void> {
  await store.transaction(async () => {
    const account = await lockAccount(ref);
    await accounts.update(account, account.withdrawal(amount));
  });
}

export function assertCovers(account: Persistent<Account> | Locked<Account>, amount: number): void {
  if (account.balance < amount) throw new Error('insufficient');
}

export function isUsable(account: Persistent<Account> | Locked<Account>): boolean {
  return !account.frozen && account.balance > 0;
}

export function requirePresent<T>(value: T | null, message: string): T {
  if (value === null) throw new Error(message);
  return value;
}
