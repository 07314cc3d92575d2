// Begins a rule that asks the type checker: its file, its test and its page, and a line in the index and in the README.
//   npm run new-rule NAME
// What it writes compiles and fails: the page and the test say what is still to be said.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [name = ''] = process.argv.slice(2);
if (name === '--help') {
  console.log('npm run new-rule NAME, such as no-outer-client');
  process.exit(0);
}
const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const files = {
  rule: path(`src/rules/${name}.ts`),
  test: path(`tests/rules/${name}.test.ts`),
  page: path(`docs/rules/${name}.md`),
};
const refuse = (reason) => {
  console.error(reason);
  process.exit(2);
};
if (!/^[a-z]+(?:-[a-z]+)+$/.test(name))
  refuse(`A rule's name is in kebab-case; this is '${name}'.`);
const taken = Object.values(files).find((file) => existsSync(file));
if (taken !== undefined) refuse(`${taken} is there already.`);

const variable = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

writeFileSync(
  files.rule,
  `import { getFlowFacts } from '../analysis/flow/file-facts.js';
import { getLocation } from '../report/source-places.js';
import { createTypedRule } from '../create-rule.js';

export default createTypedRule({
  name: '${name}',
  meta: {
    type: 'problem',
    description: 'disallow TODO',
    messages: { todo: 'TODO: what is read, what is written, what is lost, and the mend.' },
    schema: [],
    defaultOptions: [],
  },
  create(context, _options, { program, esTreeNodeToTSNodeMap }) {
    return {
      'Program:exit'(node) {
        const facts = getFlowFacts(program, esTreeNodeToTSNodeMap.get(node));
        for (const { site } of facts.writes) {
          context.report({ loc: getLocation(site.node), messageId: 'todo' });
        }
      },
    };
  },
});
`,
);
writeFileSync(
  files.test,
  `import { domainCode } from '../support/domain-code.js';
import { getRule, typedTester } from '../support/rule-tester.js';

typedTester.run('${name}', getRule('${name}'), {
  valid: [{ name: 'the repair', code: domainCode('TODO') }],
  invalid: [{ name: 'the bug', code: domainCode('TODO'), errors: [{ messageId: 'todo' }] }],
});
`,
);
writeFileSync(
  files.page,
  `# ${name}

Disallow TODO.

## ❌ Reported

## ✅ Accepted
`,
);

/** Puts a line among its like, in their order. */
function insertLine(file, line, isLike) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const first = lines.findIndex(isLike);
  let at = first;
  while (at < lines.length && isLike(lines[at]) && lines[at] < line) at += 1;
  lines.splice(at, 0, line);
  writeFileSync(file, lines.join('\n'));
}

const index = path('src/rules/index.ts');
insertLine(index, `import ${variable} from './${name}.js';`, (line) => line.includes("from './"));
insertLine(index, `  '${name}': ${variable},`, (line) => /^ {2}'[a-z-]+': \w+,$/.test(line));
insertLine(path('README.md'), `| [\`${name}\`](docs/rules/${name}.md) | TODO | yes |`, (line) =>
  line.startsWith('| [`'),
);
console.log(
  `Now ${Object.values(files).join(', ')}; then npx prettier --write eslint-plugin/README.md.`,
);
