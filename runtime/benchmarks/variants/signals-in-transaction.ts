import { openSignalling } from './signals.js';
import type { Variant } from '../variant.js';

export default {
  title: "`signalDelivery: 'in-transaction'`: NOTIFY with the COMMIT",
  packages: ['@justscale/runtime', 'postgres'],
  asked: 'the same',
  open: openSignalling('in-transaction'),
} satisfies Variant;
