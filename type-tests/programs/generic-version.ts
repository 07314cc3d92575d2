// Optimistic versions for any model that has one, and a subclass of a generic service.
import type { ModelBase, Ref, Repository, Store, UpdateData } from '@justscale/runtime';
import { Post } from './domain.js';

type Versioned = ModelBase<string, { version: number }>;

export abstract class VersionedService<T extends Versioned> {
  constructor(
    readonly store: Store,
    readonly repository: Repository<T>,
  ) {}
  async write(ref: Ref<T>, version: number, patch: UpdateData<T>): Promise<'written' | 'stale'> {
    return this.store.transaction(async () => {
      const entity = await this.repository.lock(ref);
      if (entity?.version !== version) return 'stale';
      await this.repository.update(entity, { ...patch, version: version + 1 });
      return 'written';
    });
  }
}
export class Posts extends VersionedService<Post> {
  rename(ref: Ref<Post>, version: number, title: string) {
    return this.write(ref, version, { title });
  }
}
