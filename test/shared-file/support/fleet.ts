import type { FleetMember } from '../../support/eight-processes/fleet.js';
import type { FileBackend } from './file-backend.js';

/** Eight processes of one driver; or four that share the file through two, each on the Node.js that has it. */
export function fleetOf({ name, ...backend }: FileBackend): (FleetMember & { readonly driver: string })[] {
  const own = { driver: name, execPath: process.execPath, package: backend.package, name: backend.factory };
  const other = process.env.GATI_OTHER_NODE;
  if (other === undefined) return new Array(8).fill(own);
  const better = {
    driver: 'better-sqlite3',
    execPath: other,
    package: '@gati-framework/storage-better-sqlite3',
    name: 'createBetterSqlite3Storage',
  };
  return [own, better, own, better];
}
