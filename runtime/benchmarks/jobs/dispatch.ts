// Signals within a process, with many subscriptions of which one is for each signal.
import { defineModel, defineSignals } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { z } from 'zod';
import { answerJobs } from '../child.js';

class Room extends defineModel('room', z.object({ name: z.string() })) {}
class RoomSignals extends defineSignals((signal) => ({
  joined: signal('/room/:room/joined').types({ room: Room }),
})) {}

const AT_ONCE = 1_000;

const jobs = {
  /** Signals a second, from `emit` to the subscriber. */
  async dispatch({ subscriptions, count }: { subscriptions: number; count: number }) {
    const store = memoryStore();
    try {
      const { joined } = store.signals(RoomSignals);
      const refs = Array.from({ length: subscriptions }, (_, index) => Room.ref(`room-${index}`));
      let heard = 0;
      let onHeard: (() => void) | undefined;
      for (const room of refs) {
        await joined.subscribe(
          () => {
            heard += 1;
            onHeard?.();
          },
          { room },
        ).ready;
      }
      const emitAll = async (signals: number): Promise<void> => {
        const expected = heard + signals;
        const all = new Promise<void>((resolve) => {
          onHeard = () => {
            if (heard === expected) resolve();
          };
        });
        for (let at = 0; at < signals; at += AT_ONCE) {
          const emitted: Promise<void>[] = [];
          for (let index = at; index < Math.min(at + AT_ONCE, signals); index++) {
            const room = refs[index % refs.length];
            if (room !== undefined) emitted.push(joined.emit({ room }));
          }
          await Promise.all(emitted);
        }
        await all;
      };
      await emitAll(count);
      const start = performance.now();
      await emitAll(count);
      return (count * 1_000) / (performance.now() - start);
    } finally {
      await store.close();
    }
  },
};
export type DispatchJobs = typeof jobs;

answerJobs(jobs);
