// A candidate is found, claimed under its lock, worked on without one, and finished: what no-slow-work-under-lock asks for.
import { defineModel, type Persistent, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

const status = z.enum(['new', 'busy', 'done', 'failed']);
class Task extends defineModel(
  'task',
  z.object({
    owner: z.string(),
    input: z.string(),
    status,
    tries: z.number(),
    output: z.string().nullable(),
  }),
) {}
declare const store: Store;
declare const tasks: Repository<Task>;
declare function work(input: string): Promise<string>;

async function claim(candidate: Persistent<Task>) {
  return store.transaction(async () => {
    const task = await tasks.lock(Task.ref(candidate), { wait: 'skip' });
    if (task?.status !== 'new') return null;
    return tasks.update(task, { status: 'busy', tries: task.tries + 1 });
  });
}

// no-stale-decision (selected)
export async function ok_found_by_query() {
  const next = await tasks.findOne({ status: 'new' });
  const task = next && (await claim(next));
  if (!task) return;
  await work(task.input);
  await tasks.mutate(Task.ref(task), () => ({ status: 'done' }));
}

// no-stale-decision (selected), in a loop
export async function ok_in_a_loop() {
  for (const candidate of await tasks.find({ status: 'new' }, { limit: 10 })) {
    if (!(await claim(candidate))) continue;
    await work(candidate.id);
    await tasks.mutate(Task.ref(candidate), () => ({ status: 'done' }));
  }
}

// no-stale-decision (checked): the owner was checked in the very transaction that claimed the task
export async function ok_owner_checked_too(id: string, user: string) {
  const claimed = await store.transaction(async () => {
    const task = await tasks.lock(Task.ref(id));
    if (!task || task.owner !== user) throw new Error('not yours');
    if (task.status !== 'new') return false;
    await tasks.update(task, { status: 'busy' });
    return true;
  });
  if (!claimed) return;
  await work(id);
  await tasks.mutate(Task.ref(id), () => ({ status: 'done' }));
}

// no-stale-patch: what the work answered is stored, and it was given the claimed task's input
export async function ok_result_is_stored(id: string) {
  const input = await store.transaction(async () => {
    const task = await tasks.lock(Task.ref(id));
    if (task?.status !== 'new') return null;
    await tasks.update(task, { status: 'busy' });
    return task.input;
  });
  if (input === null) return;
  const output = await work(input);
  await tasks.mutate(Task.ref(id), () => ({ status: 'done', output }));
}

// no-stale-patch: how it goes on is decided by what the claim itself wrote
export async function ok_tries_of_the_claim(id: string) {
  const task = await store.transaction(async () => {
    const held = await tasks.lock(Task.ref(id));
    return held?.status === 'new'
      ? tasks.update(held, { status: 'busy', tries: held.tries + 1 })
      : null;
  });
  if (!task) return;
  await work(id).catch(() =>
    tasks.mutate(Task.ref(id), () => ({ status: task.tries >= 3 ? 'failed' : 'new' })),
  );
}

// stays reported: nothing was checked when it was claimed
export async function bad_unchecked_claim() {
  const next = await tasks.findOne({ status: 'new' });
  if (!next) return;
  await store.transaction(async () => {
    const task = await tasks.lock(Task.ref(next));
    if (task) await tasks.update(task, { status: 'busy' });
  });
  await work(next.input);
}

// stays reported: no claim at all, only a lock
export async function bad_no_claim(id: string) {
  const input = await store.transaction(async () => (await tasks.lock(Task.ref(id)))?.input ?? '');
  const output = await work(input);
  await tasks.mutate(Task.ref(id), () => ({ output }));
}

// looked at once more under a locked name
export async function ok_asked_again_under_a_name(id: string) {
  const seen = await tasks.get(Task.ref(id));
  if (seen?.status !== 'new') return;
  await store.transaction(async () => {
    await store.lockName(`task ${id}`);
    const task = await tasks.get(Task.ref(id));
    if (task?.status === 'new') await tasks.mutate(Task.ref(id), () => ({ status: 'done' }));
  });
}
