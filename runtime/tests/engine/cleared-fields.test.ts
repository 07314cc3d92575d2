import { defineModel, ValidationError } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { expect, test } from 'vitest';
import { z } from 'zod';

class Note extends defineModel(
  'note',
  z.object({ text: z.string(), title: z.string().exactOptional(), tag: z.string().optional() }),
) {}

test('undefined in a patch clears an optional field, also one whose schema takes no undefined', async () => {
  const notes = memoryStore().repository(Note);
  const { id } = await notes.save(new Note({ text: 'x', title: 'y', tag: 'z' }));

  const cleared = await notes.mutate(Note.ref(id), () => ({ title: undefined, tag: undefined }));

  expect(Object.keys(cleared ?? {})).toEqual(['id', 'text']);
});

test('a required field is not cleared, and a misspelt one is named', async () => {
  const notes = memoryStore().repository(Note);
  const { id } = await notes.save(new Note({ text: 'x' }));

  const cleared = notes.mutate(Note.ref(id), () => ({ text: undefined }) as object);
  const misspelt = notes.mutate(Note.ref(id), () => ({ titel: undefined }) as object);

  await expect(cleared).rejects.toThrow(ValidationError);
  await expect(misspelt).rejects.toMatchObject({ paths: ['titel'] });
});

test('a field that was cleared is absent for every later patch', async () => {
  const notes = memoryStore().repository(Note);
  const { id } = await notes.save(new Note({ text: 'x', title: 'y' }));
  await notes.mutate(Note.ref(id), () => ({ title: undefined }));

  const changed = await notes.mutate(Note.ref(id), () => ({ text: 'z' }));
  const given = await notes.mutate(Note.ref(id), () => ({ title: 'again' }));

  expect(changed).toEqual({ id, text: 'z' });
  expect(given).toEqual({ id, text: 'z', title: 'again' });
});
