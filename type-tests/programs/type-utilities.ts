// Types computed from models.
import type { Fields, Locked, Persistent, Transient, UpdateData } from '@justscale/runtime';
import type { z } from 'zod';
import type { Account, AccountFields } from './domain.js';

type Dto = Omit<Persistent<Account>, 'withdrawal' | 'isOverdrawn' | 'label'>;
type Names = keyof Fields<Account>;
type Input = z.input<typeof AccountFields>;
type Editable = Required<Pick<UpdateData<Account>, 'owner' | 'nick'>>;
export type ReadonlyKeys = { [K in Names]: Persistent<Account>[K] };
export const names: readonly Names[] = ['owner', 'balance', 'tags', 'nick', 'archived'];
export const read = (account: Persistent<Account>, name: Names): unknown => account[name];
export const generic = <K extends Names>(
  account: Persistent<Account>,
  name: K,
): Persistent<Account>[K] => account[name];
export const dto = (a: Persistent<Account>): Pick<Dto, 'id' | 'owner'> => ({
  id: a.id,
  owner: a.owner,
});
export const fill = (draft: Transient<Account>, input: Input): Transient<Account> =>
  Object.assign(draft, input);
export const editable = (a: Locked<Account>): Partial<Editable> => ({ owner: a.owner });
