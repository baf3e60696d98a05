import type { StorageContract } from '@gati-framework/manifest-store';
import type { ConformanceTarget } from '@gati-framework/storage-testkit';
import { Disk } from './disk.js';

/** A backend with one bug. */
export interface BrokenBackend {
  readonly bug: string;
  /** The group of cases that must catch it. */
  readonly group: string;
  /** Whether random calls must come upon it as well. */
  readonly model?: true;
  create(disk: Disk): StorageContract;
}

/** A target whose storages at one place share a disk. */
export function targetOver(create: (disk: Disk) => StorageContract): ConformanceTarget {
  const disks = new Map<string, Disk>();
  return {
    create(place) {
      const disk = disks.get(place) ?? new Disk();
      disks.set(place, disk);
      return create(disk);
    },
    destroy: (_, place) => disks.delete(place),
  };
}
