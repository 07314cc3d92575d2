import { addOne, openStore } from './justscale.js';

/** @type {import('../variant.js').Variant} */
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
          await accounts.update(account, addOne(account));
        }),
  ),
};
