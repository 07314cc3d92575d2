import { defineModel, defineSignals } from '@justscale/runtime';
import { postgresStore } from '@justscale/runtime/postgres';
import { z } from 'zod';
import type { Closing, Emitter } from './transport.js';

class Parcel extends defineModel('parcel', z.object({ label: z.string() })) {}
class ParcelSignals extends defineSignals((signal) => ({
  shipped: signal('/parcel/:parcel/shipped').types({ parcel: Parcel }),
})) {}

/** `emit` and `subscribe`. */
export async function openEmitter(url: string): Promise<Emitter> {
  const store = postgresStore(url);
  const { shipped } = store.signals(ParcelSignals);
  const emit = (id: string): Promise<void> => shipped.emit({ parcel: Parcel.ref(id) });
  return {
    emit,
    emitAll: (ids) => Promise.all(ids.map(emit)),
    close: () => store.close(),
  };
}

export async function openListener(url: string, onSignal: (id: string) => void): Promise<Closing> {
  const store = postgresStore(url);
  const subscription = store
    .signals(ParcelSignals)
    .shipped.subscribe(({ parcel }) => onSignal(parcel.id));
  await subscription.ready;
  return { close: () => store.close() };
}
