import { createRequire } from 'node:module';
import type { Log, ThreadFlow } from 'sarif';
import type { Anomaly } from './replay-result.js';
import { lineOf } from './schedule-text.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

/** A schedule as SARIF 2.1.0: a thread of the flow for each process, the statements of both in one `executionOrder`. */
export function toSarif({ difference, schedule, explored, replays }: Anomaly): string {
  const what = difference.deadlock
    ? 'Two operations at once end in a deadlock'
    : 'Two operations at once give what no serial order gives';
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'justscale replay',
            version,
            semanticVersion: version,
            informationUri: 'https://github.com/justscale/guarantees',
            rules: [
              {
                id: 'serial-execution',
                shortDescription: { text: 'Operations give what a serial order of them gives' },
              },
            ],
          },
        },
        results: [
          {
            ruleId: 'serial-execution',
            ruleIndex: 0,
            level: 'error',
            message: { text: `${what}: ${difference.parts.join(', ')}.` },
            codeFlows: [
              {
                message: { text: `A schedule that failed in ${replays} of ${replays} replays.` },
                threadFlows: (['a', 'b'] as const).map((process) => threadFlow(process, schedule)),
              },
            ],
            properties: { difference, explored },
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function threadFlow(process: 'a' | 'b', schedule: Anomaly['schedule']): ThreadFlow {
  return {
    id: `process ${process}`,
    message: { text: `Process ${process}` },
    locations: schedule.flatMap((step, index) =>
      step.process === process
        ? [
            {
              executionOrder: index + 1,
              location: { message: { text: lineOf(step) } },
              importance: 'essential',
            },
          ]
        : [],
    ),
  };
}
