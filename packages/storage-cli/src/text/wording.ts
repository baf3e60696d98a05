/**
 * What messages of storages say to programs, and what it is for those who type
 * commands: there are no options here but the store's URL.
 */
const WORDINGS: readonly (readonly [RegExp, string])[] = [
  [/,? or open (it|this one) with readOnly: true/g, ', or look at it with list and show, which only read'],
  [/open (it|this one) with readOnly: true/g, 'look at it with list and show, which only read'],
  [
    /for several writers use storage-node-sqlite or storage-better-sqlite3/g,
    'for several writers, write sqlite: for sqljs: in the URL of each',
  ],
  [/Find out who holds a transaction open, or raise lockTimeout/g, 'Find out who holds a transaction open'],
  [/give the option pooler: true \(in a URL, pooler=true\)/g, 'write pooler=true in the URL'],
  [/another (schema|one) in the option schema/g, 'another one in the URL, as schema=name'],
  [/set the option ssl, or sslmode=verify-full/g, 'write sslmode=verify-full in the URL'],
  [/, or name all servers in hosts/g, ', or name all servers in the URL, with commas'],
  [/ \(neither migrate: false nor readOnly\), such as with an import/g, ', as import and migrate do'],
  [/Open it once for writing, which makes it one/g, 'gati-storage migrate makes it one'],
  [/ within (retryTimeout|lockTimeout)/g, ' in time'],
  [/ for longer than (lockTimeout|statementTimeout)/g, ' for too long'],
  [/\boptions\.connectionString\b/g, 'the URL of the store'],
  [/^filter\.(path|method|role|dependency|status)\b/g, '--$1'],
  [/, which capabilities\.history tells; this one does not/g, ', and this one does not'],
  [/See in log\(\) what others/g, 'See in gati-storage log what others'],
  [
    /Note the revision of stats\(\), read what you need with entries\(\), then watch after that revision/g,
    'Note the revision that stats tells, look at what you need with list, show or export, then go on with --after that revision',
  ],
  [
    /Read what you need with entries\(\), then watch after the revision of stats\(\)/g,
    'Look at what you need with list, show or export, then go on with --after the revision that stats tells',
  ],
  [
    /Give mode: 'replace' to store this in the place of all of it, or mode: 'merge' to/g,
    'Give --replace to store this in the place of all of it, or --merge to',
  ],
  [/give overwrite: true to replace it/g, 'give --overwrite to replace it'],
  [/^url names a store that is no file/g, 'The store is no file'],
  [/, again and again for retryTimeout/g, ', again and again'],
];

/** @param message Of a StorageError. */
export function inWordsOfCommands(message: string): string {
  return WORDINGS.reduce((text, [pattern, words]) => text.replace(pattern, words), message);
}
