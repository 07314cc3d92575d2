import { openSignalling } from './signals.js';
import type { Variant } from '../variant.js';

export default {
  title: "`signalDelivery: 'after-commit'`: one coalesced NOTIFY follows the commits",
  packages: ['@justscale/runtime', 'postgres'],
  asked: 'a transaction with `lock`, `update` and `emit`',
  open: openSignalling('after-commit'),
} satisfies Variant;
