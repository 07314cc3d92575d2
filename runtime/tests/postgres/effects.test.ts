import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

// Tables whose rows change by more than the statement that names them.
const database = useDatabase(`
  create table orders (
    id text primary key, total int not null check (total >= 0), revision int not null default 0, tag text unique
  );
  create table line (
    id text primary key, order_id text not null references orders on delete cascade, amount int not null
  );
  create view open_orders as select id, total, revision, tag from orders;
  create table audit (id text not null, old_total int, new_total int);

  create function note() returns trigger language plpgsql as
    'begin insert into audit values (old.id, old.total, new.total); return new; end';
  create function count_up() returns trigger language plpgsql as
    'begin update orders set total = total + new.amount where id = new.order_id; return new; end';
  create trigger count_up after insert on line for each row execute function count_up();

  create table plain (id text primary key, total int not null, price numeric(10, 1) not null default 0);

  create table revised (id text primary key, total int not null, revision int not null default 0);
  create function revise() returns trigger language plpgsql as
    'begin new.revision := old.revision + 1; return new; end';
  create trigger revise before update on revised for each row execute function revise();

  create table doubled (id text primary key, total int not null, revision int not null default 0);
  create function again() returns trigger language plpgsql as
    'begin update doubled set revision = revision + 1 where id = new.id; return new; end';
  create trigger again after update of total on doubled for each row execute function again();

  create table generated (id text primary key, total int not null, twice int generated always as (total * 2) stored)`);

const shape = z.object({
  total: z.number(),
  revision: z.number().optional(),
  tag: z.string().nullish(),
});
class Order extends defineModel('orders', shape) {}
class Line extends defineModel('line', z.object({ orderId: z.string(), amount: z.number() })) {}
class Plain extends defineModel('plain', z.object({ total: z.number(), price: z.number() })) {}
const counted = z.object({ total: z.number(), revision: z.number().optional() });
class Revised extends defineModel('revised', counted) {}
class Doubled extends defineModel('doubled', counted) {}
class Generated extends defineModel(
  'generated',
  z.object({ total: z.number(), twice: z.number().optional() }),
) {}

let sql: postgres.Sql;
let store: Store;
let orders: Repository<Order>;
let lines: Repository<Line>;
const ref = Order.ref('o');

beforeAll(() => {
  sql = postgres(database.url, { max: 3, onnotice: () => undefined });
  store = postgresStore(database.url);
  orders = store.repository(Order);
  lines = store.repository(Line);
});
beforeEach(async () => {
  await sql`truncate orders, line, audit, plain, revised, doubled, generated`;
  await sql`insert into orders values ('o', 100)`;
});
afterAll(async () => {
  await store.close();
  await sql.end();
});

async function total(): Promise<unknown> {
  const [row] = await sql`select total from orders where id = 'o'`;
  return row?.['total'];
}

const addLine = (amount: number): Promise<unknown> =>
  lines.save(new Line({ orderId: 'o', amount }));
const add =
  (by: number) =>
  (row: { readonly total: number }): { total: number } => ({ total: row.total + by });

/** Lets calls of `mutate` wait for one row, so that they are combined. */
async function combined<R>(
  table: string,
  mutate: () => Promise<R>[],
): Promise<PromiseSettledResult<R>[]> {
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`select from ${holder(table)} for update`;
  const first = mutate();
  await expect
    .poll(async () => {
      const waiting = await sql`select from pg_stat_activity where wait_event_type = 'Lock'`;
      return waiting.length;
    })
    .toBeGreaterThan(0);
  await holder`commit`;
  holder.release();
  return Promise.allSettled(first);
}

