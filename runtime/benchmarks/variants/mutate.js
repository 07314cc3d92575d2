import { addOne, openStore } from './justscale.js';

/** @type {import('../variant.js').Variant} */
export default {
  title: '**`mutate`**',
  packages: ['@justscale/runtime', 'postgres'],
  asked: '`accounts.mutate(ref, change)`, all defaults; the schema is Zod',
  open: openStore(
    {},
    ({ accounts }) =>
      (ref) =>
        accounts.mutate(ref, addOne),
  ),
};
