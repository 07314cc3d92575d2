import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { WriteSite } from '../model/write-site.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { getEnclosingFunction } from '../program/enclosing-function.js';

/** A statement that writes, with `?` for what the program puts in. */
const STATEMENT =
  /^\s*(?:with\s[\s\S]*?\)\s*)?(update\s+\S+[\s\S]*?\sset\s|insert\s+into\s|delete\s+from\s)/i;

/** Text without which a file has no such statement. */
const MAY_WRITE = /\b(?:update|insert\s+into|delete\s+from)\s/i;

/** What changes tables once, before any process runs: it is in a folder of its own, or its name begins with a version or a time. */
const MIGRATION = /(?:^|\/)(?:migrations?\/|v?\d[\d.]*[-_][^/]*$)/i;

/**
 * Statements in SQL that no vocabulary recognises, as their table is put together at run time or their client is not known:
 * they are writes of which nothing else is known.
 *
 * @param recognised - the writes that are known already
 */
export function findUnreadSql(
  program: AuditedProgram,
  recognised: ReadonlySet<ts.Node>,
): readonly WriteSite[] {
  const { context, files, uriOf } = program;
  const { ts } = context;
  const found: WriteSite[] = [];
  const visit = (node: ts.Node): void => {
    if (recognised.has(node)) return;
    const operation = isSent(context, node) ? operationOf(context, node) : null;
    if (operation) found.push(toSite(program, node, operation));
    else ts.forEachChild(node, visit);
  };
  for (const file of files) {
    if (MAY_WRITE.test(file.text) && !MIGRATION.test(uriOf(file.fileName))) visit(file);
  }
  return found;
}

/** Whether text is handed to something that may run it: it is an argument, or a template with a tag. */
function isSent({ ts }: ProgramContext, node: ts.Node): boolean {
  if (ts.isTaggedTemplateExpression(node)) return true;
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  return isText && ts.isCallExpression(node.parent) && node.parent.expression !== node;
}

function operationOf({ ts }: ProgramContext, node: ts.Node): WriteSite['operation'] | null {
  const template = ts.isTaggedTemplateExpression(node) ? node.template : node;
  const text = ts.isTemplateExpression(template)
    ? [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)].join('?')
    : ts.isStringLiteralLike(template)
      ? template.text
      : '';
  const [, statement = ''] = STATEMENT.exec(text) ?? [];
  const [word = ''] = statement.toLowerCase().split(/\s/);
  return word === 'update' || word === 'insert' || word === 'delete' ? word : null;
}

function toSite(
  { context, uriOf }: AuditedProgram,
  node: ts.Node,
  operation: WriteSite['operation'],
): WriteSite {
  const file = node.getSourceFile();
  return {
    uri: uriOf(file.fileName),
    startLine: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1,
    model: null,
    library: 'sql',
    operation,
    verdict: operation === 'insert' ? 'insert' : 'unknown',
    because: 'it is a statement in SQL whose table or client is not known',
    functionName: getEnclosingFunction(context, node),
  };
}
