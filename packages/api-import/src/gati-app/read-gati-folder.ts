import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DocumentProblem } from '../document/document-problem.js';
import type { DocumentSource } from '../document/document-source.js';
import { isObject, type JsonObject, own } from '../document/json-object.js';
import { MAX_DOCUMENT_BYTES } from '../document/max-document-bytes.js';
import { tooLarge, unreadable } from '../document/unreadable.js';

const APP = '_app.json';
/** A database, which the runtime writes where it finds a driver; 2.0.8 finds none. */
const DATABASE = 'timeline.db';

/** What a file of a folder lacks, where that is no fault. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/**
 * The folder `.gati` of an application, or `manifests` in it, as one document: what the framework's commands and
 * runtime have written there is of one moment, so it is stored as one.
 *
 * @returns `undefined` for another folder.
 * @throws DocumentProblem for a file that is none of theirs.
 */
export async function readGatiFolder(folder: string): Promise<DocumentSource | undefined> {
  const root = basename(folder) === 'manifests' ? dirname(folder) : folder;
  const files = await jsonFilesIn(join(root, 'manifests'));
  const registry = await readJson(join(root, 'timescape', 'registry.json'));
  const timeline = await readText(join(root, 'timeline.json'));
  const isOfAnApplication = files.includes(APP) || registry !== undefined || timeline !== undefined;
  if (!isOfAnApplication) return undefined;
  const app = await readManifests(join(root, 'manifests'), files);
  const timescape = {
    ...(registry === undefined ? {} : { registry }),
    ...(timeline === undefined ? {} : { timeline: notesIn(timeline) }),
    ...((await readdir(root)).includes(DATABASE) ? { unread: [DATABASE] } : {}),
  };
  return { text: JSON.stringify({ ...app, timescape }), name: folder };
}

async function readManifests(folder: string, files: readonly string[]): Promise<JsonObject> {
  const app = files.includes(APP) ? await readJson(join(folder, APP)) : { handlers: [], modules: [] };
  if (!isObject(app)) throw wrongFile(APP);
  const writtenAt = timeOf(app);
  const newer: { time: number; handler: JsonObject }[] = [];
  for (const file of files.filter((name) => name !== APP)) {
    const manifest = await readJson(join(folder, file));
    if (!isObject(manifest) || own(manifest, 'type') === undefined) throw wrongFile(file);
    const handler = own(manifest, 'data') ?? own(manifest, 'handler');
    const time = timeOf(manifest);
    // One that is older than the whole is part of it, or of a handler that is gone.
    if (own(manifest, 'type') === 'handler' && isObject(handler) && time > writtenAt)
      newer.push({ time, handler });
  }
  if (newer.length === 0) return app;
  return {
    ...app,
    handlers: [...handlersWithout(app, newer), ...newer.map(({ handler }) => handler)],
    timestamp: Math.max(writtenAt, ...newer.map(({ time }) => time)),
  };
}

function handlersWithout(app: JsonObject, newer: readonly { readonly handler: JsonObject }[]): unknown[] {
  const handlers = own(app, 'handlers');
  const paths = new Set(newer.map(({ handler }) => own(handler, 'relativePath')));
  if (!Array.isArray(handlers)) return [];
  return handlers.filter((one: unknown) => !isObject(one) || !paths.has(own(one, 'relativePath')));
}

function timeOf(file: JsonObject): number {
  const timestamp = own(file, 'timestamp');
  return typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : 0;
}

/** A note a line, although the file is called `.json`. */
function notesIn(text: string): unknown[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.flatMap((line, i) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line)];
    } catch (cause) {
      const problem = 'a line of timeline.json is no JSON';
      throw new DocumentProblem(
        `timeline.json:${i + 1}`,
        problem,
        'Remove the line, or get the whole file.',
        cause,
      );
    }
  });
}

async function jsonFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(ifAbsent<string[]>([]));
  return names.filter((name) => name.endsWith('.json')).sort();
}

async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DocumentProblem(
      basename(file),
      'it is no JSON',
      'Generate it again, or get the whole file.',
      cause,
    );
  }
}

async function readText(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(ifAbsent(undefined));
  if (text !== undefined && text.length > MAX_DOCUMENT_BYTES) throw tooLarge();
  return text;
}

function ifAbsent<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (ABSENT.has(Object(error).code)) return instead;
    throw unreadable(error);
  };
}

function wrongFile(file: string): DocumentProblem {
  return new DocumentProblem(
    file,
    'this is no manifest of a Gati application',
    'Remove it from the folder, or run "gatic generate:manifests" again.',
  );
}
