import {
  defineModel,
  defineSignals,
  type Locked,
  type Persistent,
  type Ref,
  type Repository,
  type Store,
} from '@justscale/runtime';
import { z } from 'zod';

/** What the typed rule tests work with. */
export class Account extends defineModel(
  'account',
  z.object({
    owner: z.string(),
    balance: z.number(),
    frozen: z.boolean(),
    version: z.number(),
    parent: z.string().optional(),
    tags: z.array(z.string()),
  }),
) {
  get isOpen() {
    return !this.frozen;
  }
  covers(amount: number) {
    return this.balance >= amount;
  }
  withdrawal(this: Locked<Account>, amount: number) {
    if (this.balance < amount) throw new Error('insufficient');
    return { balance: this.balance - amount };
  }
}

export class Room extends defineModel(
  'room',
  z.object({
    name: z.string(),
    members: z.number(),
    capacity: z.number(),
    status: z.enum(['open', 'closed']),
    owner: z.string(),
  }),
) {}

export class Member extends defineModel(
  'member',
  z.object({ room: z.string(), user: z.string(), number: z.number() }),
) {}

export class RoomSignals extends defineSignals((signal) => ({
  changed: signal('/room/:room/changed').types({ room: Room }),
})) {}

export declare const store: Store;
export declare const accounts: Repository<Account>;
export declare const rooms: Repository<Room>;
export declare const members: Repository<Member>;
export declare const signals: RoomSignals;

export type { Locked, Persistent, Ref, Repository, Store };
