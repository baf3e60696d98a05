import { expect, test } from 'vitest';
import { apiPage } from '../scripts/api-page.mjs';

const excerpt = (text: string) => ({ excerptTokens: [{ kind: 'Content', text }] });

test('a page shows overloads together, members with their comments, and the blocks of a comment', () => {
  const members = [
    {
      kind: 'Interface',
      name: 'Options',
      ...excerpt('export interface Options '),
      members: [
        { kind: 'PropertySignature', docComment: '/**\n * In ms.\n */\n', ...excerpt('wait?: number;') },
        {
          kind: 'MethodSignature',
          docComment: '/**\n * One.\n *\n * Two.\n */\n',
          ...excerpt('run(options: {\n        once: true;\n    }): void;'),
        },
      ],
    },
    {
      kind: 'Function',
      name: 'make',
      docComment:
        '/**\n * Makes \\{it\\} of {@link Options}.\n *\n * @param wait - In ms.\n *\n * @throws\n *\n * `INVALID_OPTIONS`\n *\n * @example\n *\n * for (;;) {\n * make(1);\n * }\n */\n',
      ...excerpt('export declare function make(wait: number): void;'),
    },
    { kind: 'Function', name: 'make', ...excerpt('export declare function make(): void;') },
  ];
  const report = "import { Storage as Storage_2 } from 'b';\nimport { read } from 'a';\n\nexport { read }\n";
  expect(apiPage('kit', [{ specifier: 'kit/x', members, report }])).toBe(`# What \`kit\` offers

Made of the declarations by \`npm run api\`.

## \`kit/x\`

From \`a\`: \`read\`.

### \`make\`

\`\`\`typescript
function make(wait: number): void;
function make(): void;
\`\`\`

Makes {it} of \`Options\`.

- \`wait\`: In ms.

Throws: \`INVALID_OPTIONS\`

\`\`\`ts
for (;;) {
  make(1);
}
\`\`\`

### \`Options\`

\`\`\`typescript
interface Options {
  /** In ms. */
  wait?: number;
  /**
   * One.
   *
   * Two.
   */
  run(options: {
    once: true;
  }): void;
}
\`\`\`
`);
});
