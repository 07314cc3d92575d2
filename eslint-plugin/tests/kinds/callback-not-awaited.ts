// A helper calls a function that it was given, or a property of what it was given, and waits for nothing; what it calls writes.
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Film extends defineModel('film', z.object({ views: z.number() })) {}
declare const store: Store;
declare const films: Repository<Film>;
interface Options {
  onDone?: (id: string) => Promise<void> | void;
}

async function seen(id: string) {
  await films.mutate(Film.ref(id), (film) => ({ views: film.views + 1 }));
}
// the place: `done(id)`
const bad_finish = (done: (id: string) => Promise<void>, id: string) => {
  done(id);
};
// the place: `onDone?.(id)`
function bad_finish_with_options({ onDone }: Options, id: string) {
  onDone?.(id);
}
const finishAndWait = async (done: (id: string) => Promise<void>, id: string) => {
  await done(id);
};

export const callers = (id: string) => {
  bad_finish(seen, id);
  bad_finish_with_options({ onDone: async (film) => seen(film) }, id);
};
// the place: the call of `bad_finish`, or the one in it: the transaction ends without the write
export async function bad_in_a_transaction(id: string) {
  await store.transaction(async () => {
    const film = await films.lock(Film.ref(id));
    if (film) await runLater(async () => void (await films.update(film, { views: 0 })));
  });
}
async function runLater(work: () => Promise<void>) {
  work();
}
// a chain of `reduce` that nobody awaits
export async function bad_chain(ids: readonly string[]) {
  ids.reduce((before, id) => before.then(() => seen(id)), Promise.resolve());
}
// an optional method
export async function bad_optional(hooks: { after?: typeof seen }, id: string) {
  hooks.after?.(id);
}
export async function ok_awaited(id: string) {
  await finishAndWait(seen, id);
}
