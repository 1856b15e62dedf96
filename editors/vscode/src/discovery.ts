/** Which `convlint` to start: what the user names, the workspace's own in trusted folders, else the one on PATH. */

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import * as path from 'node:path';

/** What decides: the settings, the folders of the workspace, whether they are trusted, and the PATH. */
export interface Surroundings {
  readonly configured: string;
  readonly folders: readonly string[];
  readonly trusted: boolean;
  readonly searchPath: string;
  readonly windows: boolean;
}

/** The executable, and where it was found in words; undefined where there is none. */
export interface Found {
  readonly executable: string;
  readonly where: string;
}

/**
 * Find the server. A name without a folder is looked up on PATH; in folders that are not trusted nothing that lies in
 * the workspace is ever started.
 */
export async function findServer(around: Surroundings): Promise<Found | undefined> {
  const name = around.windows ? 'convlint.exe' : 'convlint';
  for (const [executable, where] of candidates(around, name)) {
    if ((around.trusted || !liesIn(executable, around.folders)) && (await canRun(executable))) {
      return { executable, where };
    }
  }
  return undefined;
}

function candidates(around: Surroundings, name: string): [string, string][] {
  const onPath = (word: string): [string, string][] =>
    around.searchPath
      .split(path.delimiter)
      .filter((folder) => path.isAbsolute(folder))
      .map((folder) => [path.join(folder, word), 'PATH']);
  if (around.configured) {
    const named = around.configured;
    return path.isAbsolute(named) ? [[named, 'the setting convlint.path']] : onPath(named);
  }
  const bin = around.windows ? 'Scripts' : 'bin';
  const own = around.trusted
    ? around.folders.map((folder): [string, string] => [path.join(folder, '.venv', bin, name), `${folder}/.venv`])
    : [];
  return [...own, ...onPath(name)];
}

function liesIn(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const relative = path.relative(folder, file);
    return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  });
}

async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
