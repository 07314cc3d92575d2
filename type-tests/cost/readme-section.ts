import { readFile } from 'node:fs/promises';
import {
  inRepository,
  markdownTable,
  page,
  renderMachine,
  type Machine,
  type WrittenFile,
} from '@justscale/fixtures/commands';
import { wideSize } from './domains/wide.js';
import type { AddedCost } from './measure-added.js';

const FILE = 'type-tests/README.md';
const HEADING = '### What they add to `tsc`';

/** The README of the type tests with the section on the added time written anew; it is the last one. */
export async function readmeFile(
  costs: readonly AddedCost[],
  rounds: number,
  machine: Machine,
): Promise<WrittenFile> {
  const text = await readFile(inRepository(FILE), 'utf8');
  const [before = ''] = text.split(HEADING);
  return page(FILE, `${before.trimEnd()}\n\n${renderSection(costs, rounds, machine)}`);
}

function renderSection(costs: readonly AddedCost[], rounds: number, machine: Machine): string {
  const { models, fields, callSites } = wideSize;
  const table = markdownTable(
    ['seconds of processor time', '>plain classes', '>with the runtime', '>added'],
    costs.map(({ version, plain, own, added }) => [
      `TypeScript ${version}`,
      seconds(plain),
      seconds(own),
      seconds(added),
    ]),
  );
  return `${HEADING}

${models} models of ${fields} fields, with ${models * callSites} functions that lock a row, read it and write it, against the same files with
plain classes of the same Zod schemas: \`npm run type-cost -- --added --runs ${rounds} --write\`. Medians over the rounds, the six by turns in
each; TypeScript 7 shares its time among the cores. ${renderMachine(machine)}, load ${machine.load}, ${machine.date}.

${table}

${renderVerdict(costs)}
`;
}

const TARGET_MS = 3000;

function renderVerdict(costs: readonly AddedCost[]): string {
  const over = costs.filter(({ added }) => added > TARGET_MS).map(({ compiler }) => compiler);
  const target = `At most ${TARGET_MS / 1000} s are to be added`;
  return over.length === 0
    ? `${target}: held.`
    : `${target}: **missed** on TypeScript ${over.join(', ')}.`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
