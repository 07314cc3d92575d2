// What crosses a process: references, snapshots' data, jobs.
import { decode, encode, type Ref } from '@justscale/runtime';
import { Account, Post } from './domain.js';

interface Job {
  readonly account: Ref<Account>;
  readonly at: Date;
  readonly posts: readonly Ref<Post>[];
}
export const send = (job: Job): string => encode(job);
export const receive = (text: string): Job => decode(text, [Account, Post]) as Job;
export const both = (): string => encode(new Map([['a', { n: 1n, ref: Account.ref('a') }]]));
