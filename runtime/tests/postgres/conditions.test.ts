import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import {
  allOf,
  defineModel,
  gt,
  gte,
  lt,
  lte,
  noneOf,
  not,
  oneOf,
  type Store,
  type Where,
} from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create type mood as enum ('sad', 'ok', 'happy');
  create table reading (
    id uuid primary key, day date not null, at timestamptz not null, code varchar(3) not null, fixed char(4),
    ratio real not null, small smallint not null, price numeric(10, 2) not null, feeling mood not null, big bigint
  )`);

class Reading extends defineModel(
  'reading',
  z.object({
    day: z.date(),
    at: z.date(),
    code: z.string(),
    ratio: z.number(),
    small: z.number(),
    price: z.number(),
    feeling: z.enum(['sad', 'ok', 'happy']),
    big: z.bigint().nullable(),
  }),
) {}

const DAY = new Date('2024-05-06');
const NOON = new Date('2024-05-06T12:00:00Z');
const AT = new Date('2024-05-06T07:08:09.010Z');
const id = (digit: number): string => `00000000-0000-0000-0000-00000000000${digit}`;

let stores: Store[];
beforeAll(async () => {
  stores = [memoryStore(), postgresStore(database.url)];
  for (const store of stores) {
    const readings = store.repository(Reading);
    for (const [index, feeling] of (['sad', 'ok', 'happy'] as const).entries()) {
      const fields = {
        day: new Date(DAY.getTime() + index * 86_400_000),
        at: new Date(AT.getTime() + index),
        code: ['a', 'ab', 'abc'][index] ?? '',
        // Exact in 32 bits, other than 0.1.
        ratio: index / 4,
        small: index,
        price: index + 0.25,
        feeling,
        big: index === 0 ? null : BigInt(index),
      };
      await readings.save(new Reading(fields, { id: id(index) }));
    }
  }
});
afterAll(() => Promise.all(stores.map((store) => store.close())));

const CONDITIONS: Readonly<Record<string, [Where<Reading>, number[]]>> = {
  'a day and a time of it: gte': [{ day: gte(NOON) }, [1, 2]],
  'a day and a time of it: gt': [{ day: gt(NOON) }, [1, 2]],
  'a day and a time of it: lt': [{ day: lt(NOON) }, [0]],
  'a day and a time of it: lte': [{ day: lte(NOON) }, [0]],
  'a day and a time of it: equal': [{ day: NOON }, []],
  'a day and a time of it: not': [{ day: not(NOON) }, [0, 1, 2]],
  'a day': [{ day: allOf(gte(DAY), lt(NOON)) }, [0]],
  'days of a list': [{ day: oneOf([DAY, NOON]) }, [0]],
  'a time before 1970': [{ day: gt(new Date(-1)) }, [0, 1, 2]],
  'a millisecond': [{ at: gt(AT) }, [1, 2]],
  'a millisecond and those before': [{ at: lte(AT) }, [0]],
  'no millisecond': [{ at: not(AT) }, [1, 2]],
  'milliseconds of a list': [{ at: noneOf([AT]) }, [1, 2]],
  'text longer than the column': [{ code: gt('aaaaa') }, [1, 2]],
  'equal to text longer than the column': [{ code: 'abcd' }, []],
  'not text longer than the column': [{ code: not('abcd') }, [0, 1, 2]],
  'a list with text longer than the column': [{ code: oneOf(['abcd', 'abc']) }, [2]],
  'a number between two of 32 bits': [{ ratio: gt(0.1) }, [1, 2]],
  'a number beyond 32 bits': [{ ratio: lt(1e300) }, [0, 1, 2]],
  'a number beyond 16 bits': [{ small: lt(100_000) }, [0, 1, 2]],
  'numbers beyond 16 bits of a list': [{ small: oneOf([100_000, 1]) }, [1]],
  'a fraction finer than the column': [{ price: gt(1.249) }, [1, 2]],
  'fractions finer than the column of a list': [{ price: oneOf([1.249, 0.25]) }, [0]],
  'names of an enum, by code point': [{ feeling: gt('happy') }, [0, 1]],
  'names of an enum': [{ feeling: oneOf(['ok', 'sad']) }, [0, 1]],
  'not a name of an enum': [{ feeling: not('ok') }, [0, 2]],
  'a uuid': [{ id: gt(id(0)) }, [1, 2]],
  'what is no uuid': [{ id: lt('1') }, [0, 1, 2]],
  'uuids of a list, and what is none': [{ id: oneOf([id(2), 'x']) }, [2]],
  'not null': [{ big: not(null) }, [1, 2]],
  'bigints of a list, and null': [{ big: oneOf([2n, null]) }, [0, 2]],
  'a number where text is': [{ code: lt(5 as never) }, []],
};

test.each(Object.entries(CONDITIONS))('%s: both stores agree', async (_, [where, expected]) => {
  for (const store of stores) {
    const found = await store.repository(Reading).find(where);
    expect(found.map(({ small }) => small)).toEqual(expected);
  }
});
