// Dependency injection by constructor, by a container of tokens and by a context object.
import type { Repository, Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { Account, Post } from './domain.js';

class Token<T> {
  declare readonly of: T;
  constructor(readonly name: string) {}
}
class Container {
  readonly #values = new Map<Token<unknown>, unknown>();
  provide<T>(token: Token<T>, value: T): this {
    this.#values.set(token, value);
    return this;
  }
  get<T>(token: Token<T>): T {
    return this.#values.get(token) as T;
  }
}
const STORE = new Token<Store>('store');
const ACCOUNTS = new Token<Repository<Account>>('accounts');
export function container(url?: string): Container {
  const store = url === undefined ? memoryStore() : postgresStore(url);
  return new Container().provide(STORE, store).provide(ACCOUNTS, store.repository(Account));
}
interface Context {
  readonly accounts: Repository<Account>;
  readonly posts: Repository<Post>;
}
export const contextOf = (store: Store): Context => ({
  accounts: store.repository(Account),
  posts: store.repository(Post),
});
export const count = async (of: Container) => (await of.get(ACCOUNTS).find()).length;
