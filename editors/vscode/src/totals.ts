/** The totals of the active file's models in the status bar, as the code lenses above the models say them. */

import * as vscode from 'vscode';
import { CodeLensRequest, State, type LanguageClient } from 'vscode-languageclient/node';

const PATIENCE = 400;

export class Totals implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('convlint.totals', vscode.StatusBarAlignment.Right, 90);
  private readonly listeners: vscode.Disposable[];
  private client: LanguageClient | undefined;
  private waiting: NodeJS.Timeout | undefined;

  constructor() {
    this.item.name = 'convlint: totals of the model';
    this.item.command = 'convlint.showOutput';
    this.listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => this.soon()),
      vscode.languages.onDidChangeDiagnostics(() => this.soon()),
    ];
  }

  /** Ask this client from now on; none hides the totals. */
  follow(client: LanguageClient | undefined): void {
    this.client = client;
    this.soon();
  }

  dispose(): void {
    clearTimeout(this.waiting);
    this.listeners.forEach((listener) => listener.dispose());
    this.item.dispose();
  }

  private soon(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.show(), PATIENCE);
  }

  private async show(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (this.client?.state !== State.Running || editor?.document.languageId !== 'python') {
      this.item.hide();
      return;
    }
    const client = this.client;
    const lenses = await client
      .sendRequest(CodeLensRequest.type, {
        textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(editor.document),
      })
      .catch(() => null);
    const titles = (lenses ?? []).map((lens) => lens.command?.title).filter((title) => title !== undefined);
    const said = [...new Set(titles)];
    if (editor !== vscode.window.activeTextEditor || said.length === 0) {
      this.item.hide();
      return;
    }
    this.item.text = `$(symbol-structure) ${said.length === 1 ? said[0] : `${said.length} models`}`;
    this.item.tooltip = said.join('\n');
    this.item.show();
  }
}
