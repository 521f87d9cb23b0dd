import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { PATIENCE_MS } from '../live/eventually.ts'
import type { LiveParley } from '../live/parley.ts'

const PARLEY = join(import.meta.dirname, '..', '..', 'apps', 'cli', 'bin', 'parley.js')

export interface Ran {
  code: number
  /** Standard output and error, without colours. */
  text: string
}

export interface RunOptions {
  cwd?: string
  /** Called with every line that the child prints; `answer` writes to its standard input. */
  onLine?: (line: string, answer: (text: string) => void) => void
}

/** Everything that a published client does is done by these, as a child of `parley with`. */
export interface WithParley {
  readonly parley: LiveParley
  /** Where the clients are installed. */
  readonly clients: string
  run(program: string[], options?: RunOptions): Promise<Ran>
}

// oxlint-disable-next-line no-control-regex -- what a terminal would not show
const COLOURS = /\x1b\[[0-9;?]*[A-Za-z]/g

export function withParley(parley: LiveParley, clients: string): WithParley {
  // Sessions of lpf are kept in the folder for temporary files.
  const home = mkdtempSync(join(clients, 'home-'))
  const { port } = new URL(parley.endpoint.url)
  const target = ['--port', port, '--tls-port', String(parley.tlsPort), '--data', parley.dataDir]
  // Not the folder that npm was called in, when it was npm that started this.
  const { INIT_CWD: _, ...inherited } = process.env
  const env = { ...inherited, HOME: home, TMPDIR: home, CI: 'true', NO_COLOR: '1' }

  return {
    parley,
    clients,
    run([program = 'node', ...args], { cwd = clients, onLine } = {}) {
      const child = spawn(process.execPath, [PARLEY, 'with', ...target, '--', program, ...args], {
        cwd,
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: PATIENCE_MS,
      })
      if (!onLine) child.stdin.end()
      let text = ''
      let seen = 0
      const collect = (data: Buffer) => {
        text += data.toString().replaceAll(COLOURS, '')
        const lines = text.split('\n').slice(0, -1)
        for (const line of lines.slice(seen)) onLine?.(line, (answer) => child.stdin.write(answer))
        seen = lines.length
      }
      child.stdout.on('data', collect)
      child.stderr.on('data', collect)
      return new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('close', (code, signal) => {
          if (signal)
            reject(new Error(`${args.join(' ')} did not end within ${PATIENCE_MS} ms:\n${text}`))
          else resolve({ code: code ?? -1, text })
        })
      })
    },
  }
}
