import { addOne, openStore } from './justscale.js';
import type { Variant } from '../variant.js';

export default {
  title: '**`transaction`, `lock`, `update`**',
  packages: ['@justscale/runtime', 'postgres'],
  asked: '`store.transaction` with `lock` and an awaited `update`',
  open: openStore(
    {},
    ({ store, accounts }) =>
      (ref) =>
        store.transaction(async () => {
          const account = await accounts.lock(ref);
          if (account !== null) await accounts.update(account, addOne(account));
        }),
  ),
} satisfies Variant;
