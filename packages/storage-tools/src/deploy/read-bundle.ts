import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_DOCUMENT_BYTES, plainDocument, planDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, type PutChange } from '@gati-framework/manifest-store';
import { readOptions } from '@gati-framework/manifest-store/backend';
import { isArchive, readArchiveFile } from '../archive/index.js';
import type { Bundle } from './bundle.js';
import { asBundleError, badBundle } from './bundle-error.js';
import { DEPLOYMENT_FORMAT } from './deployment-format.js';
import { readDeployment } from './read-deployment.js';

/** What the framework writes beside the manifests of single files. */
const APP_FILE = '_app.json';

export interface ReadBundleOptions {
  /** What the file is called in messages and reports, as for a copy of one from elsewhere. Default: its path. */
  name?: string;
  /** Called after each record of an archive, with how many were read. */
  onProgress?: (records: number) => void;
}

/**
 * Reads what is to be deployed together:
 *
 * - the records of one deployment in the `gati-storage-deployment` format, JSON or YAML;
 * - the manifest bundle of a Gati application, `manifest-bundle.json`, whose checksum must match;
 * - the folder `.gati/manifests` of a Gati application, of which `_app.json` is read, or that file;
 * - an archive, compressed or not.
 *
 * All of it is checked before any of it can be stored. Memory: the whole bundle; other than an archive it may have 32 MiB.
 *
 * @param path A file, or a folder that holds an `_app.json`.
 * @throws StorageError `INVALID_BUNDLE`; `details.file` names the file, `path` the place in it.
 */
export async function readBundle(path: string, options: ReadBundleOptions = {}): Promise<Bundle> {
  const { name, onProgress } = readOptions(options, ['name', 'onProgress']);
  const file = await fileOf(path);
  const called = name ?? file;
  try {
    if (await isArchive(file)) return await readArchived(file, called, onProgress);
    return await readDocument(called, await readText(file, called));
  } catch (error) {
    throw isOfFiles(error) ? cannotRead(called, error) : asBundleError(called, error);
  }
}

async function fileOf(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  if (found.isFile()) return path;
  if (!found.isDirectory()) throw badBundle(path, '', 'this is neither a file nor a folder', 'Name a file.');
  const file = join(path, APP_FILE);
  const isThere = await stat(file).then(
    (app) => app.isFile(),
    () => false,
  );
  if (isThere) return file;
  const remedy =
    'Name the folder .gati/manifests of an application, after "gatic generate:manifests", or a file.';
  throw badBundle(path, '', `there is no ${APP_FILE} in this folder`, remedy);
}

async function readArchived(
  path: string,
  file: string,
  onProgress: ReadBundleOptions['onProgress'],
): Promise<Bundle> {
  const records: PutChange[] = [];
  for await (const record of readArchiveFile(path)) {
    records.push(record);
    onProgress?.(records.length);
  }
  return { format: 'archive', file, records, omitted: [] };
}

async function readDocument(file: string, text: string): Promise<Bundle> {
  const document = { text, name: file };
  const content = await plainDocument(document);
  const fields =
    typeof content === 'object' && content !== null && !Array.isArray(content) ? { ...content } : {};
  if ('format' in fields && fields.format === DEPLOYMENT_FORMAT)
    return { format: 'deployment', file, records: readDeployment(fields, file), omitted: [] };
  if (!('handlers' in fields)) throw unknownFormat(file, 'openapi' in fields || 'swagger' in fields);
  await using empty = createInMemoryStorage();
  const { changes, report } = await planDocument(empty, document);
  const records = changes.flatMap((change) => ('put' in change ? [change] : []));
  const format = report.source.format === 'gati-app' ? 'gati-app' : 'gati-bundle';
  return { format, file, records, document, omitted: report.inexpressible };
}

function unknownFormat(file: string, isOpenApi: boolean): Error {
  if (isOpenApi) return badBundle(file, '', 'this is an OpenAPI document', 'Import it: gati-storage import.');
  return badBundle(
    file,
    '',
    `this is no bundle: neither "format": "${DEPLOYMENT_FORMAT}", nor the manifest bundle or ${APP_FILE} of a Gati ` +
      'application (it has no "handlers"), nor an archive',
    'Give one of these; if the beginning of the file is missing, get the whole file.',
  );
}

/** Once, so that what is checked is what is deployed. */
async function readText(path: string, file: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAX_DOCUMENT_BYTES) throw tooLarge(file);
    const bytes = await handle.readFile();
    if (bytes.length > MAX_DOCUMENT_BYTES) throw tooLarge(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (Object(error).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw badBundle(file, '', 'it is not UTF-8 text', 'Get the file again, or save it as UTF-8.', error);
  } finally {
    await handle.close();
  }
}

function tooLarge(file: string): Error {
  const problem = `it is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB`;
  return badBundle(file, '', problem, 'Deploy it in parts, or as an archive.');
}

function isOfFiles(error: unknown): boolean {
  return typeof Object(error).syscall === 'string';
}

function cannotRead(file: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return badBundle(file, '', `it cannot be read (${reason})`, 'Check the path and its permissions.', cause);
}
