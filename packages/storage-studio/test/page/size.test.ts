import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const page = join(import.meta.dirname, '../../page');

test('all scripts of the page are less than 80 KB, compressed', () => {
  const scripts = readdirSync(join(page, 'assets')).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(1);
  const bytes = scripts.map((name) => gzipSync(readFileSync(join(page, 'assets', name))).length);
  expect(bytes.reduce((sum, one) => sum + one)).toBeLessThan(80_000);
});

test('the page asks no other host for anything, and holds no script or style in its markup', () => {
  const markup = readFileSync(join(page, 'index.html'), 'utf8');
  expect(markup).not.toMatch(/<script(?![^>]* src=)|<style|style="|https?:/);
  const styles = readdirSync(join(page, 'assets')).filter((name) => name.endsWith('.css'));
  for (const name of styles)
    expect(readFileSync(join(page, 'assets', name), 'utf8')).not.toMatch(/@import|url\(/);
});
