import assert from 'node:assert/strict';
import { defineModel } from '../../model/define-model.js';
import type { Repository } from '../../store/repository.js';
import type { ConformanceCase, ConformanceWorld } from '../conformance-case.js';
import { accountSchema } from '../conformance-models.js';

const CountedModel: ReturnType<
  typeof defineModel<'conformance_counted', typeof accountSchema, 'balance'>
> = defineModel('conformance_counted', accountSchema, { generated: ['balance'] });

/** Its balance comes from the database when it is not given. */
class Counted extends CountedModel {}

function repositoryOf(world: ConformanceWorld): Repository<Counted> {
  return world.store.repository(Counted, { table: 'conformance_account' });
}

const needs = { generated: true } as const;

export const generatedCases: readonly ConformanceCase[] = [
  {
    title:
      'a generated field that is left out is there in what save returns, and whenever it is read',
    needs,
    async run(world) {
      const counted = repositoryOf(world);
      const owner = world.name();
      const saved = await counted.save(new Counted({ owner }, { id: world.id() }));
      assert.equal(typeof saved.balance, 'number');
      assert.equal((await counted.get(Counted.ref(saved)))?.balance, saved.balance);
      assert.equal((await counted.findOne({ owner }))?.balance, saved.balance);
      await world.store.transaction(async () => {
        const locked = await counted.lock(Counted.ref(saved));
        assert.equal(locked?.balance, saved.balance);
      });
    },
  },
  {
    title: 'one that is given is kept, and it can be changed',
    needs,
    async run(world) {
      const counted = repositoryOf(world);
      const saved = await counted.save(
        new Counted({ owner: 'ada', balance: 41 }, { id: world.id() }),
      );
      assert.equal(saved.balance, 41);
      const ref = Counted.ref(saved);
      const changed = await counted.mutate(ref, ({ balance }) => ({ balance: balance + 1 }));
      assert.equal(changed?.balance, 42);
      const renamed = await counted.mutate(ref, () => ({ owner: 'bob' }));
      assert.deepEqual([renamed?.owner, renamed?.balance], ['bob', 42]);
    },
  },
  {
    title: 'saveMany and a transaction fill it in as well; one of many may give it',
    needs,
    async run(world) {
      const counted = repositoryOf(world);
      const saved = await world.store.transaction(() =>
        counted.saveMany([
          new Counted({ owner: 'a' }, { id: world.id() }),
          new Counted({ owner: 'b', balance: 41 }, { id: world.id() }),
          new Counted({ owner: 'c' }, { id: world.id() }),
        ]),
      );
      assert.deepEqual(
        saved.map(({ owner }) => owner),
        ['a', 'b', 'c'],
      );
      assert.equal(saved[1]?.balance, 41);
      for (const one of saved) {
        assert.equal(typeof one.balance, 'number');
        assert.equal((await counted.get(Counted.ref(one)))?.balance, one.balance);
      }
    },
  },
  {
    title: 'a field that is not generated has to be given all the same',
    needs,
    async run(world) {
      const counted = repositoryOf(world);
      const draft = new Counted({} as { owner: string }, { id: world.id() });
      await assert.rejects(counted.save(draft), { code: 'VALIDATION', paths: ['owner'] });
    },
  },
];
