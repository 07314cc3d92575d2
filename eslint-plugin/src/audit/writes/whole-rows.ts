import type { WriteFact } from '../../analysis/flow/facts.js';
import type { ProgramContext } from '../../program/program-context.js';
import type { Effect, EffectNode } from '../../vocabulary/effect.js';
import { getEffect } from '../../vocabulary/effects.js';

/**
 * Whether a write stores a row that was read before with all that is in it: TypeORM's `save` compares the entity with what the
 * database has by then, and writes every column that differs.
 */
export function isWholeRow(
  context: ProgramContext,
  { target, operation, site }: WriteFact,
): boolean {
  if (operation !== 'update' || !target?.model?.startsWith('typeorm:')) return false;
  if (target.isMade === true || target.site.node === site.node) return false;
  const effect = getEffect(context, site.node as EffectNode);
  return effect !== null && isStore(effect);
}

function isStore(effect: Effect): boolean {
  return effect.kind === 'sequence' ? effect.effects.some(isStore) : effect.kind === 'store';
}
