const KEEPER = 'storage-sqljs/dist/sqljs-keeper.js';
const LOG = 'storage-sqljs/dist/files/log-file.js';
const FILE = 'storage-sqljs/dist/files/snapshot-file.js';

/** @type {readonly import('./index.mjs').Failpoint[]} */
export const sqljsFailpoints = [
  {
    name: 'before the log is appended to',
    file: KEEPER,
    before: 'const appended = this.#kept.append(entries, this.#head);',
    fails: true,
  },
  {
    name: 'after the log was appended to',
    file: KEEPER,
    after: 'const appended = this.#kept.append(entries, this.#head);',
  },
  { name: 'before the log is synced', file: LOG, before: 'fdatasyncSync(this.#descriptor);', fails: true },
  { name: 'after the log was synced', file: LOG, after: 'fdatasyncSync(this.#descriptor);' },
  {
    name: 'before a failed append is cut off',
    file: LOG,
    before: 'ftruncateSync(this.#descriptor, length);',
    fails: true,
  },
  { name: 'before a commit is noted', file: KEEPER, before: 'this.#head = { revision, committedAt };' },
  { name: 'before a snapshot is written', file: FILE, before: 'await file.writeFile(content);', fails: true },
  { name: 'before a snapshot is synced', file: FILE, before: 'await file.sync();', fails: true },
  {
    name: 'before a snapshot is in its place',
    file: FILE,
    before: 'renameSync(temporary, this.location);',
    fails: true,
  },
  { name: 'after a snapshot is in its place', file: FILE, after: 'renameSync(temporary, this.location);' },
  {
    name: 'before the log is dropped',
    file: FILE,
    before: 'rmSync(this.logLocation, { force: true });',
    fails: true,
  },
  { name: 'after the log was dropped', file: FILE, after: 'rmSync(this.logLocation, { force: true });' },
];
