import type { RuleTester } from '@typescript-eslint/rule-tester';
import ts from 'typescript';

/** What the testers run: a rule in the types of the package that brings them. */
export type TestedRule = Parameters<RuleTester['run']>[1];

/** In code that is wrong for the compiler on purpose; a reason follows. */
const DOES_NOT_COMPILE = '// does not compile: ';

/**
 * The same rule, which refuses code that a compiler would refuse: with a name that does not exist, a rule may be silent for
 * that reason alone.
 */
export function requireCompiling(rule: TestedRule): TestedRule {
  return {
    ...rule,
    create(context) {
      const { text, parserServices } = context.sourceCode;
      const program = parserServices?.program;
      if (program && !text.includes(DOES_NOT_COMPILE)) {
        const messages = diagnose(program, context.filename);
        if (messages.length > 0)
          throw new Error(`The code of this case does not compile:\n${messages.join('\n')}`);
      }
      return rule.create(context);
    },
  };
}

function diagnose(program: ts.Program, fileName: string): readonly string[] {
  const file = program.getSourceFile(fileName);
  return (
    [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      // The parser asks the compiler for what is unused as well.
      .filter(({ reportsUnnecessary }) => !reportsUnnecessary)
      .map(({ start = 0, messageText }) => {
        const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
        return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      })
  );
}
