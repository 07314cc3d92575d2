import type { TSESTree } from '@typescript-eslint/utils';
import type { StateWrite } from './state-write.js';

/** State that one process keeps for itself. */
export type ModuleState = { readonly node: TSESTree.Node; readonly name: string } & (
  | {
      readonly where: 'binding' | 'static' | 'global';
      readonly write: StateWrite;
      /** Whether it is only a process's own client, logger or flag, made when it is first needed. */
      readonly lazy: boolean;
    }
  | { readonly where: 'cache' | 'memoized' | 'kept' | 'lock'; readonly constructedBy: string }
  | {
      readonly where: 'instance' | 'closure';
      readonly inner: string;
      readonly write: StateWrite;
      readonly constructedBy: string;
      /** The module that the write stands in, when it is another one. */
      readonly file: string | null;
    }
  | { readonly where: 'injected'; readonly write: StateWrite; readonly decorator: string }
  | { readonly where: 'memory store'; readonly option: string }
  | { readonly where: 'exported'; readonly constructedBy: string }
);

export interface ModuleStateOptions {
  /** Constructors and factories whose results the search takes for stateless. */
  isAllowedConstructor(name: string): boolean;
}
