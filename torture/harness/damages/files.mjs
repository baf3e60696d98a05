import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const FILES = ['', '-wal', '-oplog'];
/** Of the damages, so many are where something is: a log of sql.js has a quarter of a megabyte of room. */
const OF_CONTENT = 0.9;

/** Copies of the files of a store, of which one is damaged. */
export class DamagedFiles {
  /** Of the copy. */
  place;
  #source;
  #folder;
  #kept;
  #damaged;

  constructor(source, folder) {
    this.#source = source;
    this.#folder = join(folder, 'damaged');
    this.place = join(this.#folder, 'store.db');
    this.#kept = FILES.filter((end) => existsSync(source + end) && readFileSync(source + end).length > 0);
  }

  restore() {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder);
    for (const end of this.#kept) copyFileSync(this.#source + end, this.place + end);
  }

  /** A bit, or the end of a file. What it was, in words. */
  damage(random) {
    const end = random.pick(this.#kept);
    const what = damageFile(this.place + end, random);
    this.#damaged = this.#kept.map((one) => readFileSync(this.place + one));
    return `${what} of store.db${end}`;
  }

  /** Whether somebody has written to what was damaged. */
  isOverwritten() {
    return this.#kept.some((end, i) => !isSame(this.place + end, this.#damaged[i]));
  }
}

function damageFile(file, random) {
  const content = readFileSync(file);
  const at = random.below(random.chance(OF_CONTENT) ? endOf(content) : content.length);
  if (random.chance(0.1)) {
    truncateSync(file, at);
    return `all after byte ${at}`;
  }
  const bit = random.below(8);
  content[at] ^= 1 << bit;
  writeFileSync(file, content);
  return `bit ${bit} of byte ${at}`;
}

/** Where the zeros begin that are room for what is to come. */
function endOf(content) {
  let end = content.length;
  while (end > 1 && content[end - 1] === 0) end -= 1;
  return end;
}

function isSame(file, content) {
  return existsSync(file) && readFileSync(file).equals(content);
}
