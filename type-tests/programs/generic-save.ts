// Generic creation.
import type { AnyModel, Persistent, Repository, Transient } from '@justscale/runtime';
import { Account } from './domain.js';

export async function create<T extends AnyModel>(
  repository: Repository<T>,
  make: () => Transient<T>,
): Promise<Persistent<T>> {
  return repository.save(make());
}
export async function createAll<T extends AnyModel>(
  repository: Repository<T>,
  entities: readonly Transient<T>[],
): Promise<string[]> {
  const saved = await repository.saveMany(entities);
  return saved.map(({ id }) => id);
}
const draft = () => new Account({ owner: 'ada', balance: 0, tags: [], archived: false });
export const use = async (accounts: Repository<Account>) => {
  const saved = await create(accounts, draft);
  await createAll(accounts, [draft(), draft()]);
  return saved.label;
};
