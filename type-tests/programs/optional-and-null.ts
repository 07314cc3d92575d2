// Optional, nullable, nullish, readonly, tuple, enum, record fields.
import { defineModel, type Persistent, type Repository } from '@justscale/runtime';
import { z } from 'zod';

enum Level {
  Low = 'low',
  High = 'high',
}
class Task extends defineModel(
  'task',
  z.object({
    title: z.string(),
    level: z.enum(Level),
    done: z.date().nullable(),
    note: z.string().nullish(),
    range: z.tuple([z.number(), z.number()]),
    scores: z.record(z.string(), z.number()),
    flags: z.array(z.enum(['a', 'b'])).readonly(),
    blob: z.instanceof(Uint8Array).optional(),
    big: z.bigint(),
    nested: z.object({ deep: z.object({ list: z.array(z.object({ n: z.number() })) }) }),
  }),
) {}
export const shown = (task: Persistent<Task>): string =>
  `${task.title} ${task.done?.toISOString() ?? ''} ${task.note ?? ''} ${task.range[1]} ${task.scores['a']} ${task.flags[0]} ${task.big} ${task.nested.deep.list[0]?.n}`;
export async function finish(tasks: Repository<Task>, id: string, now: Date): Promise<void> {
  await tasks.mutate(Task.ref(id), (task) =>
    task.level === Level.High
      ? { done: now, note: null, range: [task.range[0], 2] }
      : { done: null, blob: undefined },
  );
  await tasks.find({ done: null, level: Level.Low, note: undefined });
  await tasks.mutate(Task.ref(id), (task) => ({
    nested: { deep: { list: [...task.nested.deep.list, { n: 1 }] } },
    scores: { ...task.scores, b: 1 },
  }));
}
