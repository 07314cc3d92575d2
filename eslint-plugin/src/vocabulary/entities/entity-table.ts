import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { Table } from '../query/query.js';
import type { RelatedRows } from '../vocabulary.js';
import { idFieldOf } from '../../schema/primary-key.js';
import { hasBody, type FunctionWithBody } from '../../program/callee.js';
import { baseOf, getClassSchema } from './entity-class.js';

const classes = new WeakMap<ProgramContext, Map<string, ts.ClassLikeDeclaration>>();

/** The table of an entity's class, as the flow analysis knows it: `typeorm:Order`. */
export function tableOfClass(
  context: ProgramContext,
  library: string,
  node: ts.ClassLikeDeclaration,
): Table {
  const model = `${library}:${node.name?.text ?? ''}`;
  let known = classes.get(context);
  if (!known) classes.set(context, (known = new Map<string, ts.ClassLikeDeclaration>()));
  known.set(model, node);
  return { model, schema: getClassSchema(context, node) };
}

/** The rows that a relation of an entity stands for. */
export function getEntityRelation(
  context: ProgramContext,
  model: string,
  name: string,
): RelatedRows | null {
  const owner = classes.get(context)?.get(model);
  const field = owner && getClassSchema(context, owner).fields.get(name);
  if (!field?.relation) return null;
  const [library = ''] = model.split(':');
  const related = `${library}:${field.relation.model}`;
  const other = classes.get(context)?.get(related);
  return {
    model: related,
    isList: field.isList,
    idField: idFieldOf(other ? getClassSchema(context, other) : null),
    heldBy: owner && getClassSchema(context, owner).fields.has(`${name}Id`) ? `${name}Id` : null,
  };
}

/** The methods of the class of an entity, and of the classes that it extends. */
export function getEntityClassMethods(
  context: ProgramContext,
  model: string,
  name: string,
): readonly FunctionWithBody[] {
  const owner = classes.get(context)?.get(model);
  return owner ? methodsIn(context, owner, name) : [];
}

function methodsIn(
  context: ProgramContext,
  node: ts.ClassLikeDeclaration,
  name: string,
): readonly FunctionWithBody[] {
  const { ts } = context;
  for (const member of node.members) {
    if (member.name?.getText() !== name) continue;
    const method = ts.isPropertyDeclaration(member) ? member.initializer : member;
    if (method && ts.isFunctionLike(method) && hasBody(context, method)) return [method];
  }
  const base = baseOf(context, node);
  return base ? methodsIn(context, base, name) : [];
}
