/**
 * Look at the extension in VS Code itself: code-server in Chromium, the packaged extension, a file with a mistake.
 *
 *     CODE_SERVER=…/code-server/out/node/entry.js CHROMIUM=/usr/bin/chromium node test/look.mjs FILE PICTURE
 *
 * Fails where no squiggle, hint or lens of convlint shows. Needs playwright-core, a
 * `convlint` (CONVLINT names it, else the one on PATH), and a .vsix here.
 */

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { chromium } from 'playwright-core';

const [file, picture] = process.argv.slice(2);
const { CODE_SERVER, CHROMIUM = '/usr/bin/chromium', CONVLINT = '', PORT = '8899' } = process.env;
const PATIENCE = 120_000;
const room = mkdtempSync(path.join(tmpdir(), 'convlint-look-'));
const project = path.join(room, 'project');
const folders = ['--user-data-dir', path.join(room, 'data'), '--extensions-dir', path.join(room, 'extensions')];
const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'editor.minimap.enabled': false,
  'convlint.path': CONVLINT,
};

mkdirSync(path.join(room, 'data', 'User'), { recursive: true });
mkdirSync(project);
writeFileSync(path.join(room, 'data', 'User', 'settings.json'), JSON.stringify(SETTINGS));
copyFileSync(file, path.join(project, path.basename(file)));

const extension = readdirSync('.').find((name) => name.endsWith('.vsix'));
if (!extension) {
  throw new Error('no .vsix here: npm run package');
}
const installed = spawnSync(process.execPath, [CODE_SERVER, ...folders, '--install-extension', extension]);
if (installed.status !== 0) {
  throw new Error(String(installed.stderr));
}

const server = spawn(process.execPath, [
  CODE_SERVER,
  ...['--auth', 'none', '--bind-addr', `127.0.0.1:${PORT}`, ...folders],
  ...['--disable-telemetry', '--disable-update-check', project],
]);
await new Promise((resolve, reject) => {
  server.stdout.on('data', (text) => String(text).includes('listening') && resolve());
  server.on('exit', () => reject(new Error('code-server ended')));
});

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`http://127.0.0.1:${PORT}/?folder=${project}`);
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: path.basename(file) }).dblclick({ timeout: PATIENCE });
  const seen = {
    squiggle: page.locator('.squiggly-error').first(),
    lens: page.locator('.codelens-decoration', { hasText: 'parameters' }).first(),
    hint: page.locator('.view-line', { hasText: /\(\d+,\s\d+/ }).first(),
    totals: page.locator('.statusbar-item', { hasText: 'parameters' }).first(),
  };
  for (const [what, where] of Object.entries(seen)) {
    await where.waitFor({ state: 'attached', timeout: PATIENCE });
    console.log(`${what}: seen`);
  }
  await page.locator('.squiggly-error').first().hover({ force: true });
  await page.locator('.monaco-hover-content', { hasText: 'convlint' }).first().waitFor({ timeout: PATIENCE });
  console.log('hover: seen');
  await page.screenshot({ path: picture });
} catch (error) {
  const pages = browser.contexts().flatMap((context) => context.pages());
  await pages[0]?.screenshot({ path: picture });
  throw error;
} finally {
  await browser.close();
  server.kill();
  rmSync(room, { recursive: true, force: true });
}
