// Models as constants, in a namespace-like object, made by a function, anonymous.
import {
  defineModel,
  type FieldsOf,
  type Persistent,
  type Repository,
  type Store,
} from '@justscale/runtime';
import { z } from 'zod';

export const Wallet = defineModel('wallet', z.object({ owner: z.string() }));
export type Wallet = InstanceType<typeof Wallet>;
export const models = {
  Wallet,
  Coin: class extends defineModel('coin', z.object({ worth: z.number() })) {},
};
export const make = <const Name extends string>(name: Name) =>
  defineModel(name, z.object({ label: z.string() }));
export class Tag extends make('tag') {}
export type WalletFields = FieldsOf<typeof Wallet>;
export default class extends defineModel('thing', z.object({ a: z.string() })) {}
export const owners = async (wallets: Repository<Wallet>): Promise<string[]> =>
  (await wallets.find()).map(({ owner }) => owner);
export const coins = (store: Store) => store.repository(models.Coin);
export const label = (tag: Persistent<Tag>): string => tag.label;
