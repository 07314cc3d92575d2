// References: as parameters, keys, sets, from whatever names an entity.
import type { Locked, Persistent, Ref, Refable } from '@justscale/runtime';
import { Account, Post } from './domain.js';

export const refs = (all: readonly Refable<Account>[]): Ref<Account>[] =>
  all.map((each) => Account.ref(each));
export const same = (a: Ref<Account>, b: Ref<Account>): boolean => a.id === b.id;
export const distinct = (all: readonly Ref<Account>[]): string[] =>
  [...new Set(all.map(({ id }) => id))].sort();
export function refOf(of: string | Persistent<Account> | Locked<Account>): Ref<Account> {
  return Account.ref(of);
}
export const either = (ref: Ref<Account> | Ref<Post>): string => ref.id;
export const table: Readonly<Record<string, Ref<Account>>> = { a: Account.ref('a') };
