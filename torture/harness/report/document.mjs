// The table of docs/reliability.md, from torture/results.json and what the experiments say of themselves.
import { readFileSync, writeFileSync } from 'node:fs';
import { loadExperiments } from '../experiments.mjs';
import { readResults } from './results.mjs';

const PAGE = new URL('../../../docs/reliability.md', import.meta.url);
const BEGIN = '<!-- drawn from torture/results.json by npm run torture -- --draw -->';
const END = '<!-- end of what is drawn -->';

export async function writeTable() {
  writeFileSync(PAGE, await drawPage());
}

/** The page as it should be. */
export async function drawPage() {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest.split(END);
  return `${before}${BEGIN}\n\n${drawTable(await loadExperiments(), readResults())}\n${END}${after}`;
}

/**
 * @param {readonly import('../experiments.mjs').Experiment[]} experiments
 * @param {readonly import('./results.mjs').Result[]} results
 */
function drawTable(experiments, results) {
  return experiments
    .map((experiment) => {
      const own = results.filter(({ name }) => name === experiment.name);
      return `### ${experiment.name}\n\n${experiment.proves}\n\n${drawRows(experiment, own)}`;
    })
    .join('\n');
}

function drawRows({ name, forms }, results) {
  if (results.length === 0)
    return `Its long form was not run yet: \`npm run torture -- ${name} --long\` (${words(forms.long)}).\n`;
  const rows = results.map(
    ({ backend, date, versions, seed, form, seconds, figures }) =>
      `| ${backend} | ${words(figures)} | ${seed} | ${date} | ${versions} | ${seconds} s | ${isWhole(form, forms.long) ? 'whole' : `short of ${words(forms.long)}`} |`,
  );
  return `| backend | done, with nothing lost, doubled, partial or wrong | seed | date | versions | time | long form |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}\n`;
}

function isWhole(form, long) {
  return Object.entries(long).every(([name, number]) => form[name] >= number);
}

function words(figures) {
  return Object.entries(figures)
    .map(([name, value]) =>
      typeof value === 'object' ? `${name}: ${words(value)}` : `${value.toLocaleString('en')} ${name}`,
    )
    .join(', ');
}
