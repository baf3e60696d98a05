import type { StorageContract } from '@gati-framework/manifest-store';
import { keyTuple } from '@gati-framework/manifest-store/backend';
import type { ConformanceTarget, CreateOptions } from '@gati-framework/storage-testkit';
import { Disk } from './disk.js';

/** A backend with one bug. */
export interface BrokenBackend {
  readonly bug: string;
  /** The group of cases that must catch it. */
  readonly group: string;
  /** Its case that must; otherwise any of them. */
  readonly caughtBy?: string;
  /** Whether random calls must come upon it as well. */
  readonly model?: true;
  create(disk: Disk, options: CreateOptions): StorageContract;
}

/**
 * A target whose storages at one place share a disk. What is opened again finds a copy of it,
 * so that only what was written to it is there.
 */
export function targetOver(create: BrokenBackend['create']): ConformanceTarget {
  const disks = new Map<string, Disk>();
  const diskAt = (place: string): Disk => {
    const disk = disks.get(place) ?? new Disk();
    disks.set(place, disk);
    return disk;
  };
  return {
    honours: ['historyLimit', 'historyAge', 'maxRecordBytes', 'cacheSize'],
    create: (place, options) => create(diskAt(place), options),
    reopen(place, options) {
      const copy = diskAt(place).copy();
      disks.set(place, copy);
      return create(copy, options);
    },
    damage: (place, { kind, key }) => diskAt(place).damage(kind, keyTuple(kind, key)),
    block(place) {
      const disk = diskAt(place);
      disk.isBlocked = true;
      return () => {
        disk.isBlocked = false;
      };
    },
    destroy: (_, place) => disks.delete(place),
  };
}
