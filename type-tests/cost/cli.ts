import { command, wholeNumber, write, writing } from '@justscale/fixtures/commands';
import type { Cost } from './measure.js';

const [writeOption, checkOption] = writing('the budget of type-tests/cost/budget.json');
const program = command({
  name: 'type-cost',
  does: 'Measures what checking a large generated domain costs on every compiler: instantiations, and time.',
  takes: 'half a minute; two with --compare, which installs other libraries',
  failsWhen: 'the instantiations are not within 5 % of the budget, with --check',
})
  .addOption(writeOption)
  .option('--reason <text>', 'why the budget is another, with --write')
  .addOption(checkOption)
  .option('--compare', 'measure the same domain in the words of Drizzle, Kysely and Prisma as well')
  .option('--runs <n>', 'how often each is measured; the fastest counts', wholeNumber, 3)
  .parse();
const options = program.opts();
if (options.write && options.reason === undefined)
  program.error('A new budget wants a reason: --reason <text>.');

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

function render({ compiler, instantiations, checkMs }: Cost): string {
  const count = instantiations.toLocaleString('en').padStart(9);
  return `${compiler}: ${count} instantiations ${String(Math.round(checkMs)).padStart(6)} ms`;
}
