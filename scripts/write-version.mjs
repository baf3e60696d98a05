// Tells the code which version it is, after `changeset version` has told package.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { root } from './setup.mjs';

const folder = `${root}packages/manifest-store/`;
const { version } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
const file = `${folder}src/package-version.ts`;
writeFileSync(file, readFileSync(file, 'utf8').replace(/'.*'/, `'${version}'`));
