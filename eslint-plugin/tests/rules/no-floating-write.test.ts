import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-floating-write');

type MessageId = 'dropped' | 'handled' | 'raced' | 'array' | 'callback';

const valid = (name: string, body: string) => ({ name, code: domainCode(body) });
const invalid = (name: string, body: string, ...errors: readonly [MessageId, number][]) => ({
  name,
  code: domainCode(body),
  errors: errors.map(([messageId, line]) => ({ messageId, line: line + 7 })),
});
const repaired = (
  name: string,
  messageId: MessageId,
  suggestion: string,
  before: string,
  after: string,
) => ({
  name,
  code: domainCode(before),
  errors: [
    { messageId, suggestions: [{ messageId: suggestion as never, output: domainCode(after) }] },
  ],
});

typedTester.run('no-floating-write', rule, {
  valid: [
    valid(
      'awaited, returned, yielded, passed on',
      `export async function f(ref: Ref<Account>, collect: (work: Promise<unknown>) => void) {
        await accounts.mutate(ref, () => ({ frozen: true }));
        collect(accounts.mutate(ref, () => ({ frozen: true })));
        const work = { done: signals.changed.emit({ room: Room.ref('a') }) };
        await work.done;
        return accounts.mutate(ref, () => ({ frozen: true }));
      }
      export const g = (ref: Ref<Account>) => accounts.mutate(ref, () => ({ frozen: true }));
      export function* h(ref: Ref<Account>) { yield accounts.mutate(ref, () => ({ frozen: true })); }`,
    ),
    valid(
      'kept in variables and arrays that are awaited',
      `export async function f(ref: Ref<Account>, refs: readonly Ref<Account>[]) {
        const one = accounts.mutate(ref, () => ({ frozen: true }));
        const two = refs.map((each) => accounts.mutate(each, () => ({ frozen: true })));
        const three: Promise<unknown>[] = [];
        for (const each of refs) three.push(accounts.mutate(each, () => ({ frozen: true })));
        await one;
        await Promise.all(two);
        await Promise.allSettled([...three, store.transaction(async () => {})]);
        for (const each of refs.map((it) => accounts.mutate(it, () => ({})))) await each;
      }`,
    ),
    valid(
      'a transaction or emit outside of any, whose error is handled',
      `export function f(ref: Ref<Account>) {
        store.transaction(async () => { await lockAccount(ref); }).catch(console.error);
        void signals.changed.emit({ room: Room.ref('a') }).catch((error: unknown) => { console.error(error); });
        withdraw(ref, 1).then(() => {}, console.error);
        setInterval(() => { withdraw(ref, 1).catch(console.error); }, 1000);
      }`,
    ),
    valid(
      'reads, and helpers that only read',
      `export async function f(ref: Ref<Account>) {
        accounts.get(ref);
        void loadAccount(ref.id);
        accounts.find().then(console.log);
      }`,
    ),
    valid(
      'a helper that only registers a handler, or that is not async',
      `declare const app: { on(name: string, handler: () => Promise<void>): void };
      async function start() { app.on('x', async () => { await withdraw(Account.ref('a'), 1); }); }
      function make() { return { run: () => withdraw(Account.ref('a'), 1) }; }
      start();
      make();`,
    ),
    valid(
      'conditions and logic that are awaited',
      `export async function f(ref: Ref<Account>, isOn: boolean) {
        await (isOn ? accounts.mutate(ref, () => ({})) : null);
        await (isOn && accounts.mutate(ref, () => ({})));
        return isOn && accounts.mutate(ref, () => ({}));
      }`,
    ),
    valid(
      'a race outside of a transaction, and reduce',
      `export async function f(ref: Ref<Account>, refs: readonly Ref<Account>[], deadline: Promise<never>) {
        await Promise.race([withdraw(ref, 1), deadline]);
        await refs.reduce(async (before, each) => { await before; await withdraw(each, 1); }, Promise.resolve());
      }`,
    ),
    valid(
      'other code with the same names',
      `declare const cache: { update(key: string): Promise<void>; delete(key: string): Promise<void> };
      export function f(map: Map<string, string>, set: Set<string>) {
        cache.update('a');
        map.delete('a');
        set.delete('b');
        ['a'].forEach((key) => { cache.delete(key); });
      }`,
    ),
  ],
  invalid: [
    repaired(
      'an expression of its own',
      'dropped',
      'addAwait',
      `export async function f(ref: Ref<Account>) {
  accounts.mutate(ref, () => ({ frozen: true }));
}`,
      `export async function f(ref: Ref<Account>) {
  await accounts.mutate(ref, () => ({ frozen: true }));
}`,
    ),
    repaired(
      'void',
      'dropped',
      'addAwait',
      `export async function f(ref: Ref<Account>) {
  void store.transaction(async () => { await lockAccount(ref); });
}`,
      `export async function f(ref: Ref<Account>) {
  await store.transaction(async () => { await lockAccount(ref); });
}`,
    ),
    repaired(
      'an array that is awaited',
      'array',
      'waitForAll',
      `export async function f(refs: readonly Ref<Account>[]) {
  await refs.map(async (ref) => { await withdraw(ref, 1); });
}`,
      `export async function f(refs: readonly Ref<Account>[]) {
  await Promise.all(refs.map(async (ref) => { await withdraw(ref, 1); }));
}`,
    ),
    invalid(
      'every kind of write',
      `export function f(ref: Ref<Account>, account: Locked<Account>) {
  accounts.lock(ref);
  accounts.lockMany([ref]);
  accounts.update(account, {});
  accounts.delete(account);
  members.save(new Member({ room: 'a', user: 'b', number: 1 }));
  store.lockName('x');
  signals.changed.emit({ room: Room.ref('a') });
  accounts['mutate'](ref, () => ({}));
}`,
      ['dropped', 2],
      ['dropped', 3],
      ['dropped', 4],
      ['dropped', 5],
      ['dropped', 6],
      ['dropped', 7],
      ['dropped', 8],
      ['dropped', 9],
    ),
    invalid(
      'logic, conditions, chains, commas',
      `export function f(ref: Ref<Account>, isOn: boolean) {
  isOn && accounts.mutate(ref, () => ({}));
  isOn ? accounts.mutate(ref, () => ({})) : null;
  accounts.mutate(ref, () => ({})).then(() => 1);
  accounts.mutate(ref, () => ({})).finally(() => {});
  if (accounts.mutate(ref, () => ({}))) console.log('always'); // does not compile: a promise is no condition
  !accounts.mutate(ref, () => ({}));
}`,
      ['dropped', 2],
      ['dropped', 3],
      ['dropped', 4],
      ['dropped', 5],
      ['dropped', 6],
      ['dropped', 7],
    ),
    invalid(
      'variables and arrays that nobody awaits',
      `export async function f(ref: Ref<Account>, refs: readonly Ref<Account>[]) {
  const one = accounts.mutate(ref, () => ({}));
  const two = refs.map((each) => accounts.mutate(each, () => ({})));
  const three: Promise<unknown>[] = [];
  three.push(accounts.mutate(ref, () => ({})));
  const four = accounts.mutate(ref, () => ({}));
  four.then(console.log);
  return [two.length, three.length];
}`,
      ['dropped', 2],
      ['array', 3],
      ['array', 5],
      ['dropped', 6],
    ),
    invalid(
      'callbacks that nobody waits for',
      `export async function f(refs: readonly Ref<Account>[], account: Locked<Account>) {
  refs.forEach(async (ref) => { await withdraw(ref, 1); });
  refs.forEach((ref) => accounts.mutate(ref, () => ({})));
  const good = refs.filter(async (ref) => (await accounts.mutate(ref, () => ({}))) !== null);
  setTimeout(async () => { await accounts.update(account, {}); }, 10);
  return good;
}`,
      ['callback', 2],
      ['callback', 3],
      ['callback', 4],
      ['callback', 5],
    ),
    invalid(
      'helpers: a function of another file, a method, an arrow, one that returns the promise, one called at once',
      `class Service {
  async pay(ref: Ref<Account>) { await withdraw(ref, 1); }
  readonly arrow = async (ref: Ref<Account>) => { await this.pay(ref); };
}
const passOn = (ref: Ref<Account>) => withdraw(ref, 1);
export function f(ref: Ref<Account>, service: Service) {
  withdraw(ref, 1);
  service.pay(ref);
  service.arrow(ref);
  passOn(ref);
  (async () => { await withdraw(ref, 1); })();
}`,
      ['dropped', 7],
      ['dropped', 8],
      ['dropped', 9],
      ['dropped', 10],
      ['dropped', 11],
    ),
    invalid(
      'handled, but the transaction does not wait',
      `export const f = (ref: Ref<Account>) => store.transaction(async () => {
  const account = await lockAccount(ref);
  accounts.update(account, {}).catch(console.error);
  signals.changed.emit({ room: Room.ref('a') }).catch(console.error);
});
export function g(account: Locked<Account>) {
  accounts.update(account, {}).catch(console.error);
}`,
      ['handled', 3],
      ['handled', 4],
      ['handled', 7],
    ),
    invalid(
      'a race in a transaction',
      `export const f = (ref: Ref<Account>, deadline: Promise<never>) => store.transaction(async () => {
  const account = await lockAccount(ref);
  await Promise.race([accounts.update(account, {}), deadline]);
});`,
      ['raced', 3],
    ),
    {
      name: 'strict: even handled ones',
      code: domainCode(`export function f(ref: Ref<Account>) {
  withdraw(ref, 1).catch(console.error);
}`),
      options: [{ allowHandled: false }],
      errors: [{ messageId: 'handled' }],
    },
  ],
});
