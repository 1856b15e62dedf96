/**
 * Look at the extension in VS Code itself: code-server in Chromium, the packaged extension, a file with a mistake.
 *
 *     CODE_SERVER=…/code-server/out/node/entry.js CHROMIUM=/usr/bin/chromium node test/look.mjs FILE PICTURE
 *
 * Fails where no squiggle, hint or lens of convlint shows. FILE is a Python file or a notebook. Needs playwright-core, a
 * `convlint` (CONVLINT names it, else the one on PATH), and a .vsix here.
 */

import { copyFileSync } from 'node:fs';
import * as path from 'node:path';

import { openFile, opened, seen } from './room.mjs';

const [file, picture] = process.argv.slice(2);
const name = path.basename(file);

await opened({
  settings: {
    'security.workspace.trust.enabled': false,
    'workbench.editorAssociations': { '*.ipynb': 'jupyter-notebook' },
    'convlint.path': process.env.CONVLINT ?? '',
  },
  furnish: (project) => copyFileSync(file, path.join(project, name)),
  picture,
  look: async (page) => {
    await openFile(page, name);
    await seen({
      squiggle: page.locator('.squiggly-error').first(),
      lens: page.locator('.codelens-decoration', { hasText: 'parameters' }).first(),
      hint: page.locator('.view-line', { hasText: /\(\d+,\s\d+/ }).first(),
    });
    if (!name.endsWith('.ipynb')) {
      await seen({ totals: page.locator('.statusbar-item', { hasText: 'parameters' }).first() });
    }
    await page.locator('.squiggly-error').first().hover({ force: true });
    await seen({ hover: page.locator('.monaco-hover-content', { hasText: 'convlint' }).first() });
  },
});
