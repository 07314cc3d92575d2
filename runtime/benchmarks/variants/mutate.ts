import { addOne, openStore } from './justscale.js';
import type { Variant } from '../variant.js';

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
} satisfies Variant;
