import type { Check } from '../check.js';

/** The part of the described bugs that has to be found. */
const RECALL = 0.95;

export default {
  ring: 'lint',
  title: 'described race bugs are reported, their repairs are not',
  async run() {
    const [{ lintPairs }, { scoreOf }] = await Promise.all([
      import('@justscale/fixtures/races/lint-pairs'),
      import('@justscale/fixtures/races/score'),
    ]);
    const results = await lintPairs();
    const { pairs, found, recall, falseAlarms } = scoreOf(results);
    const missed = results.filter(({ isFound }) => !isFound).map(({ pair }) => pair.name);
    return {
      count: found,
      unit: 'bugs',
      details: [`${found} of ${pairs} reported, ${falseAlarms} false alarms`],
      failures: [
        ...(recall < RECALL ? [`Not reported: ${missed.join(', ')}`] : []),
        ...results.flatMap(({ pair, fixed }) =>
          fixed.map(({ rule, line }) => `False alarm: ${pair.fixedFile}:${line} ${rule}`),
        ),
      ],
    };
  },
} satisfies Check;
