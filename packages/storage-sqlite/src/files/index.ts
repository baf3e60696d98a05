export { claimFile, type FileClaim, findOwner } from './file-claim.js';
export { isOpenInSqlite } from './open-connections.js';
export { logPathOf, removeLog, syncFolder } from './paths.js';
