/**
 * Builds what a node serves to browsers: `/client.js` and `/demo/`.
 *
 * Usage: node build-web.mjs [directory]; without one, $CARILLON_WEB_DIR, without that http/target/classes/web.
 */
import { build } from 'esbuild';
import { cp, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const given = process.argv[2] ?? process.env.CARILLON_WEB_DIR;
const out = given ? resolve(given) : resolve(here, '../http/target/classes/web');
const demo = join(here, 'demo/src');
// Both are bundled from the sources of the client, so this needs no build before it.
const client = join(here, 'typescript/src');

const common = { bundle: true, minify: true, target: 'es2022', charset: 'utf8', legalComments: 'none', logLevel: 'warning' };
await mkdir(join(out, 'demo'), { recursive: true });
await Promise.all([
  build({ ...common, entryPoints: [join(client, 'script.ts')], format: 'iife', globalName: 'Carillon', outfile: join(out, 'client.js') }),
  build({
    ...common, entryPoints: [join(demo, 'main.tsx')], format: 'esm', jsx: 'automatic', jsxImportSource: 'preact',
    alias: { 'carillon-client': join(client, 'index.ts'), 'carillon-client/media': join(client, 'media.ts') },
    outfile: join(out, 'demo/demo.js'),
  }),
  build({ ...common, entryPoints: [join(demo, 'demo.css')], outfile: join(out, 'demo/demo.css') }),
  ...['index.html', 'demo.svg'].map((name) => cp(join(demo, name), join(out, 'demo', name))),
]);
for (const name of ['client.js', 'demo/index.html', 'demo/demo.js', 'demo/demo.css', 'demo/demo.svg']) {
  const { size } = await stat(join(out, name));
  console.log(`${String(size).padStart(7)}  ${join(out, name)}`);
}
