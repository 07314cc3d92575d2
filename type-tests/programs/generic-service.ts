// A service over any model.
import type {
  AnyModel,
  Locked,
  Persistent,
  Ref,
  Repository,
  Store,
  UpdateData,
  Where,
} from '@justscale/runtime';

export class Service<T extends AnyModel> {
  constructor(
    protected readonly store: Store,
    protected readonly repository: Repository<T>,
  ) {}
  get(ref: Ref<T>): Promise<Persistent<T> | null> {
    return this.repository.get(ref);
  }
  find(where?: Where<T>): Promise<Persistent<T>[]> {
    return this.repository.find(where);
  }
  first(where: Where<T>): Promise<Persistent<T> | null> {
    return this.repository.findOne(where);
  }
  async require(ref: Ref<T>): Promise<Persistent<T>> {
    const found = await this.get(ref);
    if (found === null) throw new Error(`there is no ${ref.id}`);
    return found;
  }
  change(ref: Ref<T>, change: (entity: Locked<T>) => UpdateData<T>): Promise<Persistent<T> | null> {
    return this.repository.mutate(ref, change);
  }
  async underLock<R>(ref: Ref<T>, work: (entity: Locked<T>) => Promise<R>): Promise<void> {
    await this.store.transaction(async () => {
      const entity = await this.repository.lock(ref);
      if (entity !== null) await work(entity);
    });
  }
  remove(ref: Ref<T>): Promise<void> {
    return this.underLock(ref, (entity) => this.repository.delete(entity));
  }
}
