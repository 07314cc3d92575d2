import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-stale-patch');
const valid = (name: string, body: string) => ({ name, code: domainCode(body) });
const invalid = (name: string, body: string, ...lines: readonly number[]) => ({
  name,
  code: domainCode(body),
  errors: lines.map((line) => ({ messageId: 'stalePatch' as const, line: line + 6 })),
});

typedTester.run('no-stale-patch', rule, {
  valid: [
    valid(
      'computed from the locked entity',
      `export const f = (id: string) => store.transaction(async () => {
        const account = await accounts.lock(Account.ref(id));
        if (account) await accounts.update(account, { balance: account.balance + 1 });
      });`,
    ),
    valid(
      'computed from an unlocked read of another entity of the same model',
      `export async function copyOwner(from: string, to: string) {
        const template = await accounts.get(Account.ref(from));
        if (!template) return;
        await store.transaction(async () => {
          const account = await lockAccount(Account.ref(to));
          await accounts.update(account, { owner: template.owner });
        });
      }`,
    ),
    valid(
      'computed from an unlocked read of another model',
      `export async function adopt(room: Ref<Room>, account: Ref<Account>) {
        const seen = await rooms.get(room);
        await accounts.mutate(account, () => ({ owner: seen?.owner ?? 'nobody' }));
      }`,
    ),
    valid(
      'the same id of two models is not the same entity',
      `export async function sameId(id: string) {
        const room = await rooms.get(Room.ref(id));
        await accounts.mutate(Account.ref(id), () => ({ owner: room?.name ?? '' }));
      }`,
    ),
    valid(
      'only the identity of an unlocked read is used',
      `export async function byOwner(owner: string) {
        const seen = await accounts.findOne({ owner });
        if (!seen) return;
        await accounts.mutate(Account.ref(seen.id), (account) => ({ tags: [...account.tags, seen.id] }));
      }`,
    ),
    valid(
      'read again while the lock is held',
      `export const f = (id: string) => store.transaction(async () => {
        const locked = await lockAccount(Account.ref(id));
        const again = await accounts.get(Account.ref(id));
        await accounts.update(locked, { balance: (again?.balance ?? 0) + 1 });
      });
      export const g = (a: Ref<Account>, b: Ref<Account>) => store.transaction(async () => {
        const [first] = await accounts.lockMany([a, b]);
        const again = await accounts.get(a);
        if (first) await accounts.update(first, { balance: (again?.balance ?? 0) + 1 });
      });`,
    ),
    valid(
      'the result of an update in the same transaction',
      `export const f = (ref: Ref<Account>) => store.transaction(async () => {
        const locked = await lockAccount(ref);
        const after = await accounts.update(locked, { balance: locked.balance + 1 });
        await accounts.update(locked, { version: after.version + 1 });
      });`,
    ),
    valid(
      'a variable that is read again under the lock',
      `export async function f(id: string) {
        let account: Persistent<Account> | Locked<Account> | null = await accounts.get(Account.ref(id));
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(id));
          account = locked;
          await accounts.update(locked, { balance: account.balance + 1 });
        });
      }`,
    ),
    valid(
      'an optimistic check under the lock: the version is the same',
      `export async function f(id: string) {
        const seen = await loadAccount(id);
        const tags = [...seen.tags, 'vip'];
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(id));
          if (locked.version !== seen.version) throw new Error('conflict');
          await accounts.update(locked, { tags });
        });
      }`,
    ),
    valid(
      'the very field is compared under the lock',
      `export async function f(id: string) {
        const seen = await loadAccount(id);
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(id));
          if (locked.balance === seen.balance) await accounts.update(locked, { balance: seen.balance + 1 });
        });
      }`,
    ),
    valid(
      'a new entity that copies another one',
      `export async function duplicate(id: string) {
        const { owner, balance, frozen, version, tags } = await loadAccount(id);
        await accounts.save(new Account({ owner, balance, frozen, version, tags: [...tags] }));
      }`,
    ),
    valid(
      'what the caller asked for',
      `export async function rename(id: string, input: { name: string }) {
        const room = await rooms.get(Room.ref(id));
        if (!room) return null;
        return rooms.mutate(Room.ref(room), () => ({ name: input.name }));
      }`,
    ),
    valid(
      'objects of the user that only look like the runtime',
      `class Fake { async get(ref: string) { return { balance: 1, ref }; } async lock(ref: string) { return { balance: 1, ref }; }
        async update(entity: object, patch: object) { return { ...entity, ...patch }; } }
      export async function f(repository: Fake) {
        const seen = await repository.get('a');
        const locked = await repository.lock('a');
        await repository.update(locked, { balance: seen.balance + 1 });
      }`,
    ),
    valid(
      'two elements of one query by their places',
      `export async function f() {
        const [first, second] = await accounts.find();
        if (!first || !second) return;
        await accounts.mutate(Account.ref(first), () => ({ owner: second.owner }));
      }`,
    ),
    valid(
      'a message for a log is no patch',
      `export async function f(id: string) {
        const seen = await loadAccount(id);
        const text = \`before: \${String(seen.balance)}\`;
        await store.transaction(async () => {
          const locked = await lockAccount(Account.ref(id));
          console.log(text);
          await accounts.update(locked, { balance: locked.balance + 1 });
        });
      }`,
    ),
    valid(
      'two draws of the same urn are two entities',
      `export async function f(urn: { pick(ids: readonly string[]): string }, ids: readonly string[]) {
        const seen = await loadAccount(urn.pick(ids));
        await accounts.mutate(Account.ref(urn.pick(ids)), () => ({ owner: seen.owner }));
      }`,
    ),
    valid('no runtime at all', `export const sum = (a: number, b: number) => a + b;`),
  ],
  invalid: [
    invalid(
      'the patch as an object',
      `export async function f(id: string) {
  const seen = await accounts.get(Account.ref(id));
  if (!seen) return;
  await store.transaction(async () => {
    const locked = await accounts.lock(Account.ref(id));
    if (locked) await accounts.update(locked, { balance: seen.balance + 1 });
  });
}`,
      7,
    ),
    invalid(
      'through locals, arithmetic and a template',
      `export async function f(ref: Ref<Account>) {
  const seen = requirePresent(await accounts.get(ref), 'none');
  const base = seen.balance;
  const next = Math.max(0, base - 1);
  const owner = \`\${seen.owner} jr.\`;
  await store.transaction(async () => {
    const locked = await lockAccount(ref);
    await accounts.update(locked, { balance: next, owner });
  });
}`,
      9,
    ),
    invalid(
      'through destructuring with renaming and a default',
      `export async function f(ref: Ref<Account>) {
  const { balance: old = 0, ...rest } = await loadAccount(ref.id);
  await store.transaction(async () => {
    const locked = await lockAccount(Account.ref(ref.id));
    await accounts.update(locked, { balance: old });
    await accounts.update(locked, { tags: rest.tags });
  });
}`,
      6,
      7,
    ),
    invalid(
      'spread whole',
      `export async function f(ref: Ref<Room>, name: string) {
  const seen = await rooms.get(ref);
  if (!seen) return;
  await store.transaction(async () => {
    const locked = await rooms.lock(ref);
    if (locked) await rooms.update(locked, { ...seen, name });
  });
}`,
      7,
    ),
    invalid(
      'a patch that is built step by step',
      `export async function f(ref: Ref<Account>) {
  const seen = await loadAccount(ref.id);
  const patch: { balance?: number; owner?: string } = {};
  patch.balance = seen.balance + 1;
  if (seen.frozen) patch.owner = 'bank';
  await store.transaction(async () => {
    const locked = await lockAccount(Account.ref(seen));
    await accounts.update(locked, patch);
  });
}`,
      9,
    ),
    invalid(
      'an array that was filled from it',
      `export async function f(ref: Ref<Account>) {
  const seen = await loadAccount(ref.id);
  const tags: string[] = [];
  for (const tag of seen.tags) tags.push(tag.toUpperCase());
  await accounts.mutate(Account.ref(seen), () => ({ tags }));
}`,
      6,
    ),
    invalid(
      'chosen by it: a condition is a computation too',
      `export async function f(ref: Ref<Account>) {
  const seen = await loadAccount(ref.id);
  let owner = 'low';
  if (seen.balance > 100) owner = 'high';
  await accounts.mutate(Account.ref(seen), () => ({ owner }));
  await accounts.mutate(Account.ref(seen), () => ({ owner: seen.balance > 100 ? 'high' : 'low' }));
}`,
      6,
      7,
    ),
    invalid(
      'computed by a helper of this file, and written by one of another file',
      `const plus = (account: Persistent<Account>, amount: number) => account.balance + amount;
export async function f(ref: Ref<Account>) {
  const seen = await accounts.get(ref);
  if (seen) await storeBalance(ref, plus(seen, 1));
}`,
      5,
    ),
    invalid(
      'a helper that gets both',
      `async function apply(seen: Persistent<Account>, locked: Locked<Account>) {
  await accounts.update(locked, { balance: seen.balance + 1 });
}
export async function f(ref: Ref<Account>) {
  const seen = await loadAccount(ref.id);
  await store.transaction(async () => {
    await apply(seen, await lockAccount(Account.ref(ref.id)));
  });
}`,
      8,
    ),
    invalid(
      'a callback of a helper that locks',
      `async function withAccount<T>(ref: Ref<Account>, work: (account: Locked<Account>) => Promise<T>) {
  return store.transaction(async () => {
    await work(await lockAccount(ref));
  });
}
export async function f(ref: Ref<Account>) {
  const seen = await accounts.get(ref);
  await withAccount(ref, async (account) => {
    await accounts.update(account, { balance: (seen?.balance ?? 0) + 1 });
  });
}`,
      10,
    ),
    invalid(
      'read under a lock that has been released since',
      `export async function f(ref: Ref<Account>) {
  const balance = await store.transaction(async () => (await lockAccount(ref)).balance);
  await store.transaction(async () => {
    const locked = await lockAccount(ref);
    await accounts.update(locked, { balance: balance + 1 });
  });
}`,
      6,
    ),
    invalid(
      'what an update of an earlier transaction returned',
      `export async function f(ref: Ref<Account>) {
  const after = await store.transaction(async () => {
    const locked = await lockAccount(ref);
    return accounts.update(locked, { frozen: true });
  });
  await accounts.mutate(ref, () => ({ version: after.version + 1 }));
}`,
      7,
    ),
    invalid(
      'promises, then, and Promise.all',
      `export async function f(a: Ref<Account>, b: Ref<Account>) {
  const [first] = await Promise.all([accounts.get(a), accounts.get(b)]);
  await accounts.mutate(a, () => ({ balance: (first?.balance ?? 0) + 1 }));
  const pending = accounts.get(b).then((account) => account?.balance ?? 0);
  const balance = await pending;
  await accounts.mutate(b, () => ({ balance: balance + 1 }));
}`,
      4,
      7,
    ),
    invalid(
      'an entity of a query, locked by its id, in a loop',
      `export async function f() {
  for (const seen of await accounts.find({ frozen: false })) {
    await store.transaction(async () => {
      const locked = await accounts.lock(Account.ref(seen.id));
      if (locked) await accounts.update(locked, { balance: seen.balance * 1.01 });
    });
  }
}`,
      6,
    ),
    invalid(
      'many at once, by their places',
      `export async function f() {
  const seen = await accounts.find();
  await store.transaction(async () => {
    const locked = await accounts.lockMany(seen.map((account) => Account.ref(account)));
    for (const [index, account] of locked.entries()) {
      await accounts.update(account, { balance: (seen[index]?.balance ?? 0) + 1 });
    }
  });
}`,
      7,
    ),
    invalid(
      'through a map by id, an object of context, a promise of a wrapper',
      `export async function f() {
  const seen = await accounts.find();
  const byId = new Map(seen.map((account) => [account.id, account]));
  await store.transaction(async () => {
    for (const locked of await accounts.lockMany(seen.map((account) => Account.ref(account)))) {
      await accounts.update(locked, { balance: (byId.get(locked.id)?.balance ?? 0) + 1 });
    }
  });
}
export async function g(ref: Ref<Account>) {
  const context = { account: await loadAccount(ref.id), step: 1 };
  const work = async () => {
    const locked = await lockAccount(Account.ref(ref.id));
    await accounts.update(locked, { balance: context.account.balance + context.step });
  };
  await store.transaction(work);
}`,
      7,
      15,
    ),
    invalid(
      'in a service, with the repository injected and the entity in a field',
      `export class Service {
  constructor(private readonly store: Store, private readonly accounts: Repository<Account>) {}
  async f(id: string) {
    const seen = await this.accounts.get(Account.ref(id));
    if (!seen) return;
    const patch = this.patchOf(seen);
    await this.store.transaction(async () => {
      const locked = await this.accounts.lock(Account.ref(id));
      if (locked) await this.accounts.update(locked, patch);
    });
  }
  private patchOf(account: Persistent<Account>) {
    return { balance: account.balance + 1 };
  }
}`,
      10,
    ),
    invalid(
      'generic code, a subclass, a renamed type',
      `import { Repository as Repo, type Persistent as Snapshot } from '@justscale/runtime';
abstract class AccountRepository extends Repo<Account> {}
export async function f<R extends AccountRepository>(repository: R, seen: Snapshot<Account>) {
  await repository.mutate(Account.ref(seen), () => ({ balance: seen.balance + 1 }));
}`,
      5,
    ),
    invalid(
      'a request parameter names the same entity twice',
      `export async function f(request: { param(name: string): string }) {
  const seen = await accounts.get(Account.ref(request.param('id')));
  await accounts.mutate(Account.ref(request.param('id')), () => ({ balance: (seen?.balance ?? 0) + 1 }));
}`,
      4,
    ),
    invalid(
      'in a callback that runs later',
      `export function register(app: { post(path: string, handler: (id: string) => Promise<void>): void }) {
  app.post('/accounts', async (id) => {
    const seen = await loadAccount(id);
    await accounts.mutate(Account.ref(id), () => ({ balance: seen.balance + 1 }));
  });
  signals.changed.subscribe(async ({ room }) => {
    const seen = await rooms.get(room);
    await rooms.mutate(room, () => ({ members: (seen?.members ?? 0) + 1 }));
  });
}`,
      5,
      9,
    ),
  ],
});
