/**
 * A room to look at the extension in: code-server with the packaged extension and nothing else, a project of its own,
 * and Chromium. All of it is gone afterwards.
 *
 * CODE_SERVER names code-server's `out/node/entry.js`, CHROMIUM the browser, PORT a free port.
 */

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { chromium } from 'playwright-core';

const { CODE_SERVER, CHROMIUM = '/usr/bin/chromium', PORT = '8899' } = process.env;
export const PATIENCE = 120_000;
const QUIET = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'editor.minimap.enabled': false,
};

/**
 * Open a project and look at it.
 *
 * `furnish(project)` puts files into the project's folder, `settings` are the user's, `look(page, project)` says what
 * must be seen. A picture is taken at the end, or of what was there when something was missing.
 */
export async function opened({ settings, furnish, picture, look }) {
  const room = mkdtempSync(path.join(tmpdir(), 'convlint-look-'));
  const project = path.join(room, 'project');
  const data = path.join(room, 'data');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  mkdirSync(project);
  writeFileSync(path.join(data, 'User', 'settings.json'), JSON.stringify({ ...QUIET, ...settings }));
  furnish(project);
  const folders = ['--user-data-dir', data, '--extensions-dir', path.join(room, 'extensions')];
  let server;
  let browser;
  try {
    install(folders);
    server = await serve([...folders, project]);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    try {
      await page.goto(`http://127.0.0.1:${PORT}/?folder=${project}`);
      await look(page, project);
    } finally {
      await page.screenshot({ path: picture });
    }
  } finally {
    await browser?.close();
    server?.kill();
    rmSync(room, { recursive: true, force: true });
  }
}

/** Open a file of the project by the explorer. */
export async function openFile(page, name) {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick({ timeout: PATIENCE });
}

/** Wait until all of these are there. */
export async function seen(sights) {
  for (const [what, where] of Object.entries(sights)) {
    await where.waitFor({ state: 'attached', timeout: PATIENCE });
    console.log(`${what}: seen`);
  }
}

function install(folders) {
  const extension = readdirSync('.').find((name) => name.endsWith('.vsix'));
  if (!extension) {
    throw new Error('no .vsix here: npm run package');
  }
  const done = spawnSync(process.execPath, [CODE_SERVER, ...folders, '--install-extension', extension]);
  if (done.status !== 0) {
    throw new Error(String(done.stderr));
  }
}

async function serve(more) {
  const server = spawn(process.execPath, [
    CODE_SERVER,
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${PORT}`, '--disable-telemetry', '--disable-update-check'],
    ...more,
  ]);
  await new Promise((resolve, reject) => {
    server.stdout.on('data', (text) => String(text).includes('listening') && resolve());
    server.on('exit', () => reject(new Error('code-server ended')));
  });
  return server;
}
