import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CACHE_DIR, openTestSandbox } from './test-sandbox.fixture.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups']
let cacheDir: string
const started: ChildProcess[] = []

beforeAll(async () => {
  // Fills the shared cache, of which every test takes a copy: its path then names its processes.
  await (await openTestSandbox())[Symbol.asyncDispose]()
})
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
})

/** The command lines of running processes that mention `marker`. */
async function processesWith(marker: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    if (line.includes(marker) && !/^State:\s+Z/m.test(status)) found.push(line)
  }
  return found
}

async function startProcess(confinement: string, asNobody: boolean) {
  cacheDir = await mkdtemp(join(tmpdir(), 'parley-test-'))
  await chmod(cacheDir, 0o777)
  await cp(CACHE_DIR, cacheDir, { recursive: true })
  const script = join(import.meta.dirname, 'spawned-sandbox.fixture.ts')
  const line = [process.execPath, script, cacheDir, confinement]
  if (asNobody) line.unshift('setpriv', ...NOBODY)
  const child = spawn(line[0] ?? '', line.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  const answer = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', (code) => reject(new Error(`Ended with ${code}`)))
  })
  return { child, answer: JSON.parse(answer) as Answer }
}

interface Answer {
  read: string[]
  filled: { failure: string; logs: { message: string }[] }
}

const users = isRoot ? ['root', 'an ordinary user'] : ['this user']

describe.each(users)('as %s', (who) => {
  const asNobody = who === 'an ordinary user'

  test.each(asNobody || !isRoot ? ['namespaces', 'plain'] : ['namespaces', 'user'])(
    'with confinement %s files are closed, memory ends at 256 MB, and no process outlives the server',
    async (confinement) => {
      const { child, answer } = await startProcess(confinement, asNobody)
      try {
        expect(answer.read).toEqual(['NotCapable', 'NotCapable'])
        expect(answer.filled.failure).toBe('runtime-exception')
        const megabytes = Number(answer.filled.logs.at(-1)?.message)
        expect(megabytes).toBeGreaterThan(100)
        expect(megabytes).toBeLessThan(256)
        await expect.poll(async () => (await processesWith(cacheDir)).length).toBeGreaterThan(1)
        child.kill('SIGKILL')
        await expect.poll(() => processesWith(cacheDir)).toEqual([])
      } finally {
        await openUp(cacheDir)
        await rm(cacheDir, { recursive: true, force: true })
      }
    },
  )
})

const hide = 'mount --bind /dev/null "$(command -v setpriv)" && exec "$0" "$@"'
const mayMount = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0

test.runIf(mayMount)(
  'as root without setpriv it refuses to run functions, unless it is told to',
  () => {
    const script = join(import.meta.dirname, 'root-sandbox.fixture.ts')
    const start = (...args: string[]) =>
      spawnSync('unshare', ['--mount', 'sh', '-c', hide, process.execPath, script, ...args], {
        encoding: 'utf8',
      })
    expect(start().stderr).toBe(
      'Cannot start: functions would run as root here: install setpriv (package util-linux), start Parley as an ordinary user, or set PARLEY_FUNCTIONS_AS_ROOT=yes\n',
    )
    expect(start('as-root').stdout).toBe(
      "no namespaces, the server's user, not bound to the life of the server\n",
    )
  },
)

test.runIf(process.platform === 'linux')(
  'where the address space is limited, the refusal says so, and nothing of setpriv',
  () => {
    const script = join(import.meta.dirname, 'root-sandbox.fixture.ts')
    const limited = 'ulimit -v 20000000 && exec "$0" "$1"'
    const { stderr } = spawnSync('sh', ['-c', limited, process.execPath, script], {
      encoding: 'utf8',
    })
    expect(stderr).toBe(
      'Cannot start: the address space of this process is limited, and functions need more of it than they use: lift that limit (LimitAS of the service, ulimit -v)\n',
    )
  },
)

test.runIf(mayMount)('where no user namespaces can be made, the log says what to allow', () => {
  const script = join(import.meta.dirname, 'root-sandbox.fixture.ts')
  const refuse = 'mount --bind /bin/false "$(command -v unshare)" && exec "$0" "$@"'
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', refuse, process.execPath, script, 'logged'],
    { encoding: 'utf8' },
  )
  expect(stderr).toContain('Not available here: own namespaces, user 64481. ')
  expect(stderr).toContain('sysctl user.max_user_namespaces')
  expect(stdout).toBe('no namespaces, user 64481\n')
})

test.runIf(mayMount).each([
  ['has one byte more', 'printf x >> deno'],
  ['has its size and other bytes', 'printf x | dd of=deno conv=notrunc status=none'],
])('a sandbox runtime that %s is not started', async (_what, change) => {
  const runtime = createRequire(import.meta.url).resolve('@deno/linux-x64-glibc/package.json')
  const binary = join(dirname(runtime), 'deno')
  const dir = await mkdtemp(join(tmpdir(), 'parley-runtime-'))
  try {
    const changed = join(dir, 'deno')
    await cp(binary, changed)
    const script = join(import.meta.dirname, 'root-sandbox.fixture.ts')
    const steps = `cd "$0" && ${change} && mount --bind deno "$1" && exec "$2" "$3"`
    const { stderr, stdout } = spawnSync(
      'unshare',
      ['--mount', 'sh', '-c', steps, dir, binary, process.execPath, script],
      { encoding: 'utf8' },
    )
    expect(stdout).toBe('')
    expect(stderr).toMatch(/is not the sandbox runtime .* that Parley was tested with/)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

/** The runtime's cache is read-only, also for the one who removes it. */
async function openUp(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755)
  }
}
