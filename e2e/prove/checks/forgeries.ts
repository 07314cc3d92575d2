import type { Check } from '../check.js';
import { runVitest } from '../vitest-run.js';

export const forgeries: Check = {
  ring: 'types',
  claim: 'every known forgery is refused, none by the runtime alone',
  run: (context) =>
    runVitest(context, ['fixtures/forgery-catalogue', 'fixtures/forgeries'], 'expectations'),
};
