import {
  defineModel,
  InvalidModelError,
  InvalidRefError,
  ValidationError,
} from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

class Account extends defineModel(
  'account',
  z.object({ owner: z.string(), balance: z.number() }),
) {}
class Person extends defineModel('person', z.object({ owner: z.string(), balance: z.number() })) {}

describe('defineModel', () => {
  test.each(['', '1a', 'a b', 'a"b', 'a;drop', 'ä', 'a'.repeat(64), 5, null])(
    'refuses the name %j',
    (name) => {
      expect(() => defineModel(name as string, z.object({}))).toThrow(InvalidModelError);
    },
  );

  test.each([undefined, null, {}, { '~standard': {} }, 'schema'])(
    'refuses the schema %j',
    (schema) => {
      expect(() => defineModel('a', schema as never)).toThrow(InvalidModelError);
    },
  );
});

describe('Model.ref', () => {
  test('is the same identity from an id, a Ref and what a repository returns', async () => {
    const store = memoryStore();
    const accounts = store.repository(Account);
    const saved = await accounts.save(new Account({ owner: 'ada', balance: 1 }, { id: 'a1' }));
    const ref = Account.ref('a1');
    expect(Account.ref(saved)).toEqual(ref);
    expect(Account.ref(ref)).toBe(ref);
    await store.transaction(async () => {
      const locked = await accounts.lock(ref);
      expect(locked && Account.ref(locked)).toEqual(ref);
    });
    expect(Object.isFrozen(ref)).toBe(true);
    await store.close();
  });

  test('tells two models apart', () => {
    expect(Account.ref('1')).not.toEqual(Person.ref('1'));
  });

  test.each<[string, unknown]>([
    ['an empty id', ''],
    ['a NUL character', 'a\0b'],
    ['a lone surrogate', '\ud800'],
    ['an endless id', 'x'.repeat(2_000)],
    ['a number', 1],
    ['null', null],
    ['a plain object', { id: 'a1' }],
    ['a copy of a Ref', { ...Account.ref('a1') }],
    ['an heir of a Ref', Object.create(Account.ref('a1'))],
    ['the Ref of another model', Person.ref('a1')],
    ['an entity that is not saved', new Account({ owner: 'ada', balance: 0 })],
  ])('refuses %s', (_, of) => {
    expect(() => Account.ref(of as string)).toThrow(InvalidRefError);
  });

  test.each<[string, unknown]>([
    ['a Ref to person', Person.ref('a1')],
    ['a copy of a Ref', Object.create(Account.ref('a1'))],
    ['not saved yet', new Account({ owner: 'ada', balance: 0 })],
  ])('says what it was given: %s', (what, of) => {
    expect(() => Account.ref(of as string)).toThrow(what);
  });
});

describe('a new entity', () => {
  test('is writable, has its methods, and is checked when it is saved', async () => {
    const memory = memoryStore();
    const draft = new Account({ owner: 'ada', balance: 0 });
    draft.balance = 5;
    expect(draft).toBeInstanceOf(Account);
    expect((await memory.repository(Account).save(draft)).balance).toBe(5);

    const wrong = new Account({ owner: 'ada', balance: 'much' as never });
    await expect(memory.repository(Account).save(wrong)).rejects.toThrow(
      expect.objectContaining({ code: 'VALIDATION', paths: ['balance'] }),
    );
    await expect(memory.repository(Account).save(wrong)).rejects.toThrow(ValidationError);
    await memory.close();
  });

  test.each(['', 'a\0', '\udfff', 5])('refuses the id %j', (id) => {
    expect(() => new Account({ owner: 'ada', balance: 0 }, { id: id as string })).toThrow(
      InvalidModelError,
    );
  });
});
