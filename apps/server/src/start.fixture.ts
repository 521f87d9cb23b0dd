import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const MAIN = join(import.meta.dirname, 'start.mjs')

export function givenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-start-'))
  // As root, PostgreSQL runs under another user: what that one cannot reach would be kept elsewhere, and left there.
  chmodSync(folder, 0o711)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts the server as `npm start` does, with settings that it must refuse, and options. */
export function refused(settings: Record<string, string>, ...options: string[]) {
  // oxlint-disable-next-line node/no-process-env -- the child needs PATH and the like
  const env = { ...process.env, PARLEY_PORT: '0', PARLEY_TLS_PORT: '0', ...settings }
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...options], {
    env,
    encoding: 'utf8',
    timeout: 240_000,
  })
  return { status, stdout, stderr }
}

export function quietSettings(port: number): Record<string, string> {
  return {
    PARLEY_PORT: String(port),
    PARLEY_TLS_PORT: '0',
    PARLEY_DATA: join(givenFolder(), 'data'),
    PARLEY_LOG_LEVEL: 'fatal',
  }
}

/** Starts the server as `npm start` does; resolves when it prints that it can be reached. */
export async function started(settings: Record<string, string>, stderr: number | 'pipe' = 'pipe') {
  const server = starting(settings, stderr)
  await server.heard(`:${settings['PARLEY_PORT']}`)
  return server
}

/** Starts the server as `npm start` does, and does not wait for it. */
export function starting(settings: Record<string, string>, stderr: number | 'pipe' = 'pipe') {
  // oxlint-disable-next-line node/no-process-env -- the child needs PATH and the like
  const env = { ...process.env, ...settings }
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', stderr] })
  // Later than its exit: what it has said is read by then.
  const ended = once(child, 'close')
  const said: string[] = []
  const listeners: (() => void)[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said.push(text)
      for (const listener of listeners) listener()
    })
  }
  /** Resolves when it has said a text, or has ended. */
  function heard(text: string): Promise<unknown> {
    const there = Promise.withResolvers<void>()
    const look = () => {
      if (said.join('').includes(text)) there.resolve()
    }
    listeners.push(look)
    look()
    return Promise.race([there.promise, ended])
  }
  return { child, ended, heard, said: () => said.join('') }
}
