/** A test's code with imports of the domain that the typed tests share. */
export function domainCode(body: string): string {
  return `import {
  Account, accounts, Member, members, Room, rooms, signals, store,
  type Locked, type Persistent, type Ref, type Repository, type Store,
} from './domain.js';
import {
  assertCovers, isUsable, loadAccount, lockAccount, lockOpenAccount, requirePresent, storeBalance, withdraw,
} from './helpers.js';
${body}`;
}
