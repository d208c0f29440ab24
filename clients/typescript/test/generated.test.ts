import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

test('the types of the frames are those of the protocol\'s document', () => {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-frames-'));
  try {
    const made = join(directory, 'frames.ts');
    // Tests run in the directory of the package.
    execFileSync(process.execPath, ['generate.mjs', made]);
    assert.equal(readFileSync('src/frames.ts', 'utf8'), readFileSync(made, 'utf8'), 'run `npm run generate`');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
