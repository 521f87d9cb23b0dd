import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

const BIN = join(import.meta.dirname, '../bin/parley.js')
/** Where the sandbox of the tests keeps what it has built. */
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/parley')
/** The bots of this repository. */
export const BOTS = join(import.meta.dirname, '../../../e2e/builder-bots')
/** As much of an export as tests change. */
export interface Export {
  bot: { id: string; name: string }
  groups: { id: string }[]
  conversationMessage: Record<string, unknown>[]
  responder: Record<string, unknown>[]
  globalFunctions?: object
}

/** A file that stands beside these bots. */
export function fileOf(name: string): string {
  return readFileSync(join(BOTS, name), 'utf8')
}

/** One of these bots, to be changed. */
export function exportOf(name: string): Export {
  return JSON.parse(fileOf(`${name}.json`)) as Export
}

/** Runs `parley bot …` with these lines as its input. */
export async function parley(args: readonly string[], lines: readonly string[] = []) {
  const child = spawn(process.execPath, [BIN, 'bot', ...args], { cwd: tmpdir() })
  child.stdin.on('error', () => undefined)
  child.stdin.end(lines.map((line) => `${line}\n`).join(''))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, stdout, stderr }
}

/** A file with this text, or this JSON. */
export function givenFile(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bot-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'bot.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

/** Talks to the bot of a file, a line for each message. */
export function talkTo(file: string, lines: readonly string[], options: readonly string[] = []) {
  return parley(['talk', file, '--data', CACHE, ...options], lines)
}
