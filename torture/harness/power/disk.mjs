/** What a disk writes at once. */
const SECTOR = 512;

/**
 * A disk that keeps only what was synced, and of the rest what chance has it. A name that was made, moved or removed is
 * kept once its folder was synced, and content once its file was.
 */
export class Disk {
  /** Names as the process sees them, and those that are kept for certain. */
  #seen;
  #kept;
  /** Changes of names that no sync has made certain yet, in their order. */
  #pendingNames = [];
  /** By the id of the call that opened it. */
  #opened = new Map();

  /** @param {Iterable<[string, Buffer]>} [files] What was there before, safely. */
  constructor(files = []) {
    const inodes = [...files].map(([path, content]) => [path, new Inode(content)]);
    this.#seen = new Map(inodes);
    this.#kept = new Map(inodes);
  }

  /** @param {import('./recording.mjs').Call} call */
  apply(call) {
    HANDLERS[call.what]?.(this, call);
  }

  open({ path, isNew, isTruncated, id }) {
    if (isNew) this.#name({ path, inode: new Inode(Buffer.alloc(0)) });
    const inode = this.#seen.get(path);
    // A folder is opened to be synced.
    this.#opened.set(id, inode ?? 'folder');
    if (isTruncated && !isNew) inode?.pending.push({ length: 0 });
  }

  change({ id, ...change }) {
    this.#opened.get(id).pending.push(change);
  }

  sync({ id }) {
    const synced = this.#opened.get(id);
    if (synced !== 'folder') return synced.sync();
    for (const change of this.#pendingNames.splice(0)) applyName(this.#kept, change);
    return undefined;
  }

  rename({ path, to }) {
    this.#name({ path: to, from: path, inode: this.#seen.get(path) });
  }

  unlink({ path }) {
    this.#name({ path, inode: undefined });
  }

  #name(change) {
    applyName(this.#seen, change);
    this.#pendingNames.push(change);
  }

  /** Files by their paths, as processes see them. */
  whole() {
    return new Map([...this.#seen].map(([path, inode]) => [path, inode.afterPowerLoss(() => true, false)]));
  }

  /**
   * What the power failure left: files by their paths.
   *
   * @param {import('../seeds.mjs').Random} random
   * @param {keyof typeof NAMES} [ofNames] What is there of all that was done to names since; absent: as chance has it.
   */
  afterPowerLoss(random, ofNames) {
    const mode = random.pick(Object.keys(SURVIVAL));
    const survives = SURVIVAL[mode](random);
    const names = new Map(this.#kept);
    for (const change of this.#keptOfNames(ofNames, survives, random)) applyName(names, change);
    return new Map(
      [...names].map(([path, inode]) => [path, inode.afterPowerLoss(survives, mode === 'torn')]),
    );
  }

  #keptOfNames(ofNames, survives, random) {
    const pending = this.#pendingNames;
    if (ofNames !== undefined) return NAMES[ofNames](pending);
    if (random.chance(0.5)) return pending.filter(() => survives());
    const lost = pending.findIndex(() => !survives()); // in order, as file systems with a journal keep them
    return lost === -1 ? pending : pending.slice(0, lost);
  }
}

/** What a power failure may leave of changes to names. */
const NAMES = {
  all: (pending) => pending,
  none: () => [],
  'the last alone': (pending) => pending.slice(-1),
};

const SURVIVAL = {
  nothing: () => () => false,
  everything: () => () => true,
  some: (random) => () => random.chance(0.5),
  most: (random) => () => random.chance(0.9),
  torn: (random) => () => random.chance(0.7),
};

const HANDLERS = {
  open: (disk, call) => disk.open(call),
  write: (disk, call) => disk.change(call),
  truncate: (disk, call) => disk.change(call),
  sync: (disk, call) => disk.sync(call),
  rename: (disk, call) => disk.rename(call),
  unlink: (disk, call) => disk.unlink(call),
};

function applyName(names, { path, from, inode }) {
  if (from !== undefined) names.delete(from);
  if (inode === undefined) names.delete(path);
  else names.set(path, inode);
}

/** The content of a file. */
class Inode {
  pending = [];
  #content;

  constructor(content) {
    this.#content = content;
  }

  sync() {
    this.#content = this.pending.splice(0).reduce(changed, this.#content);
  }

  afterPowerLoss(survives, isTorn) {
    let content = this.#content;
    for (const change of this.pending) {
      if (change.data === undefined || !isTorn) content = survives() ? changed(content, change) : content;
      else for (const sector of sectorsOf(change)) if (survives()) content = changed(content, sector);
    }
    return content;
  }
}

function* sectorsOf({ offset, data }) {
  for (let at = 0; at < data.length; ) {
    const end = Math.min(data.length, at + SECTOR - ((offset + at) % SECTOR));
    yield { offset: offset + at, data: data.subarray(at, end) };
    at = end;
  }
}

function changed(content, { offset, data, length }) {
  if (data === undefined) return resized(content, length);
  const larger = Buffer.from(
    content.length >= offset + data.length ? content : resized(content, offset + data.length),
  );
  data.copy(larger, offset);
  return larger;
}

function resized(content, length) {
  if (content.length >= length) return content.subarray(0, length);
  return Buffer.concat([content, Buffer.alloc(length - content.length)]);
}
