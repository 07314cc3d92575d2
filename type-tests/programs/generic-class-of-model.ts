// A function that takes the model's class and makes its repository.
import type { ModelConstructor, Persistent, Repository, Store } from '@justscale/runtime';
import { Account, Post } from './domain.js';

export class Repositories {
  readonly #store: Store;
  constructor(store: Store) {
    this.#store = store;
  }
  of<C extends ModelConstructor>(model: C): Repository<InstanceType<C>> {
    return this.#store.repository(model);
  }
  async all<C extends ModelConstructor>(model: C): Promise<Persistent<InstanceType<C>>[]> {
    return this.of(model).find();
  }
}
export async function use(store: Store): Promise<string[]> {
  const repositories = new Repositories(store);
  const accounts: Repository<Account> = repositories.of(Account);
  const posts = await repositories.all(Post);
  return [...posts.map((post) => post.title), ...(await accounts.find()).map((each) => each.label)];
}
