// From the start of a process to its first answer, as bench/cold-start.mjs measures it.
import { measureColdStart } from '../cold-start.mjs';

const UNIT = 'ms';

export const coldStart = {
  title: 'Starting',
  about:
    'From the start of a process to its first answer from a file of 10,000 records. ' +
    'The bare driver opens the file and asks it for one row; nothing at all is what Node.js itself takes.',
  rows: [
    {
      name: 'cold-start',
      title: 'a process',
      bound: 'Loading modules, and with sql.js the whole file.',
      measure: async (_, bench) => {
        const told = await measureColdStart(bench.full ? 15 : 5);
        const figure = (who) => told.find((each) => each.who === who);
        const { who: _nothing, ...nothing } = figure('nothing');
        return [
          { what: 'Node.js', who: 'nothing at all', role: 'also', unit: UNIT, ...pick(nothing) },
          ...ofDriver(figure, 'better-sqlite3', 'storage-better-sqlite3', 'sqlite:'),
          ...ofDriver(figure, 'sql.js', 'storage-sqljs', 'sqljs:'),
        ];
      },
    },
  ],
};

function ofDriver(figure, driver, backend, scheme) {
  const bare = figure(driver);
  const ours = figure(backend);
  const common = { what: driver, unit: UNIT };
  return [
    { ...common, who: 'ours', role: 'ours', ...pick(ours) },
    {
      ...common,
      who: 'the bare driver',
      role: 'floor',
      ...pick(bare),
      ratio: { median: bare.median / ours.median },
    },
    { ...common, who: '`openStorage`', role: 'also', ...pick(figure(`openStorage ${scheme}`)) },
    {
      ...common,
      who: '`gati-storage show`',
      role: 'also',
      ...pick(figure(`gati-storage show --store ${scheme}`)),
    },
  ];
}

function pick({ median, low, high }) {
  return { median, low, high };
}
