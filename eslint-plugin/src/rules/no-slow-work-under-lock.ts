import { getFlowFacts } from '../analysis/flow/file-facts.js';
import { getProgramContext } from '../program/program-context.js';
import { findSlowWaits, isAllowedWork } from '../analysis/flow-findings/slow-waits.js';
import {
  describeCode,
  describeModel,
  describePlace,
  getLocation,
} from '../report/source-places.js';
import { createTypedRule } from '../create-rule.js';

export interface Options {
  readonly allow: readonly string[];
  readonly allowSynchronous: boolean;
}

export default createTypedRule({
  name: 'no-slow-work-under-lock',
  meta: {
    type: 'problem',
    description: 'disallow waiting for anything but the database while a lock is held',
    messages: {
      awaited:
        '{{work}}{{place}} is awaited while the lock of {{lock}} is held: everybody who needs that {{resource}} waits as well. Do it before the lock or after the transaction.',
      synchronous:
        '{{work}}{{place}} blocks the process while the lock of {{lock}} is held. Do it before the lock or after the transaction.',
      signals:
        'This waits for signals while the lock of {{lock}} is held; they may never come. Listen outside of the transaction.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          allow: {
            type: 'array',
            items: { type: 'string' },
            uniqueItems: true,
            description:
              'What may be awaited under a lock: names of functions or methods (`hash`), or packages (`@node-rs/argon2`).',
          },
          allowSynchronous: {
            type: 'boolean',
            description: 'Whether calls such as `readFileSync` may block under a lock.',
          },
        },
      },
    ],
    defaultOptions: [{ allow: [], allowSynchronous: false }],
  },
  create(context, [options], { program, esTreeNodeToTSNodeMap }) {
    return {
      'Program:exit'(node) {
        const file = esTreeNodeToTSNodeMap.get(node);
        for (const wait of findSlowWaits(getFlowFacts(program, file))) {
          if (wait.kind === 'synchronous' && options.allowSynchronous) continue;
          if (isAllowedWork(getProgramContext(program), wait.work, options.allow)) continue;
          const isHere = wait.work.getSourceFile() === file && wait.node === wait.work;
          context.report({
            loc: getLocation(wait.node),
            messageId: wait.kind,
            data: {
              work: `\`${describeCode(wait.work)}\``,
              place: isHere ? '' : ` (${describePlace(program, file, wait.work)})`,
              lock: describePlace(program, file, wait.lock.site.node),
              resource:
                wait.lock.operation === 'lockName' ? 'name' : describeModel(wait.lock.model),
            },
          });
        }
      },
    };
  },
});
