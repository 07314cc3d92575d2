import { addOne, openStore } from './justscale.js';
import type { Variant } from '../variant.js';

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
} satisfies Variant;
