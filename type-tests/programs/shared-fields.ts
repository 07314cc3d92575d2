// Fields that several models share.
import { defineModel, type Persistent, type Ref, type Store } from '@justscale/runtime';
import { z } from 'zod';

const timestamps = { createdAt: z.date(), updatedAt: z.date() } as const;
const Base = z.object({ ...timestamps, tenant: z.string() });
class User extends defineModel('user', Base.extend({ email: z.email() })) {}
class Team extends defineModel('team', Base.extend({ name: z.string(), ownerId: z.string() })) {
  owner(): Ref<User> {
    return User.ref(this.ownerId);
  }
}
type Stamped = { readonly createdAt: Date; readonly updatedAt: Date };
const newest = <E extends Stamped>(all: readonly E[]): E | undefined =>
  all.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
export async function run(store: Store): Promise<string | undefined> {
  const team: Persistent<Team> | undefined = newest(
    await store.repository(Team).find({ tenant: 't' }),
  );
  if (team === undefined) return undefined;
  return (await store.repository(User).get(team.owner()))?.email;
}
