/**
 * Look at Workspace Trust in VS Code itself: a folder that brings a `convlint` of its own, twice.
 *
 *     CODE_SERVER=…/code-server/out/node/entry.js CHROMIUM=/usr/bin/chromium node test/trust.mjs FILE PICTURE
 *
 * The folder's settings name one program, another lies in its .venv; both leave a mark when they run. In Restricted Mode
 * the user's `convlint` must find FILE's mistake and neither may run; once the folder is trusted, the first one must.
 * Needs what `look.mjs` needs. PICTURE.png shows the end, PICTURE with `restricted-` before its name the beginning.
 */

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

import { none, openFile, opened, PATIENCE, program, ran, seen } from './room.mjs';

const [file, picture] = process.argv.slice(2);
const name = path.basename(file);
const restricted = path.join(path.dirname(picture), `restricted-${path.basename(picture)}`);

function furnish(project) {
  copyFileSync(file, path.join(project, name));
  const named = path.join(project, 'tools', 'convlint');
  program(project, named, 'settings');
  program(project, path.join(project, '.venv', 'bin', 'convlint'), 'environment');
  mkdirSync(path.join(project, '.vscode'));
  writeFileSync(path.join(project, '.vscode', 'settings.json'), JSON.stringify({ 'convlint.path': named }));
}

await opened({
  settings: {
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'always',
    'convlint.path': process.env.CONVLINT ?? '',
  },
  furnish,
  picture,
  look: async (page, project) => {
    const squiggle = page.locator('.squiggly-error').first();
    const mode = page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first();
    await openFile(page, name);
    await seen({ 'Restricted Mode': mode, "squiggle, by the user's convlint": squiggle });
    none(project, 'settings', 'environment');
    console.log("the folder's own: not run");
    await page.screenshot({ path: restricted });

    await mode.click();
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first().click({ timeout: PATIENCE });
    await mode.waitFor({ state: 'detached', timeout: PATIENCE });
    await ran(project, 'settings');
    console.log("trusted: the folder's setting is used");
    none(project, 'environment');
    await page.locator('.monaco-modal-editor-block .codicon-close').first().click({ timeout: PATIENCE });
    await seen({ 'squiggle, by the convlint of the settings': squiggle });
  },
});
