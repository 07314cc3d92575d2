import type { ParserServicesWithTypeInformation } from '@typescript-eslint/utils';
import type { RuleContext, RuleListener, RuleModule } from '@typescript-eslint/utils/ts-eslint';
import type { JSONSchema4 } from '@typescript-eslint/utils/json-schema';
import { extname } from 'node:path';
import { TypeScriptMissingError } from './typescript-missing-error.js';
import { isUntypedJavaScript } from './untyped-javascript.js';

/** Where a rule's page lives; ESLint and editors link to it. */
const ruleUrl = (name: string): string =>
  `https://github.com/justscale/guarantees/blob/main/eslint-plugin/docs/rules/${name}.md`;

/** What a rule of this plugin says of itself, beside ESLint's own `meta.docs`. */
export interface RuleDocs<Options extends readonly unknown[] = readonly unknown[]> {
  /** One line, in the imperative ("disallow …"). */
  readonly description: string;
  /** Whether the rule asks the type checker; the `syntactic` config holds those that do not. */
  readonly requiresTypeChecking: boolean;
  /** The options of the `strict` config, where they differ from the defaults. */
  readonly strictOptions?: Options;
}

interface RuleMeta<MessageId extends string, Options extends readonly unknown[]> {
  readonly type: 'problem' | 'suggestion';
  readonly description: string;
  readonly strictOptions?: Options;
  readonly messages: Record<MessageId, string>;
  readonly schema: readonly JSONSchema4[];
  readonly defaultOptions: Options;
  readonly hasSuggestions?: boolean;
}

interface SyntacticRule<MessageId extends string, Options extends readonly unknown[]> {
  readonly name: string;
  readonly meta: RuleMeta<MessageId, Options>;
  create(
    context: Readonly<RuleContext<MessageId, Options>>,
    options: Readonly<Options>,
  ): RuleListener;
}

interface TypedRule<MessageId extends string, Options extends readonly unknown[]> {
  readonly name: string;
  readonly meta: RuleMeta<MessageId, Options>;
  create(
    context: Readonly<RuleContext<MessageId, Options>>,
    options: Readonly<Options>,
    services: ParserServicesWithTypeInformation,
  ): RuleListener;
}

/** A rule of this plugin. */
export type JustscaleRule<
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- messages and options are invariant; a set of rules has no other type
  MessageId extends string = any,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  Options extends readonly unknown[] = any,
> = RuleModule<MessageId, Options, RuleDocs<Options>> & { readonly name: string };

function build<MessageId extends string, Options extends readonly unknown[]>(
  rule: SyntacticRule<MessageId, Options>,
  requiresTypeChecking: boolean,
): JustscaleRule<MessageId, Options> {
  const { description, strictOptions, ...meta } = rule.meta;
  return {
    name: rule.name,
    meta: {
      ...meta,
      docs: {
        description,
        requiresTypeChecking,
        url: ruleUrl(rule.name),
        ...(strictOptions && { strictOptions }),
      },
    },
    create(context) {
      const missing = TypeScriptMissingError.of(context.sourceCode.parserServices);
      if (missing) throw missing;
      return rule.create(context, getOptions(rule.meta.defaultOptions, context.options));
    },
  };
}

const merged = new WeakMap<object, object>();

/** The options of the configuration over the defaults: the same object for every file, so that rules can key on it. */
function getOptions<Options extends readonly unknown[]>(
  defaults: Options,
  [given]: readonly unknown[],
): Options {
  const [defaultOptions, ...rest] = defaults;
  if (typeof given !== 'object' || given === null) return defaults;
  let options = merged.get(given);
  if (!options) merged.set(given, (options = { ...(defaultOptions as object), ...given }));
  return [options, ...rest] as unknown as Options;
}

/** Makes a rule that looks at the syntax tree and scopes alone; it runs in ESLint and in oxlint. */
export function createRule<MessageId extends string, const Options extends readonly unknown[]>(
  rule: SyntacticRule<MessageId, Options>,
): JustscaleRule<MessageId, Options> {
  return build(rule, false);
}

/**
 * Makes a rule that asks the type checker. Where a file was parsed without types the rule stops the run
 * with {@link TypesMissingError}, rather than pass in silence; JavaScript that the parser of the configs read has none.
 */
export function createTypedRule<MessageId extends string, const Options extends readonly unknown[]>(
  rule: TypedRule<MessageId, Options>,
): JustscaleRule<MessageId, Options> {
  return build(
    {
      ...rule,
      create: (context, options) =>
        isUntypedJavaScript(context.sourceCode.parserServices)
          ? {}
          : rule.create(context, options, getTypedServices(context)),
    },
    true,
  );
}

/** Thrown by a rule that needs types in a file that was parsed without them. */
export class TypesMissingError extends Error {
  override readonly name = 'TypesMissingError';

  constructor(filename: string, isOxlint: boolean) {
    super(
      isOxlint
        ? `this rule needs type information, which oxlint does not give to JS plugins. Of this plugin, ` +
            `\`no-module-state\` and \`no-raw-client-import\` run in oxlint; run the others in ESLint.`
        : `this rule needs type information, and ${filename} was parsed without it. Add to eslint.config.mjs:\n\n` +
            `  files: ['**/*${extname(filename) || '.ts'}'],\n` +
            `  languageOptions: { parserOptions: { projectService: true } },\n\n` +
            `For files that no tsconfig.json includes use \`justscale.configs.syntactic\`, whose rules need no types.`,
    );
    // ESLint prints the stack of what stops it; here the mend is all that helps.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function getTypedServices(
  context: Readonly<RuleContext<string, readonly unknown[]>>,
): ParserServicesWithTypeInformation {
  const services = context.sourceCode.parserServices;
  if (!services?.program) throw new TypesMissingError(context.filename, isOxlint(context));
  return services as ParserServicesWithTypeInformation;
}

function isOxlint({ languageOptions }: Readonly<RuleContext<string, readonly unknown[]>>): boolean {
  const parser = languageOptions.parser as { readonly name?: unknown } | undefined;
  return parser?.name === 'oxlint';
}
