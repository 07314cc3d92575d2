import { openSignalling } from './signals.js';

/** @type {import('../variant.js').Variant} */
export default {
  title: "`signalDelivery: 'in-transaction'`: NOTIFY with the COMMIT",
  packages: ['@justscale/runtime', 'postgres'],
  asked: 'the same',
  open: openSignalling('in-transaction'),
};
