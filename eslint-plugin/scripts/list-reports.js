// Prints what the `syntactic` config reports in the TypeScript sources of folders, one report a line:
//   node eslint-plugin/scripts/list-reports.js FOLDER…
// Inline suppressions and the folders' own ESLint configurations do not count.
import { resolve } from 'node:path';
import justscale from '@justscale/eslint-plugin';
import { ESLint } from 'eslint';

let files = 0;
let reports = 0;
for (const folder of process.argv.slice(2)) {
  const eslint = new ESLint({
    cwd: resolve(folder),
    overrideConfigFile: true,
    allowInlineConfig: false,
    errorOnUnmatchedPattern: false,
    overrideConfig: justscale.configs.syntactic,
  });
  for (const { filePath, messages } of await eslint.lintFiles(['**/*.ts'])) {
    files += 1;
    for (const { ruleId, line, message } of messages) {
      reports += 1;
      console.log([filePath, line, ruleId ?? 'parse error', message.split('. ', 1)[0]].join('\t'));
    }
  }
}
console.error(`${String(reports)} reports in ${String(files)} files`);
