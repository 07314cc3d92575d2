// Snapshots and locks are taken where plain readonly data is, and are copied, picked and shown.
import _ from 'lodash';
import type { Locked, Persistent } from '@justscale/runtime';
import type { Account } from './domain.js';

interface Owned {
  readonly owner: string;
  readonly tags: readonly string[];
}
const show = ({ owner, tags }: Owned): string => owner + tags.join();
type View = Pick<Persistent<Account>, 'id' | 'owner'>;

export const shown = (account: Persistent<Account>): string => show(account);
export const shownLocked = (account: Locked<Account>): string => show(account);
export const view = ({ id, owner }: Persistent<Account>): View => ({ id, owner });
export const spread = (a: Persistent<Account>) => ({ ...a, kind: 'account' as const });
export const rest = ({ balance, ...others }: Persistent<Account>) => others;
export const omitted = (a: Persistent<Account>) => _.omit(a, 'balance');
export const picked = (a: Persistent<Account>) => _.pick(a, 'balance', 'id');
export const sorted = (all: readonly Persistent<Account>[]) => _.sortBy(all, 'owner');
export const byOwner = (all: readonly Persistent<Account>[]) => _.groupBy(all, (a) => a.owner);
export const native = (all: readonly Persistent<Account>[]) =>
  new Map(all.map((a) => [a.id, a] as const));
export const totals = (all: readonly Persistent<Account>[]): number =>
  all.reduce((sum, a) => sum + a.balance, 0);
export const frozen = (a: Persistent<Account>) => Object.freeze({ ...a });
export const entries = (a: Persistent<Account>) => Object.entries(a);
export const merged = (a: Persistent<Account>) => Object.assign({ extra: 1 }, a);
export const text = (a: Persistent<Account>) => JSON.stringify(a);
