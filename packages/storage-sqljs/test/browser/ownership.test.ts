/// <reference lib="dom" />
import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasChromium, INSECURE } from './chromium.js';
import { openPage } from './open-page.js';
import type {} from './ownership-page/page.js';
import { useSite } from './use-site.js';

// Functions given to evaluate() run in the page, where `gati` is what ownership-page/page.ts says.

describe.skipIf(!hasChromium)('a store in IndexedDB', () => {
  const site = useSite('ownership-page');
  const open = async (host?: string, policy?: string): Promise<Page> => {
    const page = await openPage(site.browser, site.address(host, policy));
    await page.waitForFunction(() => 'gati' in globalThis);
    return page;
  };
  const openWithTools = async (
    host: string,
  ): Promise<{ page: Page; session: CDPSession; origin: string }> => {
    const page = await open(host);
    const session = await site.browser.newCDPSession(page);
    await session.send('IndexedDB.enable');
    return { page, session, origin: new URL(page.url()).origin };
  };

  describe('whose connection the browser closes', () => {
    const CLEARINGS = {
      'the data of the site are cleared': (session: CDPSession, origin: string) =>
        session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' }),
      'the database is deleted in the developer tools': (session: CDPSession, origin: string, name: string) =>
        session.send('IndexedDB.deleteDatabase', { securityOrigin: origin, databaseName: name }),
    };

    test.each(Object.entries(CLEARINGS))(
      'settles every call and lets go of the store, when %s under a write',
      async (how, clear) => {
        const { page, session, origin } = await openWithTools(`${how.length}.localhost`);
        const sizes = [10, 3000, 100_000];
        for (let round = 0; round < 12; round++) {
          const name = `round-${round}`;
          const size = sizes[round % sizes.length] as number;
          const writing = page.evaluate(
            async ({ name, size }) => {
              const storage = await gati.open(name);
              performance.mark('writing');
              return gati.storeUntilReplaced(storage, 'x'.repeat(size));
            },
            { name, size },
          );
          await page.waitForFunction(
            (round) => performance.getEntriesByName('writing').length > round,
            round,
          );
          await clear(session, origin, name);
          expect((await writing).outcome, name).toContain('The browser closed');
          const after = await page.evaluate(async () => {
            const storage = gati.opened.pop() as (typeof gati.opened)[number];
            const read = await gati.outcome(storage.stats());
            await storage.close();
            return { read, held: await gati.heldLocks() };
          });
          expect(after).toEqual({ read: expect.stringContaining('STORAGE_REPLACED'), held: [] });
        }
      },
    );

    test('refuses to go on, does not open it again by itself, and has everything once it is opened anew', async () => {
      const page = await open();
      const answer = await page.evaluate(async () => {
        const { transaction } = IDBDatabase.prototype;
        const { open } = IDBFactory.prototype;
        let openings = 0;
        let isDiskFull = false;
        /** As the browser does on a full disk. */
        const closeByForce = (database: IDBDatabase, transaction: IDBTransaction) => {
          transaction.abort();
          database.close();
          database.dispatchEvent(new Event('close'));
        };
        IDBDatabase.prototype.transaction = function (...args) {
          const made = transaction.apply(this, args);
          // As soon as its requests have been made.
          if (isDiskFull) queueMicrotask(() => closeByForce(this, made));
          return made;
        };
        IDBFactory.prototype.open = function (...args) {
          openings += 1;
          return open.apply(this, args);
        };
        const storage = await gati.open('severed');
        for (const ref of ['a', 'b']) await storage.storeGType(gati.gtype(ref));
        isDiskFull = true;
        const cut = gati.outcome(storage.storeGType(gati.gtype('cut')));
        const outcomes = [
          await cut,
          await gati.outcome(storage.storeGType(gati.gtype('later'))),
          await gati.outcome(storage.stats()),
        ];
        const openingsBefore = openings;
        await storage.close();
        isDiskFull = false;
        const refs = await gati.refs(await gati.open('severed'));
        return { outcomes, openings: openingsBefore, refs };
      });
      const [cut, ...later] = answer.outcomes;
      expect(cut).toMatch(/^STORAGE_(FAILED|REPLACED): /);
      for (const outcome of later) expect(outcome).toMatch(/^STORAGE_REPLACED: The browser closed/);
      expect(answer.openings).toBe(1);
      expect(answer.refs).toEqual(['a', 'b']);
    });
  });

  describe('that is read through the persistence of its owner', () => {
    test('stays with its owner when the reader closes', async () => {
      const page = await open();
      const revision = await page.evaluate(async () => {
        const persistence = gati.indexedDbPersistence('shared');
        const owner = await gati.open('shared', { persistence });
        await owner.storeGType(gati.gtype('a1'));
        const reader = await gati.open('shared', { persistence, readOnly: true });
        await reader.close();
        await owner.storeGType(gati.gtype('a2'));
        return (await owner.stats()).revision;
      });
      expect(revision).toBe(2);
      const other = await open();
      const outcome = () => other.evaluate(() => gati.outcome(gati.open('shared', { lockTimeout: 50 })));
      expect(await outcome()).toMatch(/^STORAGE_LOCKED: .*another page or worker/);
      await page.evaluate(() => gati.opened[0]?.close());
      expect(await outcome()).toBe('ok');
    });

    test('has one owner in a page too, and the message says where the other one is', async () => {
      const page = await open();
      const answer = await page.evaluate(async () => {
        const persistence = gati.indexedDbPersistence('twice');
        const owner = await gati.open('twice', { persistence });
        const outcomes = [
          await gati.outcome(gati.open('twice', { persistence, lockTimeout: 50 })),
          await gati.outcome(gati.open('twice', { lockTimeout: 50 })),
          await gati.outcome(owner.storeGType(gati.gtype('a'))),
        ];
        const held = await gati.heldLocks();
        await owner.close();
        const reopened = await gati.outcome(gati.open('twice', { persistence, lockTimeout: 1 }));
        return { outcomes, held, reopened };
      });
      expect(answer).toEqual({
        outcomes: [
          expect.stringMatching(/^STORAGE_LOCKED: .*the same persistence/),
          expect.stringMatching(/^STORAGE_LOCKED: .*another storage of this page/),
          'ok',
        ],
        held: ['gati-storage twice'],
        reopened: 'ok',
      });
    });
  });

  test('whose lock is stolen refuses to go on, and what the new owner stores is kept', async () => {
    const [page, other] = [await open(), await open()];
    await page.evaluate(async () => {
      const owner = await gati.open('stolen');
      await owner.storeGType(gati.gtype('a'));
      await navigator.locks.request('gati-storage stolen', { steal: true }, () => {});
    });
    await other.evaluate(async () => {
      const owner = await gati.open('stolen');
      await owner.storeGType(gati.gtype('b'));
    });
    const outcomes = await page.evaluate(async () => {
      const [owner] = gati.opened as [(typeof gati.opened)[number]];
      return [await gati.outcome(owner.storeGType(gati.gtype('late'))), await gati.outcome(owner.stats())];
    });
    for (const outcome of outcomes) expect(outcome).toMatch(/^STORAGE_REPLACED: The lock on/);
    const refs = await other.evaluate(() => gati.refs(gati.opened[0] as (typeof gati.opened)[number]));
    expect(refs).toEqual(['a', 'b']);
  });

  test('that was taken over by force is not written, though the lock is still ours', async () => {
    const page = await open();
    const outcomes = await page.evaluate(async () => {
      const owner = await gati.open('rewritten');
      const database = await gati.holdOpen('rewritten');
      const transaction = database.transaction('snapshot', 'readwrite');
      transaction.objectStore('snapshot').put(0.5, 'owner');
      await new Promise((resolve) => {
        transaction.oncomplete = resolve;
      });
      database.close();
      return [await gati.outcome(owner.storeGType(gati.gtype('a'))), await gati.outcome(owner.stats())];
    });
    for (const outcome of outcomes) expect(outcome).toMatch(/^STORAGE_REPLACED: .*no longer what/);
  });

  test('without Web Locks is not answered from by who lost it, without a write too', async () => {
    const [first, second] = [await open(`lost.${INSECURE}`), await open(`lost.${INSECURE}`)];
    await first.evaluate(async () => {
      const owner = await gati.open('lost');
      await owner.storeGType(gati.gtype('first'));
    });
    await second.evaluate(async () => (await gati.open('lost')).storeGType(gati.gtype('second')));
    await first.waitForFunction(async () =>
      (await gati.outcome((gati.opened[0] as (typeof gati.opened)[number]).stats())).startsWith(
        'STORAGE_REPLACED',
      ),
    );
    const outcomes = await first.evaluate(async () => {
      const [owner] = gati.opened as [(typeof gati.opened)[number]];
      return [
        await gati.outcome(gati.refs(owner)),
        await gati.outcome(owner.commit([])),
        await gati.outcome(owner.storeGType(gati.gtype('late'))),
      ];
    });
    for (const outcome of outcomes) expect(outcome).toMatch(/^STORAGE_REPLACED/);
  });

  describe('that the site itself deletes', () => {
    test('is let go at once, and no write is acknowledged afterwards', async () => {
      const page = await open();
      const answer = await page.evaluate(async () => {
        const storage = await gati.open('logout');
        await storage.storeGType(gati.gtype('a'));
        const { events, done } = gati.request(indexedDB.deleteDatabase('logout'));
        await done;
        const outcomes = [
          await gati.outcome(storage.storeGType(gati.gtype('b'))),
          await gati.outcome(storage.stats()),
        ];
        const databases = await gati.databases();
        await storage.close();
        return { events, outcomes, databases, refs: await gati.refs(await gati.open('logout')) };
      });
      expect(answer.events).toEqual(['done']);
      for (const outcome of answer.outcomes) expect(outcome).toMatch(/^STORAGE_REPLACED: .*was deleted/);
      expect(answer.databases).not.toContain('logout');
      expect(answer.refs).toEqual([]);
    });

    test('or upgrades, is let go at once too', async () => {
      const page = await open();
      const answer = await page.evaluate(async () => {
        const storage = await gati.open('upgraded');
        const { events, done } = gati.request(indexedDB.open('upgraded', 2));
        await done;
        const outcomes = [
          await gati.outcome(storage.storeGType(gati.gtype('b'))),
          await gati.outcome(storage.stats()),
        ];
        return { events, outcomes };
      });
      expect(answer.events).toEqual(['done']);
      for (const outcome of answer.outcomes) expect(outcome).toMatch(/^STORAGE_SCHEMA_TOO_NEW/);
    });

    test.each([true, false])(
      'while others hold it open, does not let a storage wait for ever (it only reads: %s)',
      async (readOnly) => {
        const page = await open();
        const answer = await page.evaluate(async (readOnly) => {
          const name = `pending-${readOnly}`;
          await (await gati.open(name)).close();
          const held = await gati.holdOpen(name);
          const { done } = gati.request(indexedDB.deleteDatabase(name));
          const outcome = await gati.outcome(gati.open(name, { readOnly, lockTimeout: 50 }));
          const locks = await gati.heldLocks();
          held.close();
          await done;
          return { outcome, locks, databases: await gati.databases() };
        }, readOnly);
        expect(answer.outcome).toMatch(/^STORAGE_LOCKED: .*deletion or upgrade waits/);
        expect(answer.locks).toEqual([]);
        expect(answer.databases).not.toContain(`pending-${readOnly}`);
      },
    );
  });

  test('that does not exist is not created by reading', async () => {
    const page = await open();
    const answer = await page.evaluate(async () => ({
      outcome: await gati.outcome(gati.open('nothing', { readOnly: true })),
      databases: await gati.databases(),
    }));
    expect(answer.outcome).toBe(
      'STORAGE_UNAVAILABLE: IndexedDB nothing does not exist, and is to be read only.',
    );
    expect(answer.databases).not.toContain('nothing');
  });

  test('is refused with the reason where a page has no IndexedDB, and leaves no lock behind', async () => {
    const page = await open();
    const answer = await page.evaluate(async () => {
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
      return { outcome: await gati.outcome(gati.open('none')), held: await gati.heldLocks() };
    });
    expect(answer).toEqual({
      outcome: expect.stringMatching(/^STORAGE_UNAVAILABLE: .*there is no IndexedDB here/),
      held: [],
    });
  });

  test('is refused with the reason in a sandboxed page', async () => {
    const page = await open('localhost', 'sandbox allow-scripts');
    const outcome = await page.evaluate(() => gati.outcome(gati.open('sandboxed')));
    expect(outcome).toMatch(/^STORAGE_UNAVAILABLE: .*none for this page.*Sandboxed frames/);
  });
});
