import { mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertInstalledLinks, assertLinks } from '../scripts/links.mjs';
import { installPackages } from './support/project.js';
import { temporaryFolder } from './support/temporary-folder.js';

test('every link of a page in the repository leads to something', () => {
  expect(assertLinks).not.toThrow();
});

test('every link of a page in an installed package leads to what is installed with it', () => {
  const project = temporaryFolder();
  installPackages(project);
  const modules = join(project, 'node_modules');
  unlinkSync(join(modules, '@gati-framework/runtime')); // is not of this project
  expect(() => assertInstalledLinks(modules)).not.toThrow();
});

/** Yields the node_modules folder of a project with a package, one that it depends on, and one that it does not. */
function install(readme: string): string {
  const modules = temporaryFolder();
  const packages = { kit: readme, store: '# Store\n\n## Its docs, all', other: '# Other' };
  const dependencies = { '@gati-framework/store': '1.0.0' };
  for (const [name, text] of Object.entries(packages)) {
    const folder = join(modules, '@gati-framework', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'README.md'), text);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(name === 'kit' ? { dependencies } : {}));
  }
  return modules;
}

test('links to headings, dependencies and addresses are left alone, and so is code', () => {
  const readme = '# Kit\n\n[a](#kit) [b](../store/README.md#its-docs-all) [c](https://a.b/c) `[d](no)`';
  expect(() => assertInstalledLinks(install(readme))).not.toThrow();
});

test.each([
  ['no.md', 'leads to nothing'],
  ['#no-heading', 'names no heading there'],
  ['../store/README.md#no-heading', 'names no heading there'],
  ['../other/README.md', 'leads out of the package and what it depends on'],
  ['../../package.json', 'leads out of the package and what it depends on'],
])('a link to %s is told: it %s', (link, fault) => {
  expect(() => assertInstalledLinks(install(`# Kit\n\n[a](${link})`))).toThrow(
    `@gati-framework/kit/README.md: the link to ${link} ${fault}`,
  );
});
