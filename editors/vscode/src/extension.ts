/** convlint in VS Code: starts the language server, restarts it when asked or when its settings change. */

import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

import { findServer } from './discovery';
import { Totals } from './totals';

/** What the server is told when it starts, and so started again for. */
const TOLD = ['config', 'python', 'searchPath', 'select', 'ignore', 'debounce'];
const SETTINGS = ['enable', 'path', 'arguments', ...TOLD].map((key) => `convlint.${key}`);
const LANGUAGES = [
  { scheme: 'file', language: 'python' },
  { scheme: 'untitled', language: 'python' },
  { notebook: 'jupyter-notebook', language: 'python' },
];

/** The server's life: one client at a time, started and stopped one after the other. */
class Server {
  private client: LanguageClient | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly output: vscode.OutputChannel,
    private readonly totals: Totals,
  ) {}

  restart(): Promise<void> {
    this.turn = this.turn.then(async () => {
      await this.halt();
      await this.start();
    });
    return this.turn;
  }

  stop(): Promise<void> {
    this.turn = this.turn.then(() => this.halt());
    return this.turn;
  }

  private async start(): Promise<void> {
    const settings = vscode.workspace.getConfiguration('convlint');
    if (!settings.get<boolean>('enable', true)) {
      return;
    }
    const found = await findServer({
      configured: settings.get<string>('path', ''),
      folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
      trusted: vscode.workspace.isTrusted,
      searchPath: process.env.PATH ?? '',
      windows: process.platform === 'win32',
    });
    if (found === undefined) {
      this.missing();
      return;
    }
    this.output.appendLine(`starting ${found.executable} (from ${found.where})`);
    const run = { command: found.executable, args: ['server', ...settings.get<string[]>('arguments', [])] };
    const server: ServerOptions = { run, debug: run };
    const options: LanguageClientOptions = {
      documentSelector: LANGUAGES,
      outputChannel: this.output,
      initializationOptions: {
        ...Object.fromEntries(TOLD.map((key) => [key, settings.get(key)])),
        trusted: vscode.workspace.isTrusted,
      },
      synchronize: {
        fileEvents: vscode.workspace.createFileSystemWatcher('**/{*.py,pyproject.toml,convlint.toml}'),
      },
    };
    this.client = new LanguageClient('convlint', 'convlint', server, options);
    try {
      await this.client.start();
      this.totals.follow(this.client);
    } catch (error) {
      this.output.appendLine(String(error));
      this.client = undefined;
      void this.offer(`convlint could not be started: ${found.executable}`);
    }
  }

  private async halt(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.totals.follow(undefined);
    await client?.stop().catch((error: unknown) => this.output.appendLine(String(error)));
    await client?.dispose().catch(() => undefined);
  }

  private missing(): void {
    const trust = vscode.workspace.isTrusted ? '' : ' (the workspace is not trusted, so its own is not looked for)';
    void this.offer(`convlint was not found${trust}: pip install 'convlint[lsp]', or set convlint.path`);
  }

  private async offer(message: string): Promise<void> {
    this.output.appendLine(message);
    const settings = 'Open the settings';
    if ((await vscode.window.showWarningMessage(message, settings)) === settings) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'convlint.path');
    }
  }
}

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('convlint');
  const totals = new Totals();
  const running = (server = new Server(output, totals));
  context.subscriptions.push(
    output,
    totals,
    vscode.commands.registerCommand('convlint.restartServer', () => running.restart()),
    vscode.commands.registerCommand('convlint.showOutput', () => output.show()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => running.restart()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (SETTINGS.some((setting) => event.affectsConfiguration(setting))) {
        void running.restart();
      }
    }),
  );
  await running.restart();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
