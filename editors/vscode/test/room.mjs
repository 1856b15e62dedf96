/**
 * A room to look at the extension in: code-server with the packaged extension and nothing else, a project of its own,
 * and Chromium. All of it is gone afterwards.
 *
 * `program` writes a `convlint` that leaves a mark when it runs, `ran` waits for marks, `none` forbids them.
 *
 * CODE_SERVER names code-server's `out/node/entry.js`, CHROMIUM the browser, PORT a free port.
 */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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
 * `furnish(project, home)` puts files into the project's folder and the user's home, `settings` are the user's,
 * `look(page, project)` says what must be seen. A picture is taken at the end, or of what was there when something was
 * missing. VS Code takes its environment from the user's login shell: that is bash, and reads its profile in the home.
 */
export async function opened({ settings, furnish, picture, look }) {
  const room = mkdtempSync(path.join(tmpdir(), 'convlint-look-'));
  const project = path.join(room, 'project');
  const data = path.join(room, 'data');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  const home = path.join(room, 'home');
  mkdirSync(project);
  mkdirSync(home);
  writeFileSync(path.join(data, 'User', 'settings.json'), JSON.stringify({ ...QUIET, ...settings }));
  furnish(project, home);
  const folders = ['--user-data-dir', data, '--extensions-dir', path.join(room, 'extensions')];
  let server;
  let browser;
  try {
    install(folders);
    server = await serve([...folders, project], home);
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

const marked = (project, which) => path.join(project, `${which}-ran`);

/** Write a program that leaves a mark in the project and then is `convlint` (CONVLINT names that). */
export function program(project, place, which) {
  mkdirSync(path.dirname(place), { recursive: true });
  const lines = ['#!/bin/sh', `: > '${marked(project, which)}'`, `exec "${process.env.CONVLINT ?? 'convlint'}" "$@"`, ''];
  writeFileSync(place, lines.join('\n'), { mode: 0o755 });
}

/** Fail where one of these programs has run. */
export function none(project, ...which) {
  const found = which.filter((each) => existsSync(marked(project, each)));
  if (found.length > 0) {
    throw new Error(`ran, and must not: ${found.join(', ')}`);
  }
}

/** Wait until a program has run. */
export async function ran(project, which) {
  const end = Date.now() + PATIENCE;
  while (!existsSync(marked(project, which))) {
    if (Date.now() > end) {
      throw new Error(`was not run: ${which}`);
    }
    await pause(200);
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

async function serve(more, home) {
  const quiet = ['--auth', 'none', '--bind-addr', `127.0.0.1:${PORT}`, '--disable-telemetry', '--disable-update-check'];
  const env = { ...process.env, HOME: home, SHELL: '/bin/bash' };
  const server = spawn(process.execPath, [CODE_SERVER, ...quiet, ...more], { env });
  await new Promise((resolve, reject) => {
    server.stdout.on('data', (text) => String(text).includes('listening') && resolve());
    server.on('exit', () => reject(new Error('code-server ended')));
  });
  return server;
}
