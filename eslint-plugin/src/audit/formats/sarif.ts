import { createRequire } from 'node:module';
import type {
  CodeFlow,
  Location,
  Log,
  ReportingDescriptor,
  Result,
  Run,
  ThreadFlowLocation,
} from 'sarif';
import type { JustscaleRule } from '../../create-rule.js';
import { rules } from '../../rules/index.js';
import { FINGERPRINT } from '../fingerprints/fingerprint.js';
import type { Audit } from '../model/audit.js';
import type { Finding, Step } from '../model/finding.js';
import type { Place } from '../model/place.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

/** The findings of an audit as SARIF 2.1.0; the writes, the state and the order of locks are properties of the run. */
export function toSarif(audit: Audit): string {
  const names = [...new Set(audit.findings.map(({ ruleId }) => ruleId))].sort();
  const { writes, state, lockOrder, summary } = audit;
  const run: Run = {
    tool: {
      driver: {
        name: 'justscale',
        version,
        semanticVersion: version,
        informationUri: 'https://github.com/justscale/guarantees',
        rules: names.map(toDescriptor),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: {
      ROOT: { description: { text: 'The audited folder.' } },
    },
    results: audit.findings.map((finding) => toResult(finding, names)),
    properties: { writes, state, lockOrder, summary },
  };
  const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function toDescriptor(name: string): ReportingDescriptor {
  const docs = (rules as Readonly<Record<string, JustscaleRule>>)[name]?.meta.docs;
  const description = docs?.description ?? name;
  const url = docs?.url ?? '';
  return {
    id: name,
    name,
    shortDescription: { text: description },
    fullDescription: { text: `${description}.` },
    helpUri: url,
    help: { text: `${description}. See ${url}`, markdown: `${description}. [Read more](${url}).` },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['concurrency'], 'problem.severity': 'error', precision: 'high' },
  };
}

function toResult(finding: Finding, names: readonly string[]): Result {
  const { ruleId, level, message, location, functionName, related, fingerprint } = finding;
  return {
    ruleId,
    ruleIndex: names.indexOf(ruleId),
    level,
    message: { text: message },
    locations: [
      {
        ...toLocation(location),
        ...(functionName !== null && {
          logicalLocations: [{ fullyQualifiedName: functionName, kind: 'function' }],
        }),
      },
    ],
    relatedLocations: related.map(({ place, message: text, role }, index) => ({
      id: index + 1,
      ...toLocation(place, text),
      properties: { role },
    })),
    ...(finding.interleaving.length > 0 && { codeFlows: [toCodeFlow(finding)] }),
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    properties: { kind: finding.kind },
  };
}

/** One thread of the flow for each process; `executionOrder` puts the steps of both in one order. */
function toCodeFlow({ interleaving }: Finding): CodeFlow {
  return {
    message: { text: 'One order of steps of two processes in which it goes wrong.' },
    threadFlows: ([1, 2] as const).map((process) => ({
      id: `process ${process}`,
      message: { text: `Process ${process}` },
      locations: interleaving.filter((step) => step.process === process).map(toFlowLocation),
    })),
  };
}

function toFlowLocation({ order, place, message }: Step): ThreadFlowLocation {
  return { executionOrder: order, location: toLocation(place, message), importance: 'essential' };
}

function toLocation(place: Place, message?: string): Location {
  const { uri, startLine, startColumn, endLine, endColumn, snippet } = place;
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(uri), uriBaseId: 'ROOT' },
      region: { startLine, startColumn, endLine, endColumn, snippet: { text: snippet } },
    },
    ...(message !== undefined && { message: { text: message } }),
  };
}
