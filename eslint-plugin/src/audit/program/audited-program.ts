import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type ts from 'typescript';
import { loadCheckout } from '../../checkout/load-checkout.js';
import { getProgramContext, type ProgramContext } from '../../program/program-context.js';
import { getVocabularies } from '../../vocabulary/effects.js';
import { AuditError } from '../model/audit-error.js';

/** A folder as one program, with what every part of an audit asks of it. */
export interface AuditedProgram {
  readonly folder: string;
  readonly context: ProgramContext;
  readonly files: readonly ts.SourceFile[];
  /** Those that have to do with any database library. */
  readonly databaseFiles: readonly ts.SourceFile[];
  /** The path of a file as the audit names it. */
  uriOf(fileName: string): string;
}

/**
 * @param folder - a path
 * @param root - what the names of files are relative to, a path
 * @throws {AuditError} when the folder is missing or has no sources
 */
export function loadAuditedProgram(
  folder: string,
  root: string,
  { allowEmpty = false }: { readonly allowEmpty?: boolean } = {},
): AuditedProgram {
  const path = resolve(folder);
  if (!existsSync(path)) throw new AuditError('FOLDER_MISSING', `There is no folder ${folder}.`);
  if (!statSync(path).isDirectory()) {
    throw new AuditError('FOLDER_MISSING', `${folder} is a file; name the folder to audit.`);
  }
  const checkout = loadCheckout(path);
  if (checkout.files.length === 0 && !allowEmpty) {
    throw new AuditError('NO_SOURCES', `There is no TypeScript or JavaScript file in ${folder}.`);
  }
  const context = getProgramContext(checkout.program);
  const files = checkout.files.flatMap((file) => checkout.program.getSourceFile(file) ?? []);
  return {
    folder: path,
    context,
    files,
    databaseFiles: files.filter((file) => getVocabularies(context, file).length > 0),
    uriOf: (fileName) => relative(resolve(root), fileName).split(sep).join('/'),
  };
}
