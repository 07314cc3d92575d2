import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

const rule = getRule('no-slow-work-under-lock');

type MessageId = 'awaited' | 'synchronous' | 'signals';

const valid = (name: string, body: string, options?: object) => ({
  name,
  code: domainCode(body),
  ...(options && { options: [options] as never }),
});
const invalid = (name: string, body: string, ...errors: readonly [MessageId, number][]) => ({
  name,
  code: domainCode(body),
  errors: errors.map(([messageId, line]) => ({ messageId, line: line + 7 })),
});

typedTester.run('no-slow-work-under-lock', rule, {
  valid: [
    valid(
      'before the lock, after the transaction, and without one',
      `export async function f(ref: Ref<Account>) {
        const response = await fetch('https://bank.example');
        await store.transaction(async () => {
          await fetch('https://bank.example/before');
          const account = await accounts.lock(ref);
          if (account) await accounts.update(account, { frozen: response.ok });
        });
        await fetch('https://bank.example/after');
      }`,
    ),
    valid(
      'the runtime itself: reads, writes, emits, nested transactions, names',
      `export const f = (ref: Ref<Account>, room: Ref<Room>) => store.transaction(async () => {
        const account = await lockAccount(ref);
        const [seen, all] = await Promise.all([rooms.get(room), members.find({ room: room.id })]);
        await store.transaction(async () => {
          await store.lockName('report');
          await accounts.update(account, { balance: all.length });
        });
        await members.save(new Member({ room: room.id, user: seen?.owner ?? '', number: 1 }));
        await signals.changed.emit({ room });
        return accounts.find();
      });`,
    ),
    {
      name: "the database's own client, whatever it is asked",
      code: `import postgres from 'postgres';
      export const migrate = (sql: postgres.Sql, texts: readonly string[]) => sql.begin(async (transaction) => {
        await transaction\`select pg_advisory_xact_lock(1)\`;
        for (const text of texts) await transaction.unsafe(text);
      });`,
    },
    valid(
      'own helpers that only use the runtime, or nothing at all',
      `const pause = async () => {};
      const sum = async (account: Locked<Account>) => account.balance + (await accounts.find()).length;
      export const f = (ref: Ref<Account>) => store.transaction(async () => {
        const account = await lockAccount(ref);
        await pause();
        await accounts.update(account, { balance: await sum(account) });
        await Promise.resolve(1);
      });`,
    ),
    valid(
      'when the lock was not to be had',
      `export const f = (ref: Ref<Account>) => store.transaction(async () => {
        const account = await accounts.lock(ref, { wait: 'skip' });
        if (!account) {
          await fetch('https://bank.example/busy');
          return;
        }
        await accounts.update(account, { frozen: true });
      });
      export const g = (ref: Ref<Account>) => store.transaction(async () => {
        const account = await accounts.lock(ref);
        if (account === null) await fetch('https://bank.example/none');
        else await accounts.update(account, { frozen: true });
      });`,
    ),
    valid(
      'started and not waited for, or run later',
      `export function later(work: () => void) { setTimeout(work, 10); }
      export const f = (ref: Ref<Account>, log: { on(name: string, listener: () => Promise<void>): void }) =>
        store.transaction(async () => {
          const account = await lockAccount(ref);
          log.on('end', async () => { await fetch('https://bank.example'); });
          setTimeout(async () => { await fetch('https://bank.example'); }, 10);
          await accounts.update(account, { frozen: true });
        });`,
    ),
    valid(
      'a port that the program implements with the runtime',
      `interface Ledger { total(): Promise<number> }
      export class StoredLedger implements Ledger {
        async total() { return (await accounts.find()).length; }
      }
      export const f = (ref: Ref<Account>, ledger: Ledger) => store.transaction(async () => {
        const account = await lockAccount(ref);
        await accounts.update(account, { balance: await ledger.total() });
      });`,
    ),
    valid(
      'a callback of the caller',
      `export async function withAccount<T>(ref: Ref<Account>, work: (account: Locked<Account>) => Promise<T>) {
        return store.transaction(async () => {
          await work(await lockAccount(ref));
        });
      }
      export const f = (ref: Ref<Account>) =>
        withAccount(ref, async (account) => { await accounts.update(account, { frozen: true }); });`,
    ),
    valid(
      'allowed by name, by package, and blocking calls by option',
      `import { readFileSync } from 'node:fs';
      import { setTimeout as delay } from 'node:timers/promises';
      export const f = (ref: Ref<Account>) => store.transaction(async () => {
        await lockAccount(ref);
        await fetch('https://bank.example');
        await delay(1);
        readFileSync('x');
      });`,
      { allow: ['fetch', '@types/node'], allowSynchronous: true },
    ),
    valid(
      'assertions that wait for the promise they are given',
      `import assert from 'node:assert/strict';
      import { expect } from 'vitest';
      export const f = (ref: Ref<Account>) => store.transaction(async () => {
        const account = await lockAccount(ref);
        await assert.rejects(accounts.update(account, { balance: -1 }));
        await expect(accounts.update(account, { balance: -1 })).rejects.toThrow();
      });`,
    ),
    valid(
      'a lock of something else',
      `declare const mutex: { lock(): Promise<object> };
      export async function f() {
        await mutex.lock();
        await fetch('https://bank.example');
      }`,
    ),
  ],
  invalid: [
    invalid(
      'network, files, timers, packages',
      `import { readFile } from 'node:fs/promises';
import { once, type EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
export const f = (ref: Ref<Account>, emitter: EventEmitter) => store.transaction(async () => {
  const account = await accounts.lock(ref);
  await fetch('https://bank.example');
  const text = await readFile('x', 'utf8');
  await delay(10);
  await new Promise((resolve) => setTimeout(resolve, 10));
  await once(emitter, 'ready');
  if (account) await accounts.update(account, { owner: text });
});`,
      ['awaited', 6],
      ['awaited', 7],
      ['awaited', 8],
      ['awaited', 9],
      ['awaited', 10],
    ),
    invalid(
      'started before the lock, awaited under it; in Promise.all; returned',
      `export async function f(ref: Ref<Account>) {
  const early = fetch('https://bank.example');
  await store.transaction(async () => {
    const account = await lockAccount(ref);
    const response = await early;
    await Promise.all([accounts.update(account, { frozen: response.ok }), fetch('https://bank.example')]);
    return fetch('https://bank.example/returned');
  });
}`,
      ['awaited', 2],
      ['awaited', 6],
      ['awaited', 7],
    ),
    invalid(
      'through helpers, of this file and as a method',
      `const notify = (text: string) => fetch(\`https://bank.example/\${text}\`);
class Mailer {
  async send(to: string) {
    await notify(to);
  }
}
export const f = (ref: Ref<Account>, mailer: Mailer) => store.transaction(async () => {
  const account = await lockAccount(ref);
  await mailer.send(account.owner);
  await notify('x');
});`,
      ['awaited', 9],
      ['awaited', 10],
    ),
    invalid(
      'a function that is handed the lock, and each of a list',
      `export async function pay(account: Locked<Account>, urls: readonly string[]) {
  await fetch('https://bank.example');
  await Promise.all(urls.map(async (url) => {
    await fetch(url);
  }));
  for (const url of urls) await fetch(url);
  await accounts.update(account, { balance: 0 });
}`,
      ['awaited', 2],
      ['awaited', 4],
      ['awaited', 6],
    ),
    invalid(
      'a callback that a helper runs under its lock',
      `async function withAccount(ref: Ref<Account>, work: (account: Locked<Account>) => Promise<void>) {
  await store.transaction(async () => {
    await work(await lockAccount(ref));
  });
}
export const f = (ref: Ref<Account>) => withAccount(ref, async (account) => {
  await fetch(\`https://bank.example/\${account.owner}\`);
});`,
      ['awaited', 7],
    ),
    invalid(
      'a port that nothing implements, or that is implemented with the network',
      `interface Gateway { charge(amount: number): Promise<void> }
interface Clock { now(): Promise<number> }
export class NetworkClock implements Clock {
  async now() { return Number(await (await fetch('https://time.example')).text()); }
}
export const f = (ref: Ref<Account>, gateway: Gateway, clock: Clock) => store.transaction(async () => {
  const account = await lockAccount(ref);
  await gateway.charge(account.balance);
  await clock.now();
});`,
      ['awaited', 8],
      ['awaited', 9],
    ),
    invalid(
      'under the lock of a name, of many, and of a mutation of the transaction',
      `export async function f(refs: readonly Ref<Account>[], ref: Ref<Room>) {
  await store.transaction(async () => {
    await store.lockName('import');
    await fetch('https://bank.example/1');
  });
  await store.transaction(async () => {
    await accounts.lockMany(refs);
    await fetch('https://bank.example/2');
  });
  await store.transaction(async () => {
    await rooms.mutate(ref, () => ({ members: 0 }));
    await fetch('https://bank.example/3');
  });
}`,
      ['awaited', 4],
      ['awaited', 8],
      ['awaited', 12],
    ),
    invalid(
      'blocking calls, signals, streams',
      `import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import type { Readable } from 'node:stream';
export const f = (ref: Ref<Account>, open: () => Readable) => store.transaction(async () => {
  const account = await lockAccount(ref);
  const text = readFileSync('x', 'utf8');
  execFileSync('ls');
  for await (const { room } of signals.changed.stream()) console.log(room.id);
  for await (const chunk of open()) console.log(chunk);
  await accounts.update(account, { owner: text });
});`,
      ['synchronous', 6],
      ['synchronous', 7],
      ['signals', 8],
      ['awaited', 9],
    ),
    invalid(
      'in the second round of a loop',
      `export const f = (refs: readonly Ref<Account>[]) => store.transaction(async () => {
  for (const ref of refs) {
    await fetch('https://bank.example');
    await accounts.lock(ref);
  }
});`,
      ['awaited', 3],
    ),
  ],
});
