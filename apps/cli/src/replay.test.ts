import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NotReplayedKind } from '@parley/contract'
import { startTestServer, type TestServer } from '../../server/testing/index.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')
const DOCUMENT = join(import.meta.dirname, '../../../docs/replay.md')

let server: TestServer
let home: string
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  home = mkdtempSync(join(tmpdir(), 'parley-replay-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

interface Step {
  /** The text of a file, or a command. */
  file?: { name: string; text: string }
  command?: string
  output: string
}

function stepsOf(document: string): Step[] {
  return [...document.matchAll(/```(js|console)\n([^]*?)```/g)].flatMap(
    ([, kind, text = '']): Step[] => {
      if (kind === 'js') {
        const [, name = ''] = /^\/\/ (\S+)/.exec(text) ?? []
        return [{ file: { name, text: text.slice(text.indexOf('\n') + 1) }, output: '' }]
      }
      return text
        .split(/^\$ /m)
        .slice(1)
        .map((part) => {
          const end = part.indexOf('\n')
          return { command: part.slice(0, end), output: part.slice(end + 1) }
        })
    },
  )
}

/** What differs between two runs of the same command. */
function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>')
    .replaceAll(/(CODING_FAILURE) +\d+/g, '$1 <ms>')
    .replaceAll(/deployment \w+/g, 'deployment <name>')
    .replaceAll(/ +/g, ' ')
}

interface Shell {
  run(command: string): Promise<string>
  end(): void
}

/** One bash for all commands: variables and functions stay. */
function openShell(env: Record<string, string>): Shell {
  const shell = spawn('bash', ['--noprofile', '--norc'], {
    cwd: home,
    env: { ...process.env, ...env },
  })
  let text = ''
  shell.stdout.on('data', (data: Buffer) => (text += data.toString()))
  shell.stderr.on('data', (data: Buffer) => (text += data.toString()))
  return {
    async run(command) {
      text = ''
      shell.stdin.write(`${command}\necho '<end>'\n`)
      await expect.poll(() => text).toMatch(/<end>\n$/)
      return text.slice(0, -'<end>\n'.length)
    },
    end: () => shell.stdin.end(),
  }
}

test('the walk-through of docs/replay.md does what it says', async () => {
  const { url, accountId, admin, client } = server
  const shell = openShell({
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    INIT_CWD: home,
    PARLEY_URL: url,
    ACCOUNT: accountId,
    CLIENT_ID: client.id,
    CLIENT_SECRET: client.secret,
  })
  await shell.run(`parley() { '${process.execPath}' '${BIN}' "$@"; }`)
  const login = `parley login --url ${url} --account ${accountId} --user ${admin.user}`
  await shell.run(`${login} <<< '${admin.password}'`)
  const steps = stepsOf(readFileSync(DOCUMENT, 'utf8'))
  expect(steps.length).toBeGreaterThan(12)
  for (const { file, command = '', output } of steps) {
    if (file) writeFileSync(join(home, file.name), file.text)
    else expect([command, steady(await shell.run(command))]).toEqual([command, steady(output)])
  }
  shell.end()
})

test('docs/replay.md names every reason why a run is not replayed, and no other', () => {
  const [, list = ''] =
    /counted with its reason: ([^]*?)\n- /.exec(readFileSync(DOCUMENT, 'utf8')) ?? []
  const named = [...list.matchAll(/`(\w+)`/g)].map(([, kind]) => kind)
  expect(named).toEqual(NotReplayedKind.options)
})
