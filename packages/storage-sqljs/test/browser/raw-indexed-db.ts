/// <reference lib="dom" />
import type { Page } from 'playwright-core';

// Each is sent to the page as text, so it can use nothing of this file.

/** Makes a database that is not a store. */
export function createDatabase(page: Page, name: string, version: number, store: string): Promise<void> {
  return page.evaluate(
    ({ name, version, store }) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open(name, version);
        request.onupgradeneeded = () => request.result.createObjectStore(store);
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
      }),
    { name, version, store },
  );
}

/** Resolves once nothing has the database open any more. */
export function deleteDatabase(page: Page, name: string): Promise<void> {
  return page.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        indexedDB.deleteDatabase(name).onsuccess = () => resolve();
      }),
    name,
  );
}

/** How many bytes of memory were stored with each value, and how many of them are the value. */
export function readSizes(page: Page, name: string, store: string): Promise<[number, number][]> {
  return page.evaluate(
    ({ name, store }) =>
      new Promise<[number, number][]>((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => {
          const reading = opening.result.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(
              reading.result.map(({ buffer, byteLength }: Uint8Array) => [buffer.byteLength, byteLength]),
            );
          };
        };
      }),
    { name, store },
  );
}
