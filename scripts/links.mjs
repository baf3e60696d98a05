// Holds the links of README files and pages to what there is, in the repository and where packages are installed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './setup.mjs';

const SCOPE = '@gati-framework';

/** Throws an error that names each link in the repository which leads nowhere. */
export function assertLinks() {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  throwAny([root, ...folders].flatMap(pagesIn).flatMap((page) => faultsOf(page, root)));
}

/**
 * The same of the packages installed in `modules`, a node_modules folder. A page may lead to pages of
 * its own package and of those that its package depends on: whoever has the one has the others, beside it.
 */
export function assertInstalledLinks(modules) {
  const scope = join(modules, SCOPE);
  const packages = readdirSync(scope).map((name) => join(scope, name));
  throwAny(
    packages.flatMap((folder) =>
      pagesIn(folder).flatMap((page) => faultsOf(page, modules, reachableFrom(folder))),
    ),
  );
}

function throwAny(faults) {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/** Of a package, or of the project: what lies in its folder and in docs/. */
function pagesIn(folder) {
  return [folder, join(folder, 'docs')]
    .filter(existsSync)
    .flatMap((place) => readdirSync(place).map((name) => join(place, name)))
    .filter((file) => file.endsWith('.md'));
}

function reachableFrom(folder) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const siblings = Object.keys(dependencies).filter((name) => name.startsWith(`${SCOPE}/`));
  return [folder, ...siblings.map((name) => resolve(folder, '../..', name))];
}

function faultsOf(page, base, reachable = [base]) {
  return linksOf(readFileSync(page, 'utf8')).flatMap((link) => {
    const fault = faultOf(link, page, reachable);
    return fault === undefined ? [] : [`${relative(base, page)}: the link to ${link} ${fault}`];
  });
}

/** Those that are not addresses of something elsewhere. */
function linksOf(text) {
  const prose = text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '').replaceAll(/`[^`\n]*`/g, 'code');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function faultOf(link, page, reachable) {
  const [path, anchor] = link.split('#');
  const target = path === '' ? page : resolve(dirname(page), path);
  if (!reachable.some((folder) => !relative(folder, target).startsWith('..')))
    return 'leads out of the package and what it depends on';
  if (!existsSync(target)) return 'leads to nothing';
  if (anchor !== undefined && !anchorsOf(target).includes(anchor)) return 'names no heading there';
  return undefined;
}

/** As GitHub and npm make them of headings. */
function anchorsOf(page) {
  const headings = readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) assertLinks();
