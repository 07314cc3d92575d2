import type { Difference } from '../oracle/serial-oracle.js';
import { isolationSpec } from './isolation-spec.js';
import type { Anomaly, Explored } from './replay-result.js';
import { scheduleText } from './schedule-text.js';
import type { Step } from './step.js';

export function anomalyOf(
  setup: readonly string[],
  schedule: readonly Step[],
  difference: Difference,
  explored: Explored,
  replays: number,
): Anomaly {
  return {
    verdict: 'anomaly',
    explored,
    replays,
    setup,
    schedule,
    difference,
    spec: isolationSpec(setup, schedule),
    text: scheduleText(schedule, difference),
  };
}
