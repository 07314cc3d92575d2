// Rows are searched for one that is in the way, and another is stored when there is none: no key can say that.
import { defineModel, type Repository, type Store } from '@justscale/runtime';
import { z } from 'zod';

class Court extends defineModel('court', z.object({ name: z.string() })) {}
class Game extends defineModel(
  'game',
  z.object({ court: z.string(), from: z.number(), to: z.number() }),
) {}
declare const store: Store;
declare const courts: Repository<Court>;
declare const games: Repository<Game>;
interface Wish {
  court: string;
  from: number;
  to: number;
}

export async function bad_some(wish: Wish) {
  const planned = await games.find({ court: wish.court });
  if (planned.some((game) => game.from < wish.to && game.to > wish.from)) throw new Error('taken');
  await games.save(new Game(wish));
}
export async function bad_every(wish: Wish) {
  const planned = await games.find({ court: wish.court });
  if (!planned.every((game) => game.to <= wish.from)) return;
  await games.save(new Game(wish));
}
export async function bad_filter(wish: Wish) {
  const clashes = (await games.find({ court: wish.court })).filter((game) => game.to > wish.from);
  if (clashes.length > 0) throw new Error('taken');
  await games.save(new Game(wish));
}
export async function bad_find(wish: Wish) {
  const clash = (await games.find({ court: wish.court })).find((game) => game.to > wish.from);
  if (clash) throw new Error('taken');
  await games.save(new Game(wish));
}
export async function bad_loop(wish: Wish) {
  for (const game of await games.find({ court: wish.court }))
    if (game.to > wish.from) throw new Error('taken');
  await games.save(new Game(wish));
}
export async function bad_sum_in_a_loop(wish: Wish) {
  let hours = 0;
  for (const game of await games.find({ court: wish.court })) hours += game.to - game.from;
  if (hours + wish.to - wish.from > 12) throw new Error('closed');
  await games.save(new Game(wish));
}
export async function ok_under_the_court(wish: Wish) {
  await store.transaction(async () => {
    if (!(await courts.lock(Court.ref(wish.court)))) return;
    const planned = await games.find({ court: wish.court });
    if (planned.some((game) => game.from < wish.to && game.to > wish.from))
      throw new Error('taken');
    await games.save(new Game(wish));
  });
}
