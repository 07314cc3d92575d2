import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as think } from 'node:timers/promises';
import { defineModel, defineSignals, type StatementEvent } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { z } from 'zod';
import type { TicketSales } from './ticket-sales.js';

class Event extends defineModel('event', z.object({ sold: z.int() })) {}
class Sale extends defineModel('sale', z.object({ process: z.string() }), {
  generateId: 'database',
}) {}
class EventSignals extends defineSignals((signal) => ({
  sold: signal('/event/:event/sold').types({ event: Event }),
})) {}

/** Where the processes hear of each other's sales. */
export interface Bus {
  /** The way to the database that the bus takes, so that it can be cut by itself. */
  readonly listenUrl: string;
  /** Somebody has sold a ticket, or the bus was away and is back. */
  readonly onNews: (because: 'signal' | 'gap') => void;
  readonly onStatement: (text: string) => void;
  readonly onError: (error: Error) => void;
}

const EVENT = Event.ref('e1');

/** The same service on the runtime: the update asks for a `Locked<Event>`. It is `listening` when it hears of every sale. */
export function salesOnTheRuntime(
  url: string,
  name: string,
  bus: Bus,
): TicketSales & { readonly listening: Promise<void> } {
  subscribe('justscale:statement', (event) => bus.onStatement((event as StatementEvent).text));
  const store = postgresStore(withName(url, name), {
    listenUrl: withName(bus.listenUrl, name),
    maxConnections: 10,
    acquireTimeoutMs: 60_000,
  });
  const events = store.repository(Event);
  const sales = store.repository(Sale);
  const signals = store.signals(EventSignals);
  const subscription = signals.sold.subscribe(() => bus.onNews('signal'), { event: EVENT });
  store.on('gap', () => bus.onNews('gap'));
  store.on('error', bus.onError);
  return {
    listening: subscription.ready,
    sold: async () => (await events.get(EVENT))?.sold ?? 0,
    sell: (thinkMs) =>
      store.transaction(async () => {
        const event = await events.lock(EVENT);
        if (event === null) throw new Error('There is no event.');
        // In a service of one's own the rule no-slow-work-under-lock asks to do this before the lock.
        await think(thinkMs);
        const { sold } = await events.update(event, { sold: event.sold + 1 });
        await sales.save(new Sale({ process: name }));
        await signals.sold.emit({ event: EVENT });
        return sold;
      }),
    close: () => store.close({ timeoutMs: 1_000 }),
  };
}

function withName(url: string, name: string): string {
  const named = new URL(url);
  named.searchParams.set('application_name', `${name} runtime`);
  return named.href;
}
