import { type Repository, type Store } from '@justscale/runtime';
import fc from 'fast-check';
import {
  build,
  buildObject,
  hostileText,
  hostileValue,
  type Properties,
  type Recipe,
} from './hostile.js';
import { endingOf, type Ending } from './named-error.js';
import { Thing } from './models.js';

/** One call with hostile arguments. */
export type Operation =
  | { readonly call: 'save'; readonly fields: Properties; readonly id: Recipe | null }
  | { readonly call: 'update' | 'mutate'; readonly patch: Properties | Recipe }
  | {
      readonly call: 'find';
      readonly where: Properties | Recipe;
      readonly orderBy: Properties | Recipe | null;
      readonly limit: Recipe | null;
      readonly after: Recipe | null;
    }
  | { readonly call: 'get' | 'lock' | 'lockMany'; readonly ref: Recipe; readonly asId: boolean }
  | { readonly call: 'lockName'; readonly name: Recipe; readonly timeoutMs: Recipe | null }
  | { readonly call: 'write to no lock'; readonly entity: Recipe; readonly patch: Properties }
  | { readonly call: 'lock options'; readonly wait: Recipe; readonly timeoutMs: Recipe | null };

const FIELDS = [
  'title',
  'note',
  'amount',
  'isOpen',
  'data',
  'data',
  'missing',
  'twice',
  'secret',
] as const;
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...FIELDS) },
  { weight: 1, arbitrary: hostileText },
);
const properties: fc.Arbitrary<Properties> = fc.uniqueArray(fc.tuple(name, hostileValue), {
  maxLength: 4,
  selector: ([key]) => key,
});
/** Fields that are right but for their content. */
const rightFields: fc.Arbitrary<Properties> = fc
  .tuple(hostileText, hostileText, fc.double({ noNaN: true }), hostileValue)
  .map(([title, note, amount, data]): Properties => [
    ['title', ['text', title]],
    ['note', ['text', note]],
    ['amount', ['number', amount]],
    ['data', data],
  ]);
const order: fc.Arbitrary<Properties> = fc.uniqueArray(
  fc.tuple(
    name,
    fc.constantFrom('asc', 'desc', '').map((way): Recipe => ['text', way]),
  ),
  { maxLength: 3, selector: ([key]) => key },
);

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    call: fc.constant('save' as const),
    fields: fc.oneof(rightFields, properties),
    id: fc.option(hostileValue),
  }),
  fc.record({
    call: fc.constantFrom('update' as const, 'mutate' as const),
    patch: fc.oneof(rightFields, properties, hostileValue),
  }),
  fc.record({
    call: fc.constant('find' as const),
    where: fc.oneof(properties, hostileValue),
    orderBy: fc.option(fc.oneof(order, order, hostileValue)),
    limit: fc.option(hostileValue, { freq: 1 }),
    after: fc.option(hostileValue, { freq: 1 }),
  }),
  fc.record({
    call: fc.constantFrom('get' as const, 'lock' as const, 'lockMany' as const),
    ref: hostileValue,
    asId: fc.boolean(),
  }),
  fc.record({
    call: fc.constant('lockName' as const),
    name: hostileValue,
    timeoutMs: fc.option(hostileValue),
  }),
  fc.record({
    call: fc.constant('write to no lock' as const),
    entity: hostileValue,
    patch: properties,
  }),
  fc.record({
    call: fc.constant('lock options' as const),
    wait: fc.oneof(
      hostileValue,
      fc.constantFrom('block', 'fail', 'skip').map((text): Recipe => ['text', text]),
    ),
    timeoutMs: fc.option(hostileValue),
  }),
);

/** A store with the row that updates are tried on. */
export interface Target {
  readonly store: Store;
  readonly things: Repository<Thing>;
}

/** Adds the row `id`. */
export async function addThing({ things }: Target, id: string): Promise<void> {
  await things.save(new Thing({ title: 'first', amount: 1, data: null }, { id }));
}

let saves = 0;

/** Runs an operation on a store; `id` names the row that it may write to. */
export async function run(target: Target, operation: Operation, id: string): Promise<Ending> {
  return endingOf(() => call(target, operation, id));
}

async function call({ store, things }: Target, operation: Operation, id: string): Promise<unknown> {
  switch (operation.call) {
    case 'save': {
      const { fields, id: given } = operation;
      const name = given === null ? undefined : build(given);
      // Text gets a number: whether two saves of one id meet is another question.
      const named = typeof name === 'string' && name !== '' ? `${(saves += 1)}/${name}` : name;
      const draft = new Thing(
        buildObject(fields) as never,
        named === undefined ? {} : { id: named as string },
      );
      const saved = await things.save(draft);
      return roundTrip(things, saved.id, fields);
    }
    case 'mutate': {
      const { patch } = operation;
      await things.mutate(Thing.ref(id), () => buildAny(patch) as never);
      return roundTrip(things, id, patch);
    }
    case 'update': {
      const { patch } = operation;
      await store.transaction(async () => {
        const thing = await things.lock(Thing.ref(id));
        if (thing === null) throw new Error('the row is gone');
        await things.update(thing, buildAny(patch) as never);
      });
      return roundTrip(things, id, patch);
    }
    case 'find': {
      const { where, orderBy, limit, after } = operation;
      const options = {
        ...(orderBy === null ? {} : { orderBy: buildAny(orderBy) }),
        limit: limit === null ? 3 : build(limit),
        ...(after === null ? {} : { after: build(after) }),
      };
      return things.find(buildAny(where) as never, options as never);
    }
    case 'get':
      return things.get(refOf(operation) as never);
    case 'lock':
      return store.transaction(async () => (await things.lock(refOf(operation) as never))?.id);
    case 'lockMany':
      return store.transaction(
        async () => (await things.lockMany([Thing.ref(id), refOf(operation) as never])).length,
      );
    case 'lockName': {
      const { name: given, timeoutMs } = operation;
      const options = timeoutMs === null ? {} : { timeoutMs: build(timeoutMs) as number };
      return store.transaction(() => store.lockName(build(given) as string, options));
    }
    case 'write to no lock': {
      const { entity, patch } = operation;
      return store.transaction(async () => {
        await things.update(build(entity) as never, buildObject(patch));
      });
    }
    case 'lock options': {
      const { wait, timeoutMs } = operation;
      const options = {
        wait: build(wait),
        ...(timeoutMs === null ? {} : { timeoutMs: build(timeoutMs) }),
      };
      return store.transaction(
        async () => (await things.lock(Thing.ref(id), options as never))?.id,
      );
    }
  }
}

function refOf({ ref, asId }: { readonly ref: Recipe; readonly asId: boolean }): unknown {
  const value = build(ref);
  return asId ? Thing.ref(value as string) : value;
}

function buildAny(what: Properties | Recipe): unknown {
  return isRecipe(what) ? build(what) : buildObject(what);
}

function isRecipe(what: Properties | Recipe): what is Recipe {
  return typeof what[0] === 'string';
}

/** What was accepted is what is stored: text to the last character. */
async function roundTrip(
  things: Repository<Thing>,
  id: string,
  given: Properties | Recipe,
): Promise<unknown> {
  const stored = await things.get(Thing.ref(id));
  if (stored === null) throw new Error('it was accepted, and is not there');
  for (const [field, recipe] of isRecipe(given) ? [] : given) {
    if (recipe[0] === 'text' && (stored as never)[field] !== recipe[1])
      throw new Error(`${field} came back as ${JSON.stringify((stored as never)[field])}`);
  }
  return 'stored';
}
