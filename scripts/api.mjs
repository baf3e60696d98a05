// `npm run api`: writes down what each published package offers, out of its declarations. api/*.api.md are for
// reviews of a change, docs/api.md is for readers. With --check, only says which of them are out of date.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { apiPage } from './api-page.mjs';
import { root } from './setup.mjs';

/** Throws an error that names what does not say any more what the packages offer. Reads what was built. */
export function assertApi() {
  const outdated = [...apiFiles()].filter(
    ([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text,
  );
  if (outdated.length === 0) return;
  const names = outdated.map(([file]) => file.slice(root.length));
  throw new Error(`What packages offer has changed: look at it, and run npm run api.\n${names.join('\n')}`);
}

export function writeApi() {
  for (const [file, text] of apiFiles()) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** What each file has to say, by its path. */
function apiFiles() {
  const packages = readdirSync(join(root, 'packages'))
    .map(describe)
    .filter(({ isPrivate }) => !isPrivate);
  const folder = mkdtempSync(join(tmpdir(), 'gati-api-'));
  try {
    const entries = packages.flatMap(({ entries }) => entries);
    for (const entry of entries) entry.config = configure(entry, entries, folder);
    // One program for all: most of the time goes into reading what they share.
    const compilerState = CompilerState.create(entries[0].config, {
      additionalEntryPoints: entries.map(({ declarations }) => declarations),
    });
    for (const entry of entries) extract(entry, compilerState);
    return new Map(packages.flatMap(filesOf));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function describe(name) {
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entries = Object.entries(manifest.exports).filter(([, target]) => target.types !== undefined);
  return {
    name: manifest.name,
    folder,
    isPrivate: manifest.private === true,
    entries: entries.map(([path, { types }]) => ({
      specifier: `${manifest.name}${path.slice(1)}`,
      folder,
      declarations: join(folder, types),
      report: `${path === '.' ? 'index' : path.slice(2)}.api.md`,
    })),
  };
}

function configure({ folder, declarations, report, specifier }, entries, results) {
  const ownResults = join(results, specifier);
  mkdirSync(ownResults, { recursive: true });
  const compilerOptions = {
    target: 'ES2023',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
  };
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: declarations,
      compiler: { overrideTsconfig: { compilerOptions, files: entries.map((entry) => entry.declarations) } },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: ownResults,
        reportTempFolder: `${ownResults}/temp`,
      },
      docModel: { enabled: true, apiJsonFilePath: join(ownResults, 'model.json'), projectFolderUrl: '' },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}

function extract(entry, compilerState) {
  Extractor.invoke(entry.config, { compilerState, localBuild: true, messageCallback: quieten });
}

function quieten(message) {
  if (message.category === 'console' && message.logLevel !== 'error') message.logLevel = 'none';
}

function filesOf({ name, folder, entries }) {
  const described = entries.map(({ specifier, config, report }) => ({
    specifier,
    report: readFileSync(config.reportFilePath, 'utf8'),
    members: JSON.parse(readFileSync(config.apiJsonFilePath, 'utf8')).members[0].members,
    file: join(folder, 'api', report),
  }));
  return [
    ...described.map(({ file, report }) => [file, report]),
    [join(folder, 'docs/api.md'), apiPage(name, described)],
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) assertApi();
  else writeApi();
}