describe('a row that changes under its lock', () => {
  test('by a trigger: the lock shows the new values, and what is computed from it loses nothing', async () => {
    await store.transaction(async () => {
      const order = await orders.lock(ref);
      await addLine(10);
      expect(order!.total).toBe(110);
      expect(await orders.lock(ref)).toBe(order);
      await orders.update(order!, add(5)(order!));
    });
    expect(await total()).toBe(115);
  });

  test('by a mutate in the same transaction', async () => {
    await store.transaction(async () => {
      await orders.lock(ref);
      await Promise.all([addLine(10), orders.mutate(ref, add(5)), addLine(1)]);
      await orders.mutate(ref, add(5));
    });
    expect(await total()).toBe(121);
  });

  test('by a trigger that was made after the table was first looked at: refused by name, and the lock is right again', async () => {
    const plains = store.repository(Plain);
    await plains.save(new Plain({ total: 1, price: 0 }, { id: 'p' }));
    await sql`
      create function surprise() returns trigger language plpgsql as
        'begin update plain set price = price + 1 where id = ''p''; return new; end'`;
    await sql`create trigger surprise after insert on plain for each row execute function surprise()`;
    try {
      await store.transaction(async () => {
        const plain = await plains.lock(Plain.ref('p'));
        await plains.save(new Plain({ total: 2, price: 0 }, { id: 'q' }));
        await expect(plains.update(plain!, { price: plain!.price + 10 })).rejects.toMatchObject({
          code: 'LOCK_STALE',
        });
        expect(plain!.price).toBe(1);
        await plains.save(new Plain({ total: 3, price: 0 }, { id: 'r' }));
        await plains.mutate(Plain.ref('p'), ({ price }) => ({ price: price + 10 }));
      });
      expect((await plains.get(Plain.ref('p')))?.price).toBe(12);
    } finally {
      await sql`drop function surprise cascade`;
    }
  });

  test.each(['public.orders', 'open_orders'])('under another name, %s', async (table) => {
    const others = store.repository(Order, { table });
    await store.transaction(async () => {
      const [one, other] = [await orders.lock(ref), await others.lock(ref)];
      await orders.update(one!, add(1)(one!));
      expect(other!.total).toBe(101);
      await others.update(other!, add(1)(other!));
      expect(one!.total).toBe(102);
      await addLine(10);
      expect([one!.total, other!.total]).toEqual([112, 112]);
      await others.update(other!, add(1)(other!));
    });
    expect(await total()).toBe(113);
  });

  test('at the same time under two names: one of them is refused', async () => {
    const others = store.repository(Order, { table: 'public.orders' });
    const outcome = store.transaction(async () => {
      const [one, other] = [await orders.lock(ref), await others.lock(ref)];
      await Promise.all([orders.update(one!, add(1)(one!)), others.update(other!, add(1)(other!))]);
    });
    await expect(outcome).rejects.toMatchObject({ code: 'LOCK_STALE' });
    expect(await total()).toBe(100);
  });

  test('by a cascade: the lock of a row that is gone says so', async () => {
    await lines.save(new Line({ orderId: 'o', amount: 1 }, { id: 'l' }));
    await store.transaction(async () => {
      const [line, order] = [await lines.lock(Line.ref('l')), await orders.lock(ref)];
      await orders.delete(order!);
      await expect(lines.update(line!, { amount: 2 })).rejects.toMatchObject({
        code: 'LOCK_RELEASED',
      });
      expect(await lines.lock(Line.ref('l'))).toBeNull();
    });
  });

  test('by a trigger on its own table: update returns, and the lock shows, the row as it is', async () => {
    const doubles = store.repository(Doubled);
    await doubles.save(new Doubled({ total: 1, revision: 0 }, { id: 'd' }));
    await store.transaction(async () => {
      const row = await doubles.lock(Doubled.ref('d'));
      for (const expected of [1, 2, 3]) {
        const updated = await doubles.update(row!, add(1)(row!));
        expect([updated.revision, row!.revision]).toEqual([expected, expected]);
      }
    });
  });

  test('by a savepoint that fails', async () => {
    await store.transaction(async () => {
      const order = await orders.lock(ref);
      const failing = store.savepoint(async () => {
        await addLine(10);
        expect(order!.total).toBe(110);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(order!.total).toBe(100);
      await orders.update(order!, add(1)(order!));
    });
    expect(await total()).toBe(101);
  });
});

describe('combined changes cannot be told from changes one by one', () => {
  test('each is a statement of its own: the audit has them all', async () => {
    await sql`create trigger note after update on orders for each row execute function note()`;
    try {
      const results = await combined('orders', () =>
        Array.from({ length: 20 }, () => orders.mutate(ref, add(1))),
      );
      expect(results.map((result) => result.status === 'fulfilled' && result.value?.total)).toEqual(
        Array.from({ length: 20 }, (_, index) => 101 + index),
      );
      const audit = await sql<
        { new_total: number }[]
      >`select new_total from audit order by new_total`;
      expect(audit.map((row) => row.new_total)).toEqual(
        Array.from({ length: 20 }, (_, index) => 101 + index),
      );
    } finally {
      await sql`drop trigger note on orders`;
    }
  });

  test('what CHECK forbids in between fails its caller alone, wherever it stands', async () => {
    const by = [-60, -60, 10, -200, 5, -45, 1];
    const results = await combined('orders', () => by.map((each) => orders.mutate(ref, add(each))));
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value?.total : 'refused')),
    ).toEqual([40, 'refused', 50, 'refused', 55, 10, 11]);
    expect(await total()).toBe(11);
  });

  test('what UNIQUE forbids in between, too', async () => {
    await sql`insert into orders values ('p', 1, 0, 'taken')`;
    const tags = ['a', 'taken', 'b'];
    const results = await combined('orders', () =>
      tags.map((tag) => orders.mutate(ref, () => ({ tag }))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'DUPLICATE_ENTITY' } });
  });

  test.each([
    ['a trigger before the write', 'revised', Revised],
    ['a trigger after the write', 'doubled', Doubled],
  ] as const)('%s is seen by every change, and by every caller', async (_, table, model) => {
    const rows = store.repository(model as typeof Revised);
    await rows.save(new (model as typeof Revised)({ total: 0, revision: 0 }, { id: 'r' }));
    const seen: unknown[] = [];
    const results = await combined(table, () =>
      Array.from({ length: 6 }, () =>
        rows.mutate((model as typeof Revised).ref('r'), ({ total, revision }) => {
          seen[total] = revision;
          return { total: total + 1 };
        }),
      ),
    );
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true);
    // Each was computed, in the end, from the row that the change before it had left.
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await sql`select total, revision from ${sql(table)}`).toEqual([
      expect.objectContaining({ total: 6, revision: 6 }),
    ]);
  });

  test('a generated column is what each change and each caller sees', async () => {
    const rows = store.repository(Generated);
    await rows.save(new Generated({ total: 1 }, { id: 'g' }));
    const seen: unknown[] = [];
    const results = await combined('generated', () =>
      Array.from({ length: 4 }, () =>
        rows.mutate(Generated.ref('g'), ({ total, twice }) => {
          seen[total] = twice;
          return { total: total + 1 };
        }),
      ),
    );
    expect(results.map((each) => each.status === 'fulfilled' && each.value?.twice)).toEqual([
      4, 6, 8, 10,
    ]);
    expect(seen.slice(1)).toEqual([2, 4, 6, 8]);
  });

  test('a value that the column rounds is what the next change starts from', async () => {
    const plains = store.repository(Plain);
    await plains.save(new Plain({ total: 0, price: 0 }, { id: 'p' }));
    await combined('plain', () =>
      Array.from({ length: 10 }, () =>
        plains.mutate(Plain.ref('p'), ({ price }) => ({ price: price + 0.04 })),
      ),
    );
    // Ten times 0.04, each rounded to 0.0.
    expect((await plains.get(Plain.ref('p')))?.price).toBe(0);
  });

  test('a change that fails by itself is judged by the row that the changes before it left', async () => {
    const rows = store.repository(Revised);
    await rows.save(new Revised({ total: 0, revision: 0 }, { id: 'r' }));
    const guarded = (): Promise<unknown> =>
      rows.mutate(Revised.ref('r'), ({ total, revision }) => {
        // As predicted the revision would still be 0 after the first change.
        if (revision !== total) throw new Error(`revision ${revision} at ${total}`);
        return { total: total + 1 };
      });
    const results = await combined('revised', () => [guarded(), guarded(), guarded()]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  });
});
