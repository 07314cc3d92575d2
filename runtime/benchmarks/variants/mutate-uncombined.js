import { addOne, openStore } from './justscale.js';

/** @type {import('../variant.js').Variant} */
export default {
  title: '**`mutate`, not combined**',
  packages: ['@justscale/runtime', 'postgres'],
  asked: 'the same with `combineMutations: false`',
  open: openStore(
    { combineMutations: false },
    ({ accounts }) =>
      (ref) =>
        accounts.mutate(ref, addOne),
  ),
};
