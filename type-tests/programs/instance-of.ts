// instanceof tells the model and keeps the state.
import type { Entity, Locked, Persistent } from '@justscale/runtime';
import { Account, Post } from './domain.js';

export function title(entity: Persistent<Account> | Persistent<Post>): string {
  if (entity instanceof Account) return entity.owner;
  return entity instanceof Post ? entity.title : '';
}
export function kindOf(value: unknown): string {
  if (value instanceof Account) return `account of ${value.owner}`;
  return value instanceof Post ? value.title : 'nothing';
}
export const held = (entity: Locked<Account> | Locked<Post>): number =>
  entity instanceof Account ? entity.balance : entity instanceof Post ? entity.version : 0;
export const shown = (entity: Entity<Account>): string => entity.label;
