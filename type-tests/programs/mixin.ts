// Mixins over models.
import { defineModel, type AnyModel, type Persistent, type Store } from '@justscale/runtime';
import { z } from 'zod';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor takes any arguments
type Constructor<T> = abstract new (...args: any[]) => T;

export function Auditable<C extends Constructor<AnyModel & { readonly createdAt: Date }>>(Base: C) {
  abstract class Audited extends Base {
    ageInMs(now: number) {
      return now - this.createdAt.getTime();
    }
  }
  return Audited;
}
export class Doc extends Auditable(
  defineModel('doc', z.object({ title: z.string(), createdAt: z.date() })),
) {}
export const age = (doc: Persistent<Doc>): number => doc.ageInMs(0);
export const docs = (store: Store) => store.repository(Doc);
