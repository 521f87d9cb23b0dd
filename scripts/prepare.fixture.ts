import { spawn } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'

export interface PrepareOptions {
  /** For Node, before the script. */
  words?: string[]
  env?: Record<string, string>
  /** A program that runs the rest of its arguments. */
  before?: string[]
}

/** Runs what `npm start` runs first, in a folder without packages. */
export async function prepare(
  root: string,
  { words = [], env = {}, before = [] }: PrepareOptions = {},
): Promise<{ status: number | null; stderr: string }> {
  const scripts = join(root, 'scripts')
  cpSync(import.meta.dirname, scripts, { recursive: true })
  cpSync(join(import.meta.dirname, '../package-lock.json'), join(root, 'package-lock.json'))
  const node = [process.execPath, ...words, join(scripts, 'prepare.mjs'), '--running']
  const [program = '', ...args] = [...before, ...node]
  const child = spawn(program, args, {
    env: {
      ...process.env,
      ...Object.fromEntries(
        ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'].map((name) => [name, '']),
      ),
      npm_config_cache: join(root, 'cache'),
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { status: child.exitCode, stderr }
}
