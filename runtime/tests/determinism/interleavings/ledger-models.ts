import { defineModel, defineSignals } from '@justscale/runtime';
import { z } from 'zod';

/** An account that names its last write, so that every value read can be traced to who wrote it. */
export class Account extends defineModel(
  'account',
  z.object({ balance: z.number(), writer: z.string() }),
) {}

export class LedgerSignals extends defineSignals((signal) => ({
  booked: signal('/account/:account/booked/:writer').types({ account: Account }),
})) {}

/** Accounts that money is only transferred between: their sum never changes. */
export const SHARED_IDS = ['s0', 's1', 's2'] as const;
/** Accounts that money is paid into. */
export const PAID_IDS = ['p0', 'p1'] as const;
/** Accounts that come and go. */
export const PASSING_IDS = ['x0', 'x1'] as const;
export const NAMES = ['n0', 'n1'] as const;

export const OPENING_BALANCE = 100;
