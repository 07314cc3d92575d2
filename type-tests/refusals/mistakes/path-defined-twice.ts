// Two signals of one path.
import { defineSignals } from '@justscale/runtime';
import { Account } from '../../test-d/domain.js';

export function mistake(): void {
  defineSignals((signal) => ({
    opened: signal('/account/:account'),
    closed: signal('/account/:id/closed'),
    moved: signal('/account/:id').types({ id: Account }),
  }));
}
