// Streams, pipelines and higher-order functions over snapshots.
import type { AnyModel, Persistent, Ref, Repository } from '@justscale/runtime';
import { Account } from './domain.js';

const pipe =
  <A, B, C>(f: (a: A) => B, g: (b: B) => C) =>
  (a: A): C =>
    g(f(a));
const mapAsync =
  <A, B>(f: (a: A) => B) =>
  async (all: Promise<readonly A[]>): Promise<B[]> =>
    (await all).map(f);
const allOf =
  <T extends AnyModel>() =>
  (repository: Repository<T>): Promise<Persistent<T>[]> =>
    repository.find();
export const owners = (accounts: Repository<Account>) =>
  pipe(
    allOf<Account>(),
    mapAsync((a) => a.owner),
  )(accounts);
export const memoize = <K, V>(load: (key: K) => Promise<V>) => {
  const known = new Map<K, Promise<V>>();
  return (key: K): Promise<V> => known.get(key) ?? (known.set(key, load(key)), load(key));
};
export const loader = (accounts: Repository<Account>) =>
  memoize((ref: Ref<Account>) => accounts.get(ref));
export async function* owned(accounts: Repository<Account>, owner: string): AsyncGenerator<string> {
  for (const account of await accounts.find({ owner })) yield account.label;
}
export const option = async <A>(value: Promise<A | null>): Promise<{ some: A } | 'none'> => {
  const found = await value;
  return found === null ? 'none' : { some: found };
};
