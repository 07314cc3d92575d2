import type { TSESTree } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { containsStored } from '../vocabulary/contained-state.js';
import { getEntityType } from '../vocabulary/entity-type.js';
import { getEntityStores } from '../analysis/locks/entity-stores.js';
import { getProgramContext } from '../program/program-context.js';
import { isRuntimeSource, usesRuntime } from '../program/runtime-package.js';
import { describeCode, describeModel } from '../report/source-places.js';
import { createTypedRule } from '../create-rule.js';

export interface Options {
  readonly allow: readonly string[];
}

const STALE = 'after the next write, of any process, it answers with old data';

export default createTypedRule({
  name: 'no-entity-cache',
  meta: {
    type: 'problem',
    description: 'disallow entities that are kept beyond one call, in fields, closures and memos',
    messages: {
      field: `\`{{place}}\` keeps {{what}} beyond this call: ${STALE}. Keep the \`Ref\`, and read when it is asked for.`,
      closure: `\`{{place}}\` keeps {{what}} for later calls: ${STALE}. Keep the \`Ref\`, and read when it is asked for.`,
      module: `\`{{place}}\` keeps {{what}} for the whole process: ${STALE}. Keep the \`Ref\`, and read when it is asked for.`,
      memoised: `\`{{place}}\` remembers {{what}} that this function returns: ${STALE}. Call the function each time.`,
      loader: `\`{{place}}\` remembers {{what}} that it loads: ${STALE}. Make one for each request.`,
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
              'Names of fields, variables and functions that may keep entities, as something else keeps them up to date.',
          },
        },
      },
    ],
    defaultOptions: [{ allow: [] as string[] }],
  },
  create(context, [options], { program, esTreeNodeToTSNodeMap }) {
    if (!usesRuntime(program)) return {};
    const cx = getProgramContext(program);
    const file = esTreeNodeToTSNodeMap.get(context.sourceCode.ast);
    if (isRuntimeSource(program, file)) return {};
    const allowed = new Set(options.allow);

    function check(node: TSESTree.Node): void {
      for (const { kind, entity, place } of getEntityStores(cx, esTreeNodeToTSNodeMap.get(node))) {
        if (isAllowed(place)) continue;
        const data = { place: describeCode(place), what: describeEntity(entity) };
        context.report({ node, messageId: kind, data });
      }
    }

    /** By the last name of a place: `rooms` of `this.#rooms`. */
    function isAllowed(place: ts.Node): boolean {
      if (allowed.size === 0) return false;
      return place
        .getText()
        .split(/[^\w$]+/)
        .some((name) => allowed.has(name));
    }

    function describeEntity(entity: ts.Expression): string {
      const type = getEntityType(cx, cx.checker.getTypeAtLocation(entity));
      if (!type && !containsStored(cx, cx.checker.getTypeAtLocation(entity), 'results')) {
        return `what a row says (\`${describeCode(entity)}\`)`;
      }
      if (!type?.model) return 'entities';
      const { name } = type.model;
      return type.isCollection
        ? `${describeModel(type.model)} entities`
        : `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
    }

    return {
      AssignmentExpression: check,
      CallExpression: check,
      PropertyDefinition: check,
      AccessorProperty: check,
      VariableDeclarator: check,
    };
  },
});
