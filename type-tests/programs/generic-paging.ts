// Pages of any model, as an async generator and as a list.
import type { AnyModel, FindOptions, Persistent, Repository, Where } from '@justscale/runtime';

export async function* pages<T extends AnyModel>(
  repository: Repository<T>,
  where: Where<T>,
  limit = 100,
): AsyncGenerator<Persistent<T>[]> {
  let after: Persistent<T> | undefined;
  do {
    const options: FindOptions<T> = { limit, ...(after && { after }) };
    const page = await repository.find(where, options);
    if (page.length > 0) yield page;
    after = page.length < limit ? undefined : page.at(-1);
  } while (after !== undefined);
}
export async function collect<T extends AnyModel, R>(
  repository: Repository<T>,
  where: Where<T>,
  map: (entity: Persistent<T>) => R,
): Promise<R[]> {
  const all: R[] = [];
  for await (const page of pages(repository, where)) all.push(...page.map(map));
  return all;
}
