import type { Repository } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { Account, accounts } from './every-entry.js';

// One type behind every name: what CommonJS made is what a module takes, and the other way round.
export const fromCommonJs: Repository<Account> = accounts;
export const fromModule: typeof accounts = memoryStore().repository(Account);
