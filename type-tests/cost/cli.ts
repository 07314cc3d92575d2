import {
  command,
  describeMachine,
  Option,
  wholeNumber,
  write,
  writing,
} from '@justscale/fixtures/commands';
import type { Cost } from './measure.js';

const [writeOption, checkOption] = writing('the budget of type-tests/cost/budget.json');
const program = command({
  name: 'type-cost',
  does: 'Measures what checking a large generated domain costs on every compiler: instantiations, and time.',
  takes: 'half a minute; two with --compare, which installs other libraries, and with --added',
  failsWhen: 'the instantiations are not within 5 % of the budget, with --check',
})
  .addOption(writeOption)
  .option('--reason <text>', 'why the budget is another, with --write')
  .addOption(checkOption)
  .option('--compare', 'measure the same domain in the words of Drizzle, Kysely and Prisma as well')
  .addOption(
    new Option(
      '--added',
      'measure instead what 150 models of 30 fields add to tsc, in processor time, on all compilers by turns; --write writes type-tests/README.md',
    ).conflicts(['check', 'compare']),
  )
  .option(
    '--runs <n>',
    'how often each is measured; the fastest counts, and with --added the median',
    wholeNumber,
    3,
  )
  .parse();
const options = program.opts();
if (options.write && !options.added && options.reason === undefined)
  program.error('A new budget wants a reason: --reason <text>.');
if (options.added) {
  await reportAdded(options.runs);
  process.exit();
}

const { budgetFile, budgetProblems, readBudget } = await import('./budget.js');
const { measureOthers, measureOwn } = await import('./measure-domains.js');

const own = await measureOwn(options.runs);
const costs = options.compare ? { ...own, ...(await measureOthers(options.runs)) } : own;
if (options.json) {
  console.log(JSON.stringify(costs, undefined, 2));
} else {
  for (const [name, each] of Object.entries(costs))
    console.log(`${name.padEnd(34)} ${each.map(render).join('   ')}`);
}

const budgeted = own['@justscale/runtime'];
if (options.write) await write([await budgetFile(options.reason ?? '', budgeted)]);
if (options.check) {
  const problems = budgetProblems(await readBudget(), budgeted);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

async function reportAdded(rounds: number): Promise<void> {
  const { measureAdded } = await import('./measure-added.js');
  const { readmeFile } = await import('./readme-section.js');
  const machine = describeMachine();
  const costs = await measureAdded(rounds);
  if (options.json) console.log(JSON.stringify(costs, undefined, 2));
  else
    for (const { version, plain, own, added } of costs)
      console.log(
        `TypeScript ${version}: ${plain} ms plain, ${own} ms with ours, ${added} ms added`,
      );
  if (options.write) await write([await readmeFile(costs, rounds, machine)]);
}

function render({ compiler, instantiations, checkMs }: Cost): string {
  const count = instantiations.toLocaleString('en').padStart(9);
  return `${compiler}: ${count} instantiations ${String(Math.round(checkMs)).padStart(6)} ms`;
}
