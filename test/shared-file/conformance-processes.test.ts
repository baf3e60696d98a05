import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBetweenProcesses } from '../support/eight-processes/describe-between-processes.js';
import { Fleet } from '../support/eight-processes/fleet.js';
import { FleetStorage } from '../support/eight-processes/fleet-storage.js';
import { backend } from './support/backend.js';
import { fleetOf } from './support/fleet.js';

const folder = mkdtempSync(join(tmpdir(), 'gati-processes-'));
const members = fleetOf(backend);
const fleet = new Fleet(members.length, members);

beforeAll(() => fleet.ready());

afterAll(async () => {
  await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

const drivers = [...new Set(members.map(({ driver }) => driver))].join(' and ');

describeBetweenProcesses(`${members.length} processes on one file, through ${drivers}`, {
  create(place, asked) {
    const options = { filename: join(folder, `${place}.db`), ...asked };
    const factory = { package: backend.package, name: backend.factory, options };
    return new FleetStorage(fleet, backend.create(options), factory);
  },
  honours: ['historyLimit', 'maxRecordBytes', 'cacheSize'],
  destroy: (storage) => storage.forget(),
});

test('all processes took part', async () => {
  expect(fleet.answered).toHaveLength(members.length);
  for (const answered of fleet.answered) expect(answered).toBeGreaterThan(1_000);
});
