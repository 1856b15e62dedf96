/**
 * Look at how the server is found in VS Code itself: no setting names it, the user's login shell has it on PATH.
 *
 *     CODE_SERVER=…/code-server/out/node/entry.js CHROMIUM=/usr/bin/chromium node test/path.mjs FILE PICTURE
 *
 * The folder is not trusted, brings a `convlint` in its .venv, and another in a folder of its own that comes first on
 * PATH: neither may run, the one behind them on PATH must, and find FILE's mistake. Needs what `look.mjs` needs, and bash.
 */

import { copyFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { none, openFile, opened, program, ran, seen } from './room.mjs';

const [file, picture] = process.argv.slice(2);
const name = path.basename(file);

function furnish(project, home) {
  copyFileSync(file, path.join(project, name));
  const bin = path.join(home, 'bin');
  program(project, path.join(bin, 'convlint'), 'path');
  program(project, path.join(project, 'bin', 'convlint'), 'folder');
  program(project, path.join(project, '.venv', 'bin', 'convlint'), 'environment');
  writeFileSync(path.join(home, '.bash_profile'), `export PATH='${project}/bin:${bin}':"$PATH"\n`);
}

await opened({
  settings: { 'security.workspace.trust.startupPrompt': 'never' },
  furnish,
  picture,
  look: async (page, project) => {
    await openFile(page, name);
    await ran(project, 'path');
    console.log('the convlint on PATH: run');
    await seen({
      'Restricted Mode': page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first(),
      squiggle: page.locator('.squiggly-error').first(),
    });
    none(project, 'folder', 'environment');
    console.log("the folder's own: not run");
  },
});
