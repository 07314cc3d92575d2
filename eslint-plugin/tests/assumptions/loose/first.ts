import type { Locked, Repository } from '@justscale/runtime';
import type { Account } from './account.js';

export const close = (accounts: Repository<Account>, account: Locked<Account>) =>
  accounts.delete(account);
