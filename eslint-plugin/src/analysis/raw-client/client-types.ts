import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import { getDeclaringPackage, getFilePackage } from '../../program/declaring-package.js';
import { isClientType, type RawClient, type RawClientSet } from './raw-clients.js';

/** A client's type, by the name and the package that it goes by. */
export interface ClientType {
  readonly name: string;
  readonly package: string;
}

const packagesOfPrograms = new WeakMap<ts.Program, ReadonlySet<string>>();

/** Answers whether values of a type are database clients, by the package that declares the type. */
export class ClientTypes {
  readonly #context: ProgramContext;
  readonly #clients: RawClientSet;
  readonly #known = new Map<ts.Type, ClientType | null>();

  constructor(context: ProgramContext, clients: RawClientSet) {
    this.#context = context;
    this.#clients = clients;
  }

  /** Whether any file of the program could declare a client: without one there is nothing to ask. */
  hasAny(): boolean {
    return this.#clients.hasAny(getPackages(this.#context));
  }

  get(type: ts.Type): ClientType | null {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    // A type that refers to itself is judged by its other parts.
    this.#known.set(type, null);
    const answer = this.#find(type);
    this.#known.set(type, answer);
    return answer;
  }

  #find(type: ts.Type): ClientType | null {
    const { ts, checker } = this.#context;
    const alias = this.#ofSymbol(type.aliasSymbol);
    if (alias) return alias;
    if (type.isUnionOrIntersection()) return this.#findFirst(type.types);
    if (type.flags & ts.TypeFlags.TypeParameter) {
      const constraint = checker.getBaseConstraintOfType(type);
      return constraint && constraint !== type ? this.get(constraint) : null;
    }
    if (!(type.flags & ts.TypeFlags.Object)) return null;
    const declared = getTarget(type as ts.ObjectType);
    if (!declared.isClassOrInterface()) return this.#ofPrisma(type);
    return (
      this.#ofSymbol(declared.symbol) ??
      this.#ofPrisma(type) ??
      this.#findFirst(checker.getBaseTypes(declared))
    );
  }

  #findFirst(types: readonly ts.Type[]): ClientType | null {
    for (const type of types) {
      const found = this.get(type);
      if (found) return found;
    }
    return null;
  }

  #ofSymbol(symbol: ts.Symbol | undefined): ClientType | null {
    for (const declaration of symbol?.declarations ?? []) {
      const name = getDeclaringPackage(this.#context, declaration);
      const client = name === null ? undefined : this.#clients.ofPackage(name);
      if (symbol && client && isClientType(client, getTypeName(symbol, client)))
        return { name: getTypeName(symbol, client), package: client.package };
    }
    return null;
  }

  /** Prisma generates its client into any folder; its raw methods tell it. */
  #ofPrisma(type: ts.Type): ClientType | null {
    if (!this.#clients.ofPackage('@prisma/client')) return null;
    const name = type.aliasSymbol?.name ?? type.symbol?.name ?? '';
    if (!/Prisma|Client|Omit/.test(name)) return null;
    return type.getProperty('$queryRawUnsafe') && type.getProperty('$executeRawUnsafe')
      ? { name: 'PrismaClient', package: '@prisma/client' }
      : null;
  }
}

/** `export default class` and `export =` give a type the name `default` or `export=`. */
function getTypeName(symbol: ts.Symbol, client: RawClient): string {
  if (symbol.name !== 'default' && symbol.name !== 'export=') return symbol.name;
  return client.types?.[0] ?? symbol.name;
}

function getTarget(type: ts.ObjectType): ts.Type {
  return 'target' in type && type.target ? (type.target as ts.Type) : type;
}

/** The packages whose files or `declare module`s a program has. */
function getPackages({ program, checker }: ProgramContext): ReadonlySet<string> {
  const known = packagesOfPrograms.get(program);
  if (known) return known;
  const packages = new Set<string>();
  for (const { fileName } of program.getSourceFiles()) {
    const name = getFilePackage(fileName);
    if (name !== null) packages.add(name);
    else if (/prisma/i.test(fileName)) packages.add('@prisma/client');
  }
  for (const { name } of checker.getAmbientModules()) packages.add(name.replaceAll('"', ''));
  packagesOfPrograms.set(program, packages);
  return packages;
}
