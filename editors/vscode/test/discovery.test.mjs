/** The discovery of the server as a function of its surroundings: `npm test`. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { findServer } from '../dist/discovery.mjs';

let room;
const at = (...parts) => path.join(room, ...parts);

/** Surroundings in which no setting speaks, the folder is trusted, and PATH has two folders of which one is empty. */
const around = (changed = {}) => ({
  configured: '',
  folders: [at('project')],
  trusted: true,
  searchPath: [at('empty'), at('user')].join(path.delimiter),
  windows: false,
  ...changed,
});
const found = async (changed) => {
  const server = await findServer(around(changed));
  return server && path.relative(room, server.executable);
};

before(() => {
  room = mkdtempSync(path.join(tmpdir(), 'convlint-discovery-'));
  mkdirSync(at('empty'));
  for (const place of ['user', 'other', 'project/tools', 'project/.venv/bin', 'project/.venv/Scripts', 'bare']) {
    mkdirSync(at(place), { recursive: true });
    for (const name of ['convlint', 'convlint.exe', 'mine']) {
      writeFileSync(at(place, name), '', { mode: 0o755 });
    }
  }
});
after(() => rmSync(room, { recursive: true, force: true }));

describe('without a setting', () => {
  test('the environment of a trusted folder comes first', async () => {
    assert.equal(await found(), 'project/.venv/bin/convlint');
    assert.equal(await found({ folders: [at('bare'), at('project')] }), 'project/.venv/bin/convlint');
    assert.equal(await found({ windows: true }), 'project/.venv/Scripts/convlint.exe');
  });
  test('the one on PATH else', async () => {
    assert.equal(await found({ folders: [at('bare')] }), 'user/convlint');
    assert.equal(await found({ folders: [] }), 'user/convlint');
    assert.equal((await findServer(around({ folders: [] }))).where, 'PATH');
  });
  test('the one on PATH in a folder that is not trusted', async () => {
    assert.equal(await found({ trusted: false }), 'user/convlint');
  });
  test('none that lies in a folder that is not trusted, though PATH names it', async () => {
    const searchPath = [at('project', 'tools'), at('other')].join(path.delimiter);
    assert.equal(await found({ trusted: false, searchPath }), 'other/convlint');
    assert.equal(await found({ trusted: false, searchPath: at('project', 'tools') }), undefined);
    assert.equal(await found({ folders: [at('bare')], searchPath }), 'project/tools/convlint');
  });
  test('no entry of PATH that depends on the current folder', async () => {
    const searchPath = ['', '.', 'user', path.relative(process.cwd(), at('user'))].join(path.delimiter);
    assert.equal(await found({ folders: [], searchPath }), undefined);
  });
  test('none that cannot be run', async () => {
    chmodSync(at('user', 'convlint'), 0o644);
    assert.equal(await found({ folders: [] }), undefined);
    chmodSync(at('user', 'convlint'), 0o755);
  });
});

describe('a setting', () => {
  test('names a program', async () => {
    assert.equal(await found({ configured: at('other', 'mine') }), 'other/mine');
    assert.equal(await found({ configured: at('project', 'tools', 'mine') }), 'project/tools/mine');
  });
  test('names none in a folder that is not trusted, and nothing stands in for it', async () => {
    assert.equal(await found({ configured: at('project', 'tools', 'mine'), trusted: false }), undefined);
    assert.equal(await found({ configured: at('other', 'mine'), trusted: false }), 'other/mine');
  });
  test('may be a name on PATH', async () => {
    assert.equal(await found({ configured: 'mine' }), 'user/mine');
    assert.equal(await found({ configured: 'missing' }), undefined);
  });
});
