import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { defineModel, DuplicateEntityError, ForeignKeyError } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { expect, test } from 'vitest';
import { z } from 'zod';

const database = useDatabase(`
  create table place (
    id text primary key,
    position int not null constraint place_position unique deferrable initially deferred,
    owner_id text constraint place_owner references place deferrable initially deferred
  )`);
class Place extends defineModel(
  'place',
  z.object({ position: z.number(), ownerId: z.string().nullable() }),
) {}

test('a value that each COMMIT would have refused is refused, though the next caller would have mended it', async () => {
  const store = postgresStore(database.url);
  const places = store.repository(Place);
  await places.saveMany([
    new Place({ position: 1, ownerId: null }, { id: 'a' }),
    new Place({ position: 2, ownerId: null }, { id: 'b' }),
  ]);
  const position = (change: (position: number) => number) => (place: { position: number }) => ({
    position: change(place.position),
  });

  const results = await Promise.allSettled([
    places.mutate(
      Place.ref('a'),
      position((before) => before + 10),
    ),
    places.mutate(
      Place.ref('a'),
      position(() => 2),
    ),
    places.mutate(Place.ref('a'), () => ({ ownerId: 'nobody' })),
    places.mutate(Place.ref('a'), () => ({ ownerId: null })),
    places.mutate(
      Place.ref('a'),
      position((before) => before + 10),
    ),
  ]);

  expect(results).toMatchObject([
    { value: { position: 11 } },
    { reason: expect.any(DuplicateEntityError) as unknown },
    { reason: expect.any(ForeignKeyError) as unknown },
    { value: { position: 11, ownerId: null } },
    { value: { position: 21 } },
  ]);
  await store.close();
});

test('callers who change different rows in one turn do not take each other’s place', async () => {
  const store = postgresStore(database.url);
  const places = store.repository(Place);
  await places.saveMany([
    new Place({ position: 101, ownerId: null }, { id: 'c' }),
    new Place({ position: 102, ownerId: null }, { id: 'd' }),
  ]);

  const results = await Promise.allSettled([
    places.mutate(Place.ref('c'), () => ({ position: 102 })),
    places.mutate(Place.ref('d'), () => ({ position: 101 })),
  ]);

  // One by one the first to be written finds the place taken, and so does the second.
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await store.close();
});
