export { claimFile, type FileClaim, findOwner, ownedBySqlJs } from './file-claim.js';
export { readIfThere, statIfThere } from './if-there.js';
export { logPathOf, readLog, removeLog, syncFolder } from './log-file.js';
export { isOpenInSqlite } from './open-connections.js';
