import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertInstalledLinks, assertLinks } from '../scripts/links.mjs';
import { installPackages } from './support/project.js';
import { temporaryFolder } from './support/temporary-folder.js';

/** Yields the node_modules folder, without the runtime of others. */
function installOurs(): string {
  const project = temporaryFolder();
  installPackages(project);
  unlinkSync(join(project, 'node_modules/@gati-framework/runtime'));
  return join(project, 'node_modules');
}

test('every link of a page in the repository leads to something', () => {
  expect(assertLinks).not.toThrow();
});

test('every link of a page in an installed package leads to what is installed with it', () => {
  const modules = installOurs();
  expect(() => assertInstalledLinks(modules)).not.toThrow();
});

test.each([
  ['no.md', 'leads to nothing'],
  ['#no-heading', 'names no heading there'],
  ['../manifest-store/docs/semantics.md#no-heading', 'names no heading there'],
  ['../storage-cli/README.md', 'leads out of the package and what it depends on'],
  ['../../../package.json', 'leads out of the package and what it depends on'],
])('a link to %s is told: it %s', (link, fault) => {
  const modules = installOurs();
  const page = '@gati-framework/storage-kit/README.md';
  writeFileSync(join(modules, page), `# Kit\n\n[A](#kit), and [b](${link}).\n`);
  expect(() => assertInstalledLinks(modules)).toThrow(`${page}: the link to ${link} ${fault}`);
});
