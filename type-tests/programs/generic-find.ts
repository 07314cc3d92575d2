// Generic queries over models with a field in common.
import {
  gt,
  type ModelBase,
  type Persistent,
  type Repository,
  type Store,
} from '@justscale/runtime';
import { Account, Post } from './domain.js';

export async function archived<T extends ModelBase<string, { archived: boolean }>>(
  repository: Repository<T>,
): Promise<Persistent<T>[]> {
  return repository.find({ archived: true });
}
export async function oneOpen<T extends ModelBase<string, { archived: boolean }>>(
  repository: Repository<T>,
): Promise<string | undefined> {
  const found = await repository.findOne({ archived: false });
  return found?.id;
}
export async function newer<T extends ModelBase<string, { version: number }>>(
  repository: Repository<T>,
  than: number,
): Promise<number[]> {
  const all = await repository.find({ version: gt(than) }, { orderBy: 'version', limit: 10 });
  return all.map((each) => each.version);
}
export async function purge<T extends ModelBase<string, { archived: boolean }>>(
  store: Store,
  repository: Repository<T>,
): Promise<number> {
  return store.transaction(async () => {
    const held = await repository.lockWhere({ archived: true }, { wait: 'skip', limit: 100 });
    for (const each of held) await repository.delete(each);
    return held.length;
  });
}
export async function use(store: Store): Promise<void> {
  await archived(store.repository(Account));
  await oneOpen(store.repository(Post));
  await newer(store.repository(Post), 3);
  await purge(store, store.repository(Account));
}
