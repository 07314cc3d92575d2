// A path with a parameter twice.
import { defineSignals } from '@justscale/runtime';

export function mistake(): void {
  defineSignals((signal) => ({ moved: signal('/from/:account/to/:account') }));
}
