import { spawn } from 'node:child_process'
import { join } from 'node:path'

const BIN = join(import.meta.dirname, '../bin/parley.js')

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** The command line of somebody who has this home, as a process of its own. */
export function commandLineOf(home: string) {
  function start(words: string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [BIN, ...words], {
      env: {
        ...process.env,
        HOME: home,
        XDG_CONFIG_HOME: join(home, 'config'),
        XDG_CACHE_HOME: join(home, 'cache'),
        INIT_CWD: home,
        ...env,
      },
    })
    const ran: Ran = { code: null, stdout: '', stderr: '' }
    child.stdout.on('data', (data: Buffer) => (ran.stdout += data.toString()))
    child.stderr.on('data', (data: Buffer) => (ran.stderr += data.toString()))
    const ended = new Promise<Ran>((resolve) =>
      child.once('close', (code) => resolve({ ...ran, code })),
    )
    return { child, ran, ended }
  }

  function parley(words: string[], input = '', env: Record<string, string> = {}): Promise<Ran> {
    const { child, ended } = start(words, env)
    child.stdin.end(input)
    return ended
  }

  return { start, parley }
}
