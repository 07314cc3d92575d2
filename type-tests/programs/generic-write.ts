// Generic writes of a field that every model in question has.
import type { ModelBase, Ref, Repository, Store } from '@justscale/runtime';
import { Account, Post } from './domain.js';

interface Archivable {
  archived: boolean;
}
export async function archive<T extends ModelBase<string, Archivable>>(
  store: Store,
  repository: Repository<T>,
  ref: Ref<T>,
): Promise<boolean> {
  return store.transaction(async () => {
    const entity = await repository.lock(ref);
    if (entity === null || entity.archived) return false;
    await repository.update(entity, { archived: true });
    return true;
  });
}
export async function archiveByMutate<T extends ModelBase<string, { archived: boolean }>>(
  repository: Repository<T>,
  refs: readonly Ref<T>[],
): Promise<void> {
  for (const ref of refs) await repository.mutate(ref, () => ({ archived: true }));
}
export async function use(store: Store): Promise<void> {
  await archive(store, store.repository(Account), Account.ref('a'));
  await archive(store, store.repository(Post), Post.ref('p'));
  await archiveByMutate(store.repository(Post), [Post.ref('p')]);
}
