import type { Log } from 'sarif';
import { afterEach, describe, expect, it } from 'vitest';
import { toSarif } from '#dist/audit/formats/sarif.js';
import { runAudit } from '#dist/audit/run-audit.js';
import { sarifProblems } from '../support/sarif-problems.js';
import { createProject, removeProjects, SHOP } from './project.js';

afterEach(removeProjects);

function auditAsSarif(files: Readonly<Record<string, string>>): Log {
  return JSON.parse(toSarif(runAudit([createProject(files)]))) as Log;
}

describe('SARIF', () => {
  it('is valid by the schema of SARIF 2.1.0, with findings and without', () => {
    const found = auditAsSarif(SHOP);
    expect(found.runs[0]?.results).toHaveLength(1);
    expect(sarifProblems(found)).toBeNull();
    expect(sarifProblems(auditAsSarif({ 'src/a b.ts': 'export let a = 1;\n' }))).toBeNull();
  });

  it('has the interleaving as two threads whose steps are in one order', () => {
    const [result] = auditAsSarif(SHOP).runs[0]?.results ?? [];
    const threads = result?.codeFlows?.[0]?.threadFlows ?? [];
    expect(threads).toHaveLength(2);
    const orders = threads.map(({ locations }) =>
      locations.map(({ executionOrder }) => executionOrder),
    );
    expect(orders).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(result?.relatedLocations?.[0]?.physicalLocation?.region?.startLine).toBe(6);
    expect(result?.locations?.[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'src/items.ts' }, region: { startLine: 7 } },
      logicalLocations: [{ fullyQualifiedName: 'sell' }],
    });
    expect(Object.values(result?.partialFingerprints ?? {})).toHaveLength(1);
  });

  it('names the rule with its page, and has the writes as a property of the run', () => {
    const [run] = auditAsSarif(SHOP).runs;
    expect(run?.tool.driver.rules).toMatchObject([
      { id: 'no-stale-patch', helpUri: expect.stringContaining('no-stale-patch.md') as string },
    ]);
    expect(run?.properties?.['writes']).toMatchObject([
      {
        uri: 'src/items.ts',
        startLine: 7,
        verdict: 'stale',
        operation: 'update',
        library: 'prisma',
        model: 'Item',
      },
      {},
      {},
      {},
    ]);
  });
});
