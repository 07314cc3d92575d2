import { createStore } from '@justscale/runtime/adapter';
import { describeConformance } from '@justscale/runtime/testing';
import { expect, test } from 'vitest';
import { TrustingAdapter } from '../engine/support/trusting-adapter.js';

test('a case that fails says so, whatever transactions it leaves open', async () => {
  const cases = new Map<string, () => Promise<void>>();
  describeConformance('trusting', {
    describe: (_group, body) => body(),
    it: (title, run) => cases.set(title, run),
    openStore: () => createStore(new TrustingAdapter()),
  });
  const waiting =
    'statements of one transaction answer one after another: what follows a wait waits too';
  await expect(cases.get(waiting)?.()).rejects.toThrow('deep-equal');
});
